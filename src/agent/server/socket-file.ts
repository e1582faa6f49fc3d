// Owns the file of the agent's socket: its permissions hold from its first moment, and nobody's socket is taken away.
import { chmod, lstat, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import { reasonOf } from '../config/secrets.ts';

// Shortest of the platforms' limits for a socket's path (macOS 104 with its end mark, Linux 108).
const LONGEST_PATH_BYTES = 103;

/** Where it is made, beside its place, has the longer name. */
const draftOf = (directory: string): string => join(directory, '.s-XXXXXX', 's');

/** Whether a path is short enough for a socket. */
export const isSocketPath = (path: string): boolean =>
  Math.max(Buffer.byteLength(path), Buffer.byteLength(draftOf(dirname(path)))) <= LONGEST_PATH_BYTES;

const ANSWER_WITHIN_MS = 1_000;

/** Listens at a path; resolves with the way to remove the file again. */
export const listenOnSocket = async (
  server: Server,
  { path, mode }: { readonly path: string; readonly mode: number },
): Promise<() => Promise<void>> => {
  if (!isSocketPath(path)) throw tooLong(path);
  const place = await nearby(path);
  try {
    const draft = join(place, 's');
    await refuseTaken(path);
    // Made where nobody else can reach it: between being made and having its permissions it is open to whoever the umask lets in.
    await listening(server, draft);
    try {
      await chmod(draft, mode);
      const { ino } = await lstat(draft);
      await rename(draft, path);
      return async () => {
        const there = await lstat(path).catch(() => null);
        if (there?.ino === ino) await rm(path, { force: true });
      };
    } catch (error) {
      server.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof OperatorError ? error : unusable(path, error);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
};

const nearby = async (path: string): Promise<string> => {
  try {
    return await mkdtemp(join(dirname(path), '.s-'));
  } catch (error) {
    throw unusable(path, error);
  }
};

/** What is there is replaced only if it is a socket on which nobody answers. */
const refuseTaken = async (path: string): Promise<void> => {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return;
  if (!found.isSocket())
    throw new OperatorError(
      'bad-config',
      `${path} is there and is no socket: it is not replaced`,
      'move it away, or name another path under socket in server.yaml',
    );
  if (!(await isDeserted(path)))
    throw new OperatorError(
      'address-in-use',
      `somebody answers on ${path}`,
      'stop whoever does, or name another path under socket in server.yaml',
    );
};

/** Only a refused connection proves that nobody is there. */
const isDeserted = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const done = (deserted: boolean): void => {
      socket.destroy();
      resolve(deserted);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => done(false));
    socket.on('connect', () => done(false));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ENOENT'),
    );
  });

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });

const tooLong = (path: string): OperatorError =>
  new OperatorError(
    'bad-config',
    `${path} is too long for the path of a socket`,
    'name a shorter one under socket in server.yaml, such as /run/warroom/agent.sock, or socket: false',
  );

const unusable = (path: string, cause: unknown): OperatorError =>
  new OperatorError(
    'bad-config',
    `cannot listen on the socket ${path}: ${reasonOf(cause)}`,
    'see who may write to its directory, or name another path under socket in server.yaml',
    { cause },
  );
