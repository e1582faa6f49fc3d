// Owns the pair of files that history survives a restart in: bounded, not synced, each line worth nothing more than ten seconds of curve.
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { HOUR } from '../../incident/time.ts';

/** Ten seconds of all services: error ratio, p95 seconds, requests per second. */
export interface HistoryLine {
  readonly atMs: number;
  readonly services: Readonly<Record<string, readonly [number | null, number | null, number | null]>>;
}

export interface HistoryFiles {
  /** Every readable line of both files, in no promised order. */
  read(): AsyncIterable<HistoryLine>;
  /** Adds a line in the background; what cannot be written is reported, not thrown. */
  add(line: HistoryLine): void;
  /** Waits for lines in flight. */
  close(): Promise<void>;
}

export interface HistoryFilesOptions {
  readonly directory: string;
  readonly maxFileBytes: number;
  readonly onWriteError: (cause: unknown) => void;
}

// Each file alone spans the whole history, so the older one may go the moment the newer one is full.
const FILE_SPANS_MS = 6 * HOUR;
// A disk that hangs must not fill the memory: beyond this, lines are dropped.
const MAX_LINES_IN_FLIGHT = 1_000;

const Value = z.nullable(z.number());
const Line = z.object({ atMs: z.number(), services: z.record(z.string(), z.tuple([Value, Value, Value])) });

/** Opens (makes) `signals-a.jsonl` and `signals-b.jsonl` in the directory. */
export const openHistoryFiles = async (options: HistoryFilesOptions): Promise<HistoryFiles> => {
  const { directory, maxFileBytes, onWriteError } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const paths = [join(directory, 'signals-a.jsonl'), join(directory, 'signals-b.jsonl')] as const;
  let active = await newestOf(paths);
  let inFlight = 0;
  let writing: Promise<void> = Promise.resolve();

  const write = async (line: HistoryLine): Promise<void> => {
    const text = `${JSON.stringify(line)}\n`;
    if (active.bytes + text.length > maxFileBytes || line.atMs - (active.firstAtMs ?? line.atMs) > FILE_SPANS_MS) {
      const path = active.path === paths[0] ? paths[1] : paths[0];
      await appendFile(path, '', { mode: 0o600 });
      await truncate(path);
      active = { path, bytes: 0, firstAtMs: null };
    }
    await appendFile(active.path, text, { mode: 0o600 });
    active = {
      path: active.path,
      bytes: active.bytes + Buffer.byteLength(text),
      firstAtMs: active.firstAtMs ?? line.atMs,
    };
  };
  return {
    read: async function* () {
      for (const path of paths) yield* linesOf(path, maxFileBytes);
    },
    add: (line) => {
      if (inFlight >= MAX_LINES_IN_FLIGHT) return;
      inFlight += 1;
      writing = writing
        .then(() => write(line))
        .catch(onWriteError)
        .finally(() => {
          inFlight -= 1;
        });
    },
    close: () => writing,
  };
};

interface ActiveFile {
  readonly path: string;
  readonly bytes: number;
  readonly firstAtMs: number | null;
}

const newestOf = async (paths: readonly [string, string]): Promise<ActiveFile> => {
  const [a, b] = await Promise.all(paths.map(describe));
  const newest = a === undefined || (b?.changedAtMs ?? 0) > a.changedAtMs ? b : a;
  if (newest === undefined || newest.changedAtMs === 0) return { path: paths[0], bytes: 0, firstAtMs: null };
  // A line torn by a crash must not swallow the next one.
  if (newest.bytes > 0 && !newest.endsInNewline) await appendFile(newest.path, '\n');
  for await (const line of linesOf(newest.path, newest.bytes + 1)) return { ...newest, firstAtMs: line.atMs };
  return { ...newest, firstAtMs: null };
};

const describe = async (path: string) => {
  const found = await stat(path).catch(() => null);
  if (found === null) return { path, bytes: 0, changedAtMs: 0, endsInNewline: true };
  const endsInNewline = found.size > 0 && (await lastByte(path, found.size)) === 10;
  return { path, bytes: found.size, changedAtMs: found.mtimeMs, endsInNewline };
};

const lastByte = async (path: string, size: number): Promise<number | undefined> => {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0];
  } finally {
    await file.close();
  }
};

async function* linesOf(path: string, maxBytes: number): AsyncGenerator<HistoryLine> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return;
  // Somebody else's huge file costs no more than our own largest: only its end is read.
  const stream = createReadStream(path, { start: Math.max(0, size - maxBytes) });
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = Line.safeParse(parseJson(text));
    if (line.success) yield line.data;
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
