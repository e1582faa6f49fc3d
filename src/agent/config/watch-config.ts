// Owns noticing that a configuration directory now says something else, however it came to: edited, replaced, swapped, gone and back.
import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { watch } from 'chokidar';
import { readBounded } from './read-bounded.ts';
import { reasonOf } from './secrets.ts';
import { LARGEST_FILE_BYTES } from './yaml-file.ts';

export interface WatchConfigOptions {
  readonly directory: string;
  /** The files say something else than before, or cannot be read any more. Called once for changes that come together. */
  readonly onChange: () => void;
  /** So long nothing moves any more before it counts as a change. */
  readonly settleMs?: number;
  /** How often it is looked at without being told: some mounts, and links swapped further up, tell nobody. */
  readonly lookEveryMs?: number;
}

export interface ConfigWatch {
  /** Resolves once it knows what the files say: every change from then on is noticed. */
  readonly started: Promise<void>;
  close(): Promise<void>;
}

// A writer that never rests does not put off the look for ever.
const LONGEST_SETTLING = 10;

/** Watches the YAML files of a directory, which need not be there yet. Keeps no process alive. */
export const watchConfig = ({
  directory: given,
  onChange,
  settleMs = 300,
  lookEveryMs = 5_000,
}: WatchConfigOptions): ConfigWatch => {
  const directory = resolve(given);
  let isClosed = false;
  let seen: Seen | null = null;
  let settling: { readonly timer: NodeJS.Timeout; readonly since: number } | null = null;
  let watcher: { readonly place: string | null; close(): Promise<void> } | null = null;
  let work: Promise<void> = Promise.resolve();

  const stir = (): void => {
    if (isClosed) return;
    const since = settling?.since ?? performance.now();
    if (settling !== null) clearTimeout(settling.timer);
    const left = Math.max(0, since + LONGEST_SETTLING * settleMs - performance.now());
    const timer = setTimeout(
      () => {
        settling = null;
        inTurn(look);
      },
      Math.min(settleMs, left),
    );
    timer.unref();
    settling = { timer, since };
  };

  const look = async (): Promise<void> => {
    const now = await see(directory);
    await rearm(now.place);
    if (isClosed || seen === null || now.content === seen.content) {
      seen = now;
      return;
    }
    seen = now;
    onChange();
  };

  const glance = async (): Promise<void> => {
    const { place, signs } = await signsOf(directory);
    if (seen !== null && (signs !== seen.signs || place !== seen.place)) stir();
  };

  /** A watcher stays with the directory it began with: another one in its place needs another watcher. */
  const rearm = async (place: string | null): Promise<void> => {
    if (isClosed || (watcher !== null && watcher.place === place)) return;
    await watcher?.close();
    const started = watch(directory, { persistent: false, ignoreInitial: true, depth: 0, atomic: true });
    started.on('all', (_, path) => {
      if (isOfInterest(directory, path)) stir();
    });
    // The looks without being told go on.
    started.on('error', () => undefined);
    watcher = { place, close: () => started.close() };
  };

  const inTurn = (step: () => Promise<void>): void => {
    work = work.then(async () => {
      if (!isClosed) await step();
    });
  };

  inTurn(look);
  const started = work;
  const looks = setInterval(() => inTurn(glance), lookEveryMs);
  looks.unref();

  return {
    started,
    close: async () => {
      isClosed = true;
      clearInterval(looks);
      if (settling !== null) clearTimeout(settling.timer);
      await work;
      await watcher?.close();
    },
  };
};

interface Signs {
  /** Which directory it is in truth; null when there is none. */
  readonly place: string | null;
  /** What changes when files change, cheap to look at. */
  readonly signs: string;
}

interface Seen extends Signs {
  readonly content: string;
}

const see = async (directory: string): Promise<Seen> => {
  const { place, signs } = await signsOf(directory);
  const hash = createHash('sha256');
  for (const name of await yamlFiles(directory))
    hash.update(`${name}\0`).update(await contentOf(join(directory, name)));
  return { place, signs, content: hash.digest('hex') };
};

const signsOf = async (directory: string): Promise<Signs> => {
  const place = await placeOf(directory);
  const names = await yamlFiles(directory);
  const signs = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(directory, name)).catch(reasonOf);
      return typeof found === 'string' ? [name, found] : [name, found.ino, found.size, found.mtimeMs, found.ctimeMs];
    }),
  );
  return { place, signs: JSON.stringify(signs) };
};

const placeOf = async (directory: string): Promise<string | null> => {
  try {
    const path = await realpath(directory);
    return `${path} ${(await stat(path)).ino}`;
  } catch {
    return null; // not there, or not to be reached: for us the same
  }
};

const yamlFiles = async (directory: string): Promise<readonly string[]> => {
  try {
    return (await readdir(directory)).filter(isConfigName).sort();
  } catch {
    return []; // whoever reads the configuration says why
  }
};

const contentOf = async (path: string): Promise<Uint8Array | string> => {
  try {
    return createHash('sha256')
      .update(await readBounded(path, LARGEST_FILE_BYTES))
      .digest();
  } catch (error) {
    return reasonOf(error);
  }
};

/** Editors write beside the file first: `.x.yaml.swp`, `x.yaml~`, `.#x.yaml`, `4913`. */
const isConfigName = (name: string): boolean => /^[^.#].*\.ya?ml$/i.test(name);

/** Kubernetes swaps the link `..data` to replace all files at once. */
const isOfInterest = (directory: string, path: string): boolean => {
  const name = basename(path);
  return path === directory || name === '..data' || isConfigName(name);
};
