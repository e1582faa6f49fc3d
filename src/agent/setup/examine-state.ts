// Owns looking at the state directory as the agent will need it: writable, private, with room on the disk, its journal whole.
import { constants, type Stats } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import { reasonOf } from '../config/secrets.ts';
import { checkJournal } from '../log/read-journal.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

const MIB = 1024 * 1024;
const LOW_BYTES = 512 * MIB;
const FULL_BYTES = 64 * MIB;
// About what is read and checked in a second; more is for when somebody waits for it.
const MOST_JOURNAL_BYTES = 64 * MIB;

/** Findings about the directory itself. Makes nothing, changes nothing. */
export const examineState = async (directory: string): Promise<readonly Finding[]> => {
  const found = await stat(directory).catch(reasonOf);
  if (found === 'ENOENT') return await examineFuture(directory);
  if (typeof found === 'string')
    return [failure('state', `the state directory ${directory} cannot be looked at: ${found}`, ANOTHER)];
  if (!found.isDirectory()) return [failure('state', `${directory} is no directory`, ANOTHER)];
  const denied = await deniedBy(directory);
  return [
    denied === null
      ? fine('state', `the state directory ${directory} can be written to`)
      : failure(
          'state',
          `the state directory ${directory} cannot be written to: ${denied}`,
          `chown it to this user, or ${ANOTHER}`,
        ),
    ...privacyFindings(directory, found),
    ...(await tokenFindings(join(directory, 'token'))),
    ...(await spaceFindings(directory)),
  ];
};

const ANOTHER = 'name another directory in WARROOM_STATE_DIR';

const examineFuture = async (directory: string): Promise<readonly Finding[]> => {
  let parent = dirname(directory);
  while (parent !== dirname(parent) && (await deniedBy(parent)) === 'ENOENT') parent = dirname(parent);
  const denied = await deniedBy(parent);
  if (denied !== null)
    return [failure('state', `the state directory ${directory} cannot be made: ${parent}: ${denied}`, ANOTHER)];
  return [
    fine('state', `the state directory ${directory} will be made at the first start`),
    ...(await spaceFindings(parent)),
  ];
};

const deniedBy = (path: string): Promise<string | null> =>
  access(path, constants.R_OK | constants.W_OK | constants.X_OK).then(() => null, reasonOf);

const privacyFindings = (directory: string, { mode }: Stats): readonly Finding[] =>
  (mode & 0o077) === 0 ? [] : [warning('state', `other users may look into ${directory}`, `chmod 700 ${directory}`)];

const tokenFindings = async (file: string): Promise<readonly Finding[]> => {
  const found = await stat(file).catch(() => null);
  if (found === null || (found.mode & 0o077) === 0) return [];
  return [
    failure(
      'state',
      `other users may read the token in ${file}`,
      `chmod 600 ${file}; delete it to have a new one made`,
    ),
  ];
};

const spaceFindings = async (path: string): Promise<readonly Finding[]> => {
  const disk = await statfs(path).catch(() => null);
  if (disk === null) return [];
  const free = disk.bavail * disk.bsize;
  const words = `${Math.floor(free / MIB)} MiB are free for the state directory`;
  if (free < FULL_BYTES) return [failure('state', words, 'make room: without it the agent turns read-only')];
  return [free < LOW_BYTES ? warning('state', words, 'make room before it is needed') : fine('state', words)];
};

/** Reads the journal as the agent does at its start, and changes nothing. */
export const examineJournal = async (directory: string): Promise<readonly Finding[]> => {
  const file = join(directory, 'journal', 'journal-000001.jsonl');
  const found = await stat(file).catch(reasonOf);
  if (found === 'ENOENT' || found === 'ENOTDIR') return [];
  if (typeof found === 'string')
    return [failure('journal', `the journal cannot be looked at: ${found}`, `see who owns ${file}`)];
  if (found.size > MOST_JOURNAL_BYTES)
    return [
      fine('journal', `the journal has ${Math.floor(found.size / MIB)} MiB; the agent checks it whole at its start`),
    ];
  try {
    const { head, torn } = await checkJournal(file, found.size, () => {});
    const end = torn === null ? '' : ', the last line unfinished: being written, or cut at the next start';
    return [fine('journal', `the journal is whole: ${head.seq} commits${end}`)];
  } catch (error) {
    if (error instanceof OperatorError) return [failure('journal', error.message, error.nextStep)];
    return [failure('journal', `the journal cannot be read: ${reasonOf(error)}`, `see who owns ${file}`)];
  }
};
