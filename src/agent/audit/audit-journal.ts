// Owns proving a journal as it lies on the disk: every line and link of every segment, and that it is what the agent signed.
import type { Commit } from '../../incident/commit.ts';
import type { Disk } from '../log/disk.ts';
import type { Head } from '../log/event-log.ts';
import { emptyHead } from '../log/journal-line.ts';
import { checkSegment, journalDamaged, type TornLine } from '../log/read-journal.ts';
import { journalDirectory, listSegments } from '../log/segments.ts';
import { headDamaged, headPath, readSignedHead, type SignedHead } from '../log/signed-head.ts';

export interface AuditedJournal {
  readonly head: Head;
  readonly segments: number;
  /** Null where the agent has signed nothing yet. */
  readonly signed: SignedHead | null;
  /** A last line without its end: being written just now, or cut off by a crash. It was never acknowledged. */
  readonly torn: TornLine | null;
}

/** Reads the whole journal of a state directory and changes nothing; `saw` gets every commit. Throws `journal-damaged` with file and line. */
export const auditJournal = async (
  disk: Disk,
  stateDirectory: string,
  saw: (commit: Commit) => void = () => {},
): Promise<AuditedJournal> => {
  const directory = journalDirectory(stateDirectory);
  // Read first: a running agent appends, and signs only what it has appended.
  const signed = await readSignedHead(disk, directory);
  const segments = await listSegments(disk, directory);
  let head = emptyHead;
  let torn: TornLine | null = null;
  let isSignedThere = signed === null || signed.seq === 0;
  for (const segment of segments) {
    if (segment.firstSeq !== head.seq + 1 || torn !== null)
      throw journalDamaged(segment.path, 1, `it begins at commit ${segment.firstSeq} where ${head.seq + 1} belongs`);
    const checked = await checkSegment(disk, segment, head, {
      saw: (commit, hash) => {
        if (commit.seq === signed?.seq) isSignedThere = hash === signed.hash;
        saw(commit);
      },
    });
    ({ head, torn } = checked);
  }
  if (signed !== null && signed.seq > head.seq)
    throw headDamaged(
      headPath(directory),
      `commit ${signed.seq} was signed, and the journal ends at ${head.seq}: the rest is missing`,
    );
  if (!isSignedThere)
    throw headDamaged(headPath(directory), `commit ${signed?.seq} of the journal is not the one that was signed`);
  return { head, segments: segments.length, signed, torn };
};
