// Owns one scene of a test: its own state and home, the terminals and processes in it, and that nothing of it is left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import type { Status } from '../../src/protocol/status.ts';
import { framed, openTerminal, PROGRAM, type Terminal, type TerminalOptions } from '../support/pty.ts';
import { until } from '../support/until.ts';

type Env = Readonly<Record<string, string>>;

export interface Person {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly widths?: TerminalOptions['widths'];
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program without a terminal that goes on until it is ended. */
export interface Background {
  readonly pid: number;
  output(): string;
  tell(signal: NodeJS.Signals): void;
  /** Resolves with its exit code once it is gone; null when a signal ended it. */
  ended(): Promise<number | null>;
  /** Resolves once it is gone. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface Scene {
  /** A directory of this scene alone. */
  readonly directory: string;
  readonly stateDirectory: string;
  terminal(person: Person): Terminal;
  /** Runs a command without a terminal to its end. */
  run(args: readonly string[], name?: string, env?: Env): Promise<Finished>;
  /** Starts a program without a terminal; resolves when it has said `ready`. */
  start(args: readonly string[], ready: string, env?: Env): Promise<Background>;
  status(): Promise<Status>;
  /** Address of the shop's own interface, to play those who repair it. */
  shopAdmin(): Promise<string>;
  shopPid(): Promise<number | null>;
}

/** A command that takes longer hangs: it is ended, and its code is null. */
const COMMAND_WITHIN_MS = 20_000;

export const openScene = async (): Promise<Scene> => {
  const directory = await mkdtemp(join(tmpdir(), 'warroom-e2e-'));
  const stateDirectory = join(directory, 'state');
  await mkdir(join(directory, 'home'));
  const terminals: { readonly name: string; readonly terminal: Terminal }[] = [];
  const children: ChildProcess[] = [];

  const environment = (name: string): Record<string, string> => ({
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: join(directory, 'home'),
    WARROOM_STATE_DIR: stateDirectory,
    WARROOM_NAME: name,
  });

  const launch = (
    args: readonly string[],
    {
      name,
      env = {},
      timeoutMs,
    }: { readonly name: string; readonly env?: Env | undefined; readonly timeoutMs?: number },
  ): ChildProcess => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...environment(name), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    children.push(child);
    return child;
  };

  const scene: Scene = {
    directory,
    stateDirectory,
    terminal: ({ name, columns, rows, args = [], env = {}, widths }) => {
      const its = { args, columns, rows, env: { ...environment(name), ...env } };
      const terminal = openTerminal(widths === undefined ? its : { ...its, widths });
      terminals.push({ name, terminal });
      return terminal;
    },
    run: async (args, name = 'script', env = {}) => finished(launch(args, { name, env, timeoutMs: COMMAND_WITHIN_MS })),
    start: async (args, ready, env = {}) => {
      const child = launch(args, { name: 'agent', env });
      const said: string[] = [];
      const hear = (text: Buffer): void => void said.push(text.toString());
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      await until(`${args.join(' ')} to say: ${ready}`, () => {
        if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode}: ${said.join('')}`);
        return said.join('').includes(ready);
      });
      return {
        pid: child.pid ?? 0,
        output: () => said.join(''),
        tell: (signal) => void child.kill(signal),
        ended: async () => {
          await until('a process to end', () => hasEnded(child));
          return child.exitCode;
        },
        kill: (signal) => ended(child, signal),
      };
    },
    status: async () => {
      const { code, stdout, stderr } = await scene.run(['status', '--json']);
      if (code !== 0) throw new Error(`status ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    shopAdmin: async () => {
      const address = await shopAddress(stateDirectory);
      if (address === null) throw new Error('no shop runs');
      return address.admin;
    },
    shopPid: async () => (await shopAddress(stateDirectory))?.pid ?? null,
  };

  onTestFailed(() => {
    for (const { name, terminal } of terminals) {
      process.stderr.write(`last screen of ${name}:\n${framed(terminal.screen())}\n`);
    }
  });
  onTestFinished(async () => {
    for (const { terminal } of terminals) {
      if (!terminal.hasExited()) terminal.kill('SIGKILL');
      await terminal.exit;
    }
    await Promise.all(children.map((child) => ended(child, 'SIGKILL')));
    const shop = await scene.shopPid();
    if (shop !== null) await endShop(shop);
    await rm(directory, { recursive: true, force: true });
  });
  return scene;
};

/** Plays those who repair what was really wrong, or break it again. */
export const setFault = async (scene: Scene, scenario: 'bad-deploy' | null): Promise<void> => {
  const answer = await fetch(new URL('/fault', await scene.shopAdmin()), {
    method: 'PUT',
    body: JSON.stringify({ scenario }),
  });
  if (!answer.ok) throw new Error(`the shop refused: ${answer.status}`);
};

export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const shopAddress = async (
  stateDirectory: string,
): Promise<{ readonly pid: number; readonly admin: string } | null> => {
  const text = await readFile(join(stateDirectory, 'demo', 'shop.json'), 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
};

const endShop = async (pid: number): Promise<void> => {
  if (!isRunning(pid)) return;
  process.kill(pid, 'SIGTERM');
  await until('the shop to end', () => !isRunning(pid));
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const ended = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  child.kill(signal);
  await until('a process to end', () => hasEnded(child));
};

const finished = (child: ChildProcess): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
