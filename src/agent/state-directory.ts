// Owns the agent's directory on disk: who holds it, the local token, and the file that tells clients where the agent listens.
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AgentAddress } from '../protocol/agent-address.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { takeAgentLock } from './agent-lock.ts';
import { replaceFile, writeBeside } from './log/durable-file.ts';

export interface StateDirectory {
  /** Absolute. */
  readonly path: string;
  /** Lets another agent have the directory. */
  release(): Promise<void>;
}

/** Takes hold of a state directory, making it (mode 0700) if missing. Throws `agent-running` or `state-unwritable`. */
export const openStateDirectory = async (path: string): Promise<StateDirectory> => {
  const directory = resolve(path);
  const lock = await orUnwritable(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return takeAgentLock(directory);
  });
  if (!lock.ok) throw agentRunning(directory, lock.pid);
  return { path: directory, release: lock.release };
};

const TOKEN = /^[0-9a-f]{64}$/;

/** The token that clients of the same user find by themselves: made on first use, mode 0600, 32 random bytes as hex. */
export const localToken = async (path: string): Promise<string> => {
  const file = join(path, 'token');
  return orUnwritable(path, async () => {
    if ((await readLocalToken(path)) === null) await writeTokenOnce(file);
    const token = await readLocalToken(path);
    if (token === null) throw unusableToken(file);
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
    return token;
  });
};

/** The local token if there is one. Throws `state-unwritable` when the file holds something else. */
export const readLocalToken = async (path: string): Promise<string | null> => {
  const file = join(path, 'token');
  const text = await readIfThere(file);
  if (text === null) return null;
  if (!TOKEN.test(text.trim())) throw unusableToken(file);
  return text.trim();
};

/** Tells clients where the agent of this directory listens; whole or not at all. */
export const writePortFile = (path: string, address: AgentAddress): Promise<void> =>
  orUnwritable(path, () => replaceFile(join(path, 'port'), `${JSON.stringify(address)}\n`));

export const removePortFile = (path: string): Promise<void> => rm(join(path, 'port'), { force: true });

const writeTokenOnce = (file: string): Promise<void> =>
  writeBeside(file, `${randomBytes(32).toString('hex')}\n`, (written) =>
    link(written, file).catch((error: NodeJS.ErrnoException) => {
      // Another process of this user was first: its token counts.
      if (error.code !== 'EEXIST') throw error;
    }),
  );

const readIfThere = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

const orUnwritable = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      'state-unwritable',
      `the state directory ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'Make it a directory this user can write to, or name another one in WARROOM_STATE_DIR.',
      { cause: error },
    );
  }
};

const agentRunning = (path: string, pid: number | null): OperatorError =>
  new OperatorError(
    'agent-running',
    `an agent already runs on ${path}${pid === null ? '' : ` (pid ${pid})`}`,
    `Connect to it with \`warroom\`, stop it${pid === null ? '' : ` with \`kill ${pid}\``}, or give this one its own WARROOM_STATE_DIR.`,
  );

const unusableToken = (file: string): OperatorError =>
  new OperatorError(
    'state-unwritable',
    `the token file ${file} does not hold a token`,
    'Delete it; the agent makes a new one at its next start.',
  );
