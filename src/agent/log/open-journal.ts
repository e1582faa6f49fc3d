// Owns bringing a journal file into use: made if missing, checked if there, its torn end cut, open for appending only.
import { constants } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { JournalHandle } from './append-only-adapter.ts';
import { syncDirectory } from './durable-file.ts';
import type { Head } from './event-log.ts';
import { type JournalIndex, journalIndex } from './journal-index.ts';
import { checkJournal, type TornLine } from './read-journal.ts';

export interface OpenJournal {
  readonly path: string;
  readonly handle: JournalHandle;
  readonly head: Head;
  /** In bytes. */
  readonly length: number;
  readonly index: JournalIndex;
}

export interface JournalOptions {
  readonly directory: string;
  /** Called once when a crash had left half a line, which is cut. */
  readonly onTorn?: (torn: TornLine) => void;
  /** How the file is opened for appending; the machine's own way unless told otherwise. */
  readonly openHandle?: (path: string) => Promise<JournalHandle>;
}

/** Opens `journal/journal-000001.jsonl` in a state directory. Throws `journal-damaged` or `state-unwritable`. */
export const openJournal = async (options: JournalOptions): Promise<OpenJournal> => {
  const path = join(options.directory, 'journal', 'journal-000001.jsonl');
  try {
    return await openOrMake(path, options);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw unwritable(path, error);
  }
};

const openOrMake = async (
  path: string,
  { onTorn, openHandle = openForAppending }: JournalOptions,
): Promise<OpenJournal> => {
  await makeDirectory(dirname(path));
  const index = journalIndex();
  const fileLength = await lengthOf(path);
  const checked = await checkJournal(path, fileLength ?? 0, index.add);
  const handle = await openHandle(path);
  if (fileLength === null) await syncDirectory(dirname(path));
  if (checked.torn !== null) {
    await handle.truncate(checked.length);
    await handle.datasync();
    onTorn?.(checked.torn);
  }
  return { path, handle, head: checked.head, length: checked.length, index };
};

const openForAppending = (path: string): Promise<JournalHandle> =>
  open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);

const makeDirectory = async (path: string): Promise<void> => {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncDirectory(dirname(path));
};

const lengthOf = async (path: string): Promise<number | null> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found === null ? null : found.size;
};

const unwritable = (path: string, cause: unknown): OperatorError =>
  new OperatorError(
    'state-unwritable',
    `the journal ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Make the state directory readable and writable for this user, or name another one in WARROOM_STATE_DIR.',
    { cause },
  );
