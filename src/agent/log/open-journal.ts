// Owns bringing a journal into use: made if missing, its newest part checked if there, its torn end cut.
import { OperatorError } from '../../protocol/operator-error.ts';
import type { Disk } from './disk.ts';
import type { Head } from './event-log.ts';
import { emptyHead } from './journal-line.ts';
import { type CheckedSegment, checkSegment, journalDamaged, type TornLine } from './read-journal.ts';
import { journalDirectory, listSegments, type Segment, segmentPath, segmentsFrom } from './segments.ts';

export interface OpenJournal {
  readonly head: Head;
  /** Oldest first; at least one. */
  readonly segments: readonly Segment[];
}

export interface OpeningJournal {
  readonly disk: Disk;
  readonly directory: string;
  /** What a sound snapshot already holds need not be read again: the check begins in the segment of this commit. */
  readonly soundUpTo: number;
  /** The last commit that is known to have been acknowledged; null where nothing tells. */
  readonly signedSeq: number | null;
  /** Called once when a crash had left half a line, which is cut. */
  readonly onTorn?: (torn: TornLine) => void;
}

/** Opens the journal in a state directory. Throws `journal-damaged` or `state-unwritable`. */
export const openJournal = async (opening: OpeningJournal): Promise<OpenJournal> => {
  const directory = journalDirectory(opening.directory);
  try {
    return await openOrMake(directory, opening);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw unwritable(directory, error);
  }
};

const openOrMake = async (directory: string, opening: OpeningJournal): Promise<OpenJournal> => {
  const { disk, soundUpTo, signedSeq, onTorn } = opening;
  await disk.makeDirectory(directory);
  const found = await listSegments(disk, directory);
  const first = found[0];
  if (first === undefined) return { head: emptyHead, segments: [await made(disk, directory)] };
  if (first.firstSeq !== 1) throw journalDamaged(first.path, 1, `the commits before ${first.firstSeq} are missing`);
  const unread = found.slice(0, -segmentsFrom(found, soundUpTo).length);
  const checked: Segment[] = [];
  let head: Head | null = unread.length === 0 ? emptyHead : null;
  for (const segment of found.slice(unread.length)) {
    if (head !== null && segment.firstSeq !== head.seq + 1) throw outOfPlace(segment, head);
    const isLast = segment === found.at(-1);
    const { torn, ...sound }: CheckedSegment = await checkSegment(disk, segment, head, {
      signedSeq: isLast ? signedSeq : null,
    });
    if (torn !== null && !isLast)
      throw journalDamaged(segment.path, torn.line, 'it is cut short, and another file follows');
    // An empty one was begun just before a crash: nothing says more than its name.
    head = sound.length === 0 ? (head ?? (await headBefore(disk, unread))) : sound.head;
    if (sound.length === 0 && segment.firstSeq !== head.seq + 1) throw outOfPlace(segment, head);
    checked.push({ ...segment, length: sound.length });
    if (torn === null) continue;
    await cut(disk, segment.path, sound.length);
    onTorn?.(torn);
  }
  // Also of a journal that was made by an agent that died before it synced the name.
  await disk.syncDirectory(directory);
  return { head: head ?? emptyHead, segments: [...unread, ...checked] };
};

const outOfPlace = ({ path, firstSeq }: Segment, before: Head): OperatorError =>
  journalDamaged(path, 1, `it begins at commit ${firstSeq} where ${before.seq + 1} belongs`);

const headBefore = async (disk: Disk, unread: readonly Segment[]): Promise<Head> => {
  const last = unread.at(-1);
  return last === undefined ? emptyHead : (await checkSegment(disk, last, null)).head;
};

const made = async (disk: Disk, directory: string): Promise<Segment> => {
  const path = segmentPath(directory, 1);
  await (await disk.openToAppend(path)).close();
  await disk.syncDirectory(directory);
  return { path, firstSeq: 1, length: 0 };
};

const cut = async (disk: Disk, path: string, length: number): Promise<void> => {
  const file = await disk.openToAppend(path);
  try {
    await file.truncate(length);
    await file.datasync();
  } finally {
    await file.close();
  }
};

const unwritable = (path: string, cause: unknown): OperatorError =>
  new OperatorError(
    'state-unwritable',
    `the journal in ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Make the state directory readable and writable for this user, or name another one in WARROOM_STATE_DIR.',
    { cause },
  );
