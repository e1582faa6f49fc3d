// Owns the child processes of benchmarks: started with our Node, heard through lines of JSON, ended by their own handle.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child<Ready> {
  readonly pid: number;
  /** What the program said first: one line of JSON. */
  readonly ready: Ready;
  /** Gives the program an order as one line of JSON; resolves with the line that it answers. One at a time. */
  ask<Answer>(order: object): Promise<Answer>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 20_000;
const ANSWERED_WITHIN_MS = 60_000;

/** Starts a program of the bench folder and waits for its first line. The program ends when its standard input does, so never outlives us. */
export const startChild = async <Ready>(script: URL, args: readonly string[] = []): Promise<Child<Ready>> => {
  const child = spawn(process.execPath, [script.pathname, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${script.pathname} ended: ${said}`)));
  // Told only to whoever waits for a line.
  ended.catch(() => undefined);
  const nextLine = async <Line>(withinMs: number): Promise<Line> => {
    const [line] = await Promise.race([once(lines, 'line', { signal: AbortSignal.timeout(withinMs) }), ended]);
    return JSON.parse(String(line)) as Line;
  };
  try {
    const ready = await nextLine<Ready>(READY_WITHIN_MS);
    return {
      pid: child.pid ?? 0,
      ready,
      ask: (order) => {
        child.stdin.write(`${JSON.stringify(order)}\n`);
        return nextLine(ANSWERED_WITHIN_MS);
      },
      stop: () => endChild(child, () => child.stdin.end()),
    };
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
