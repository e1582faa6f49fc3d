// Owns running the command line in a test: its words in, its output and exit code out.
import { PassThrough } from 'node:stream';
import type { ExitCode } from '../../src/cli/exit-codes.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Shell } from '../../src/cli/shell.ts';

export interface Ended {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Types a line on the terminal. */
  type(line: string): void;
  interrupt(): void;
  /** Resolves once standard error or output has the words; fails when the command ends without them. */
  says(words: string): Promise<void>;
}

/** Starts a command as on a terminal (`isTTY`) or in a script. */
export const start = (args: readonly string[], env: Shell['env'], isTTY = false): Running => {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  let interrupt: () => void = () => {};
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[name] += text;
      for (const listener of listeners) listener();
    },
  });
  const shell: Shell = {
    env,
    stdin,
    stdout: output('stdout'),
    stderr: output('stderr'),
    onInterrupt: (listener) => {
      interrupt = listener;
      return () => {
        interrupt = () => {};
      };
    },
  };
  const ended = runProgram(args, shell).then((exit) => ({ exit, ...said }));
  return {
    ended,
    type: (line) => void stdin.write(`${line}\n`),
    interrupt: () => interrupt(),
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!`${said.stdout}${said.stderr}`.includes(words)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        const missing = ({ stdout, stderr }: Ended): void =>
          reject(new Error(`never said "${words}": ${stdout}${stderr}`));
        ended.then(missing, reject);
      }),
  };
};

export const run = (args: readonly string[], env: Shell['env']): Promise<Ended> => start(args, env).ended;

/** The one JSON value a command answered with. */
export const jsonOf = ({ stdout }: Ended): Record<string, unknown> => {
  if (stdout.trim().includes('\n')) throw new Error(`more than one line: ${stdout}`);
  return JSON.parse(stdout) as Record<string, unknown>;
};
