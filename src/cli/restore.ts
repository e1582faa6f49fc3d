// Owns `warroom restore`: a backup put in the place of the state directory, once all of it has been checked.
import { resolve } from 'node:path';
import { restore as restoreBackup } from '../agent/backup/restore.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

export interface RestoreOptions extends Pick<Answering, 'json'> {
  readonly replace?: boolean;
}

export const restore = async (
  shell: Shell,
  file: string,
  { json, replace = false }: RestoreOptions,
): Promise<ExitCode> => {
  const restored = await restoreBackup({
    file: resolve(file),
    directory: stateDirectory(shell.env),
    replace,
    now: new Date(),
  });
  const { directory, seq, files, madeAt, movedTo } = restored;
  if (json) printJson(shell.stdout, { ok: true, directory, seq, files, madeAt, movedTo });
  else {
    printLines(shell.stdout, [
      `${directory}: ${files} files up to commit ${seq},`,
      `as they were at ${madeAt}`,
      ...(movedTo === null ? [] : ['what was there before is in', movedTo]),
      'Start the agent. Pages that had no outcome then go out again, marked.',
    ]);
  }
  return EXIT.done;
};
