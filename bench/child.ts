// Owns the child processes of benchmarks: started with our Node, heard once through one line of JSON, ended by their own handle.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child<Ready> {
  /** What the program said first: one line of JSON. */
  readonly ready: Ready;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 20_000;

/** Starts a program of the bench folder and waits for its first line. The program ends when its standard input does, so never outlives us. */
export const startChild = async <Ready>(script: URL, args: readonly string[] = []): Promise<Child<Ready>> => {
  const child = spawn(process.execPath, [script.pathname, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  const lines = createInterface({ input: child.stdout });
  try {
    const [line] = await Promise.race([
      once(lines, 'line', { signal: AbortSignal.timeout(READY_WITHIN_MS) }),
      once(child, 'exit').then(() => Promise.reject(new Error(`${script.pathname} ended: ${said}`))),
    ]);
    return { ready: JSON.parse(String(line)) as Ready, stop: () => endChild(child, () => child.stdin.end()) };
  } catch (error) {
    await endChild(child);
    throw error;
  }
};

/** Ends the child when the work is over, however it ended. */
export const whileRunning = async <Ready, Result>(
  child: Child<Ready>,
  work: (ready: Ready) => Promise<Result>,
): Promise<Result> => {
  try {
    return await work(child.ready);
  } finally {
    await child.stop();
  }
};

/** Asks a process to end, and makes it end where it does not. */
export const endChild = async (
  child: ChildProcess,
  ask: () => unknown = () => child.kill('SIGTERM'),
): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  ask();
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(patience);
};
