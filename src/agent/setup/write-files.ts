// Owns putting new configuration files into a directory: never in the place of one that is there, unless told to.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import { replaceFile } from '../log/durable-file.ts';

export interface NewFile {
  readonly name: string;
  readonly text: string;
}

export interface WrittenFiles {
  readonly written: readonly string[];
  /** Were there and stayed as they are. */
  readonly kept: readonly string[];
}

/** Throws `bad-usage` when the file is there and may not be replaced. To be asked before the work that fills it. */
export const refuseExisting = async (directory: string, name: string): Promise<void> => {
  if (await isThere(join(directory, name))) throw alreadyThere(directory, name);
};

/** Writes the files; one that is there is kept, or replaced with `force`. Throws `bad-usage` when the directory takes none. */
export const writeFiles = async (
  files: readonly NewFile[],
  { directory, force }: { readonly directory: string; readonly force: boolean },
): Promise<WrittenFiles> => {
  const written: string[] = [];
  const kept: string[] = [];
  try {
    await makeDirectory(resolve(directory));
    for (const { name, text } of files) {
      const path = join(directory, name);
      if (force) await replaceFile(path, text);
      const isNew = force || (await writeNew(path, text));
      (isNew ? written : kept).push(name);
    }
    return { written, kept };
  } catch (error) {
    throw new OperatorError(
      'bad-usage',
      `cannot write to ${directory}: ${error instanceof Error ? error.message : String(error)}`,
      'name another directory with --dir, or make this one writable for this user',
      { cause: error },
    );
  }
};

/** Level by level: where a file system answers oddly, as /proc does, the recursive call of Node goes round for ever. */
const makeDirectory = async (directory: string): Promise<void> => {
  if (await isThere(directory)) return;
  const above = dirname(directory);
  if (above !== directory) await makeDirectory(above);
  await mkdir(directory, { mode: 0o750 });
};

const writeNew = async (path: string, text: string): Promise<boolean> => {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o640 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const alreadyThere = (directory: string, name: string): OperatorError =>
  new OperatorError(
    'bad-usage',
    `${join(directory, name)} is there already`,
    'give another directory with --dir, or --force to write it anew',
  );
