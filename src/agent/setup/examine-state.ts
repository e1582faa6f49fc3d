// Owns looking at the state directory as the agent will need it: writable, private, its journal whole.
import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toEpochMs } from '../../incident/time.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { auditJournal } from '../audit/audit-journal.ts';
import { reasonOf } from '../config/secrets.ts';
import { systemDisk } from '../log/disk.ts';
import { journalDirectory, listSegments } from '../log/segments.ts';
import { examineAgainstJournal } from './examine-clock.ts';
import { examinePrivateFiles } from './examine-private-files.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

const MIB = 1024 * 1024;
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
    ...(await examinePrivateFiles(directory)),
  ];
};

const ANOTHER = 'name another directory in WARROOM_STATE_DIR';

const examineFuture = async (directory: string): Promise<readonly Finding[]> => {
  let parent = dirname(directory);
  while (parent !== dirname(parent) && (await deniedBy(parent)) === 'ENOENT') parent = dirname(parent);
  const denied = await deniedBy(parent);
  if (denied !== null)
    return [failure('state', `the state directory ${directory} cannot be made: ${parent}: ${denied}`, ANOTHER)];
  return [fine('state', `the state directory ${directory} will be made at the first start`)];
};

const deniedBy = (path: string): Promise<string | null> =>
  access(path, constants.R_OK | constants.W_OK | constants.X_OK).then(() => null, reasonOf);

const privacyFindings = (directory: string, { mode }: Stats): readonly Finding[] =>
  (mode & 0o077) === 0 ? [] : [warning('state', `other users may look into ${directory}`, `chmod 700 ${directory}`)];

/** Reads the whole journal, as `warroom audit verify` does, and changes nothing. */
export const examineJournal = async (directory: string): Promise<readonly Finding[]> => {
  const journal = journalDirectory(directory);
  const found = await stat(journal).catch(reasonOf);
  if (found === 'ENOENT' || found === 'ENOTDIR') return [];
  if (typeof found === 'string')
    return [failure('journal', `the journal cannot be looked at: ${found}`, `see who owns ${journal}`)];
  try {
    const segments = await listSegments(systemDisk, journal);
    if (segments.length === 0) return [];
    const bytes = segments.reduce((sum, { length }) => sum + length, 0);
    if (bytes > MOST_JOURNAL_BYTES)
      return [fine('journal', `the journal has ${Math.floor(bytes / MIB)} MiB; prove it with warroom audit verify`)];
    let lastAt = 0;
    const { head, torn } = await auditJournal(systemDisk, directory, ({ at }) => {
      lastAt = toEpochMs(at);
    });
    const end = torn === null ? '' : ', the last line unfinished: being written, or cut at the next start';
    return [
      fine('journal', `the journal is whole: ${head.seq} commits${end}`),
      ...examineAgainstJournal(lastAt, Date.now()),
    ];
  } catch (error) {
    if (error instanceof OperatorError) return [failure('journal', error.message, error.nextStep)];
    return [failure('journal', `the journal cannot be read: ${reasonOf(error)}`, `see who owns ${journal}`)];
  }
};
