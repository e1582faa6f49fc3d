// Owns `warroom backup`: the state directory as one file, also while the agent runs.
import { resolve } from 'node:path';
import { backUp } from '../agent/backup/back-up.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { version } from './version.ts';

export type BackupOptions = Pick<Answering, 'json'>;

export const backup = async (shell: Shell, file: string, { json }: BackupOptions): Promise<ExitCode> => {
  const directory = stateDirectory(shell.env);
  const path = resolve(file);
  const { seq, files, bytes } = await backUp({ directory, file: path, version, now: new Date() });
  if (json) printJson(shell.stdout, { ok: true, file: path, directory, seq, files, bytes });
  else {
    printLines(shell.stdout, [
      `${path}: ${files} files up to commit ${seq}, ${sizeOf(bytes)}`,
      'It holds the key and tokens of the agent: keep it where nobody else reads.',
    ]);
  }
  return EXIT.done;
};

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
