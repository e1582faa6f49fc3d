// Owns that one agent at a time holds a state directory, also after crashes: the highest numbered socket in it that answers.
import { randomBytes } from 'node:crypto';
import { link, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type AgentLock =
  | { readonly ok: true; readonly release: () => Promise<void> }
  /** `pid` is null when the other agent is there and does not say who it is, or may not be asked. */
  | { readonly ok: false; readonly pid: number | null };

const NAME = /^agent-(\d{1,12})\.sock$/;
const nameOf = (number: number): string => `agent-${number}.sock`;

// Shortest of the platforms' limits for a socket's path (macOS 104 with its end mark, Linux 108).
const LONGEST_SOCKET_PATH_BYTES = 103;
const ANSWER_WITHIN_MS = 500;

/**
 * Takes the lock of a directory or tells who has it. A socket dies with its process, whatever killed it, and a new process with
 * the old one's pid does not answer on it. Numbers only rise: a taker links its own, already listening socket to the next number,
 * which only one can do, and then looks whether somebody who came later already went past it. The last socket is never removed.
 * Rejects when the directory cannot be read or written.
 */
export const takeAgentLock = (directory: string): Promise<AgentLock> =>
  withShortPath(directory, async (reach) => {
    const own = `agent-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
    const server = await listenOn(join(reach, own));
    try {
      const taken = await climb(directory, reach, own);
      if (!taken.ok) await closed(server);
      return taken.ok ? { ok: true, release: () => closed(server) } : taken;
    } catch (error) {
      await closed(server);
      throw error;
    } finally {
      await rm(join(directory, own), { force: true });
    }
  });

type Climb = { readonly ok: true } | { readonly ok: false; readonly pid: number | null };

const climb = async (directory: string, reach: string, own: string): Promise<Climb> => {
  for (;;) {
    const highest = await highestNumber(directory);
    const holder = highest === 0 ? nobody : await ask(join(reach, nameOf(highest)));
    if (holder.isThere) return { ok: false, pid: holder.pid };
    const next = highest + 1;
    if (!(await linked(join(directory, own), join(directory, nameOf(next))))) continue;
    if ((await highestNumber(directory)) === next) {
      await removeBelow(directory, next);
      return { ok: true };
    }
    // While this process slept, others took and left this number and went past it.
    await rm(join(directory, nameOf(next)), { force: true });
  }
};

const numbersIn = async (directory: string): Promise<readonly number[]> =>
  (await readdir(directory)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);

const highestNumber = async (directory: string): Promise<number> => Math.max(0, ...(await numbersIn(directory)));

const removeBelow = async (directory: string, number: number): Promise<void> => {
  for (const lower of await numbersIn(directory)) {
    if (lower < number) await rm(join(directory, nameOf(lower)), { force: true });
  }
};

const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

interface Holder {
  readonly isThere: boolean;
  readonly pid: number | null;
}

const nobody: Holder = { isThere: false, pid: null };

/** Only a refused connection proves that nobody is there: a stopped or overloaded agent still holds its directory. */
const ask = (path: string): Promise<Holder> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(path);
    const done = (holder: Holder): void => {
      socket.destroy();
      resolve(holder);
    };
    const tell = (): void => done({ isThere: true, pid: /^\d+\n$/.test(answer) ? Number(answer) : null });
    socket.setTimeout(ANSWER_WITHIN_MS, tell);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > 20) tell();
    });
    socket.on('end', tell);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') done(nobody);
      else tell();
    });
  });

const listenOn = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      // The asker may be gone before the answer; that is its own affair.
      socket.on('error', () => undefined);
      // Not kept open for an asker that never hangs up: letting go must not wait for it.
      socket.end(`${process.pid}\n`, () => socket.destroy());
    });
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** A socket's path is limited to about a hundred bytes; a long directory is reached through a short link in the temporary one. */
const withShortPath = async <T>(directory: string, use: (reach: string) => Promise<T>): Promise<T> => {
  const longestName = 64;
  if (Buffer.byteLength(directory) + longestName <= LONGEST_SOCKET_PATH_BYTES) return use(directory);
  const place = await mkdtemp(join(tmpdir(), 'warroom-'));
  try {
    const reach = join(place, 'd');
    await symlink(directory, reach);
    return await use(reach);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
};
