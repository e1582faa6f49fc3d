// Owns a real agent as its own process: started on a state directory, killed at any instant, told from others by its port file.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/until.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/warroom.js', import.meta.url));

export interface AgentProcess {
  readonly pid: number;
  /** Resolves once it listens; rejects with what it said when it ends instead. */
  listens(): Promise<string>;
  hasEnded(): boolean;
  /** All it said. */
  output(): string;
  /** Resolves with its exit code once it is gone; null: by a signal. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Resolves with its exit code when it ends by itself. */
  ended(withinMs?: number): Promise<number | null>;
}

export interface AgentPlace {
  readonly stateDirectory: string;
  readonly configDirectory: string;
  /** Put before the program: a shell that sets a limit, for example. */
  readonly through?: readonly string[];
}

export const startAgentProcess = ({ stateDirectory, configDirectory, through = [] }: AgentPlace): AgentProcess => {
  const words = [...through, process.execPath, PROGRAM, 'agent', '--config', configDirectory, '--port', '0'];
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    env: environment(stateDirectory),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(text.toString()));
  const gone = goneOf(child);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const output = (): string => said.join('');
  const ended = async (withinMs = 20_000): Promise<number | null> => {
    await until(`the agent to end; it said: ${output()}`, hasEnded, withinMs);
    return gone;
  };
  return {
    pid: child.pid ?? 0,
    listens: () =>
      until(
        'the agent to listen',
        async () => {
          if (hasEnded()) throw new Error(`the agent ended with ${child.exitCode ?? child.signalCode}: ${output()}`);
          return addressOf(stateDirectory, child.pid ?? 0);
        },
        20_000,
      ),
    hasEnded,
    output,
    end: async (signal) => {
      child.kill(signal);
      return ended();
    },
    ended,
  };
};

const environment = (stateDirectory: string): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: stateDirectory,
  WARROOM_STATE_DIR: stateDirectory,
});

/** Runs a command to its end, beside an agent or without one. */
export const runProgram = (
  args: readonly string[],
  stateDirectory: string,
): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve) => {
    const options = { env: environment(stateDirectory), timeout: 30_000, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile(process.execPath, [PROGRAM, ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, output: `${stdout}${stderr}` }),
    );
  });

const goneOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code));
  });

/** The file of a killed agent stays: only the one with this pid counts. */
const addressOf = async (stateDirectory: string, pid: number): Promise<string | null> => {
  const text = await readFile(join(stateDirectory, 'port'), 'utf8').catch(() => null);
  if (text === null) return null;
  const address = JSON.parse(text) as { readonly host: string; readonly port: number; readonly pid: number };
  return address.pid === pid ? `http://${address.host}:${address.port}` : null;
};
