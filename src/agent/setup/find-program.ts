// Owns the question whether a program can be started: the same places the system looks at.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Whether `program`, an absolute path or a bare name, is a file that this user may run. */
export const isProgram = async (program: string, path: string | undefined): Promise<boolean> => {
  const places = program.startsWith('/') ? [''] : (path ?? '').split(delimiter).filter((place) => place !== '');
  for (const place of places) {
    if (await isExecutable(place === '' ? program : join(place, program))) return true;
  }
  return false;
};

const isExecutable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // not there, or not for us: the same answer
  }
};
