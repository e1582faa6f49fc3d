// Owns which files make up a configuration: the team's own where there is one, the shipped one where there is none.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from './did-you-mean.ts';
import type { Problem } from './problems.ts';
import { FILE_NAMES, type FileName } from './schema/files.ts';
import { reasonOf } from './secrets.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** One configuration file as read: a top-level field the team leaves out keeps its shipped value. */
export interface ConfigFile {
  readonly name: FileName;
  readonly value: Readonly<Record<string, unknown>>;
  readonly shipped: Readonly<Record<string, unknown>>;
  readonly own: YamlFile | null;
  readonly problems: readonly Problem[];
}

export type ReadFile = (path: string) => Promise<Uint8Array>;

interface Directories {
  readonly directory: string;
  readonly defaultsDirectory: string;
  readonly readFile: ReadFile;
}

export const readConfigFiles = async (places: Directories): Promise<readonly ConfigFile[]> =>
  await Promise.all(FILE_NAMES.map(async (name) => await readConfigFile(name, places)));

const readConfigFile = async (
  name: FileName,
  { directory, defaultsDirectory, readFile }: Directories,
): Promise<ConfigFile> => {
  const shipped = await readOne(name, { directory: defaultsDirectory, readFile });
  const own = directory === defaultsDirectory ? shipped : await readOne(name, { directory, readFile });
  const missing =
    shipped.yaml === null && shipped.problems.length === 0
      ? [fileProblem(name, `is not among the shipped defaults in ${defaultsDirectory}`)]
      : [];
  const shippedValue = shipped.yaml?.value ?? {};
  return {
    name,
    value: { ...shippedValue, ...own.yaml?.value },
    shipped: shippedValue,
    own: own.yaml ?? shipped.yaml,
    problems: [...new Set([...missing, ...shipped.problems, ...own.problems])],
  };
};

interface OneFile {
  readonly yaml: YamlFile | null;
  readonly problems: readonly Problem[];
}

const readOne = async (
  name: FileName,
  place: { readonly directory: string; readonly readFile: ReadFile },
): Promise<OneFile> => {
  try {
    const read = readYaml(name, await place.readFile(join(place.directory, name)));
    return read.ok ? { yaml: read.yaml, problems: [] } : { yaml: null, problems: read.problems };
  } catch (error) {
    const reason = reasonOf(error);
    return { yaml: null, problems: reason === 'ENOENT' ? [] : [fileProblem(name, `cannot be read: ${reason}`)] };
  }
};

/** What else lies in the directory and looks like configuration: a file nobody reads is a policy nobody follows. */
export const strayFiles = async (directory: string): Promise<readonly Problem[]> => {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.') && !FILE_NAMES.some((known) => known === name))
      .map((name) =>
        fileProblem(name, `is read by nothing${didYouMean(name, FILE_NAMES) || `, expected ${FILE_NAMES.join(', ')}`}`),
      );
  } catch (error) {
    return [fileProblem(directory, `cannot be read: ${reasonOf(error)}`)];
  }
};

const fileProblem = (file: string, message: string): Problem => ({ file, position: null, field: [], message });
