// Owns running one program of a team: no shell, a bounded time, bounded output, and its whole process group ended when it must be.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Program {
  readonly argv: readonly [string, ...string[]];
  /** All that it sees of the environment. Values may be secrets. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What becomes of a program that prints more than 1 MiB: nobody reads on, or it is ended. */
  readonly longer: 'ignored' | 'ended';
}

export type Ran =
  /** `how` is in words such as `exit 3`; `stdout` is null where it was longer than 1 MiB. */
  | {
      readonly ok: true;
      readonly good: boolean;
      readonly how: string;
      readonly stdout: Buffer | null;
      readonly stderr: string;
    }
  | {
      readonly ok: false;
      readonly reason: 'not-configured' | 'timeout';
      readonly detail: string;
      /** False when it never ran. */
      readonly mayHaveRun: boolean;
    };

const MOST_OUTPUT_BYTES = 1024 * 1024;
const STDERR_TAIL_BYTES = 64 * 1024;
const GRACE_MS = 500;
// A program that ended may have left a child that holds its output open: nobody waits for that one.
const DRAIN_MS = 200;

/** Runs a program to its end. Never throws; never leaves it running when the time is up or the signal comes. */
export const runProgram = async (program: Program, limits: RunLimits): Promise<Ran> => {
  if (limits.signal.aborted) return notRun('timeout', 'called off before it was started');
  try {
    const child = start(program);
    // A child without an id never came to be, and its streams may not be there either.
    if (child.pid !== undefined) return await watch(child, limits);
    const [error] = await once(child, 'error').catch((thrown: unknown) => [thrown]);
    return notRun('not-configured', startFailure(program.argv[0], error));
  } catch (thrown) {
    return notRun('not-configured', startFailure(program.argv[0], thrown));
  }
};

type Child = ChildProcessByStdio<null, Readable, Readable>;

const start = ({ argv: [file, ...args], env }: Program): Child =>
  spawn(file, args, {
    env,
    // The same place wherever the agent was started.
    cwd: '/',
    shell: false,
    // Its own process group, so that what it starts can be ended with it.
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const watch = (child: Child, limits: RunLimits): Promise<Ran> =>
  new Promise((resolve) => {
    const stdout = collector(MOST_OUTPUT_BYTES);
    let stderr = Buffer.alloc(0);
    let stoppedBy: 'timeout' | 'signal' | 'length' | null = null;
    let ended: { readonly good: boolean; readonly how: string } | null = null;
    const timers = new Set<NodeJS.Timeout>();
    const after = (ms: number, work: () => void): void => void timers.add(setTimeout(work, ms));

    const settle = (ran: Ran): void => {
      for (const timer of timers) clearTimeout(timer);
      limits.signal.removeEventListener('abort', callOff);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(ran);
    };
    const settleStopped = (): void => settle(stopped(stoppedBy, limits.timeoutMs));
    const finish = (): void => {
      if (stoppedBy === 'timeout' || stoppedBy === 'signal') settleStopped();
      else if (ended !== null) settle({ ok: true, ...ended, stdout: stdout.bytes(), stderr: stderr.toString() });
    };
    const stop = (by: NonNullable<typeof stoppedBy>): void => {
      if (stoppedBy !== null || ended !== null) return;
      stoppedBy = by;
      signalGroup(child, 'SIGTERM');
      after(GRACE_MS, () => {
        signalGroup(child, 'SIGKILL');
        // Not even killed: the system itself holds it. The answer does not wait for that.
        after(GRACE_MS, settleStopped);
      });
    };
    const callOff = (): void => stop('signal');

    child.stdout.on('data', (chunk: Buffer) => {
      if (!stdout.add(chunk) && limits.longer === 'ended') stop('length');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_TAIL_BYTES);
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('error', () => stream.destroy());
    // It runs: what comes now is at most a signal that did not reach it.
    child.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      ended = { good: code === 0, how: code === null ? `ended by ${signal}` : `exit ${code}` };
      if (stoppedBy !== null) signalGroup(child, 'SIGKILL');
      after(DRAIN_MS, finish);
    });
    child.on('close', finish);
    limits.signal.addEventListener('abort', callOff);
    after(limits.timeoutMs, () => stop('timeout'));
  });

const signalGroup = ({ pid }: Child, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already: just what was wanted.
  }
};

const collector = (mostBytes: number) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    /** False once there was too much. */
    add: (chunk: Buffer): boolean => {
      bytes += chunk.length;
      if (bytes > mostBytes) chunks.length = 0;
      else chunks.push(chunk);
      return bytes <= mostBytes;
    },
    bytes: (): Buffer | null => (bytes > mostBytes ? null : Buffer.concat(chunks)),
  };
};

const stopped = (by: 'timeout' | 'signal' | 'length' | null, timeoutMs: number): Ran => {
  if (by === 'length') return { ok: true, good: false, how: 'ended for printing too much', stdout: null, stderr: '' };
  const detail = by === 'timeout' ? `did not end within ${timeoutMs} ms` : 'called off before it ended';
  return { ok: false, reason: 'timeout', detail, mayHaveRun: true };
};

const notRun = (reason: 'not-configured' | 'timeout', detail: string): Ran => ({
  ok: false,
  reason,
  detail,
  mayHaveRun: false,
});

const startFailure = (file: string, thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  switch (code) {
    case 'ENOENT':
      return file.startsWith('/') ? `there is no program ${file}` : `the program ${file} is not on the PATH`;
    case 'EACCES':
      return `the program ${file} may not be run by this user`;
    case 'E2BIG':
      return 'the arguments are longer than the system takes';
    default:
      return `the program ${file} cannot be started${code === '' ? '' : `: ${code}`}`;
  }
};
