// Owns proving a whole state directory: the journal by itself, and every archived incident by the journal.
import { archiveDirectory, archivePath } from '../archive/archive.ts';
import { encodeArchived } from '../archive/archive-file.ts';
import { archivedIn } from '../archive/archived-in.ts';
import type { Disk } from '../log/disk.ts';
import { readWhole } from '../log/durable-file.ts';
import { hashOf } from '../log/journal-line.ts';
import { type AuditedJournal, auditJournal } from './audit-journal.ts';

export interface AuditedState extends AuditedJournal {
  /** Archived incidents that are just what the journal says. */
  readonly archives: number;
  /** Files that are not; derived from the journal, they can be made anew. */
  readonly archiveProblems: readonly string[];
}

/** Reads everything and changes nothing. Throws `journal-damaged` with file and line. */
export const auditState = async (disk: Disk, stateDirectory: string): Promise<AuditedState> => {
  const directory = archiveDirectory(stateDirectory);
  const expected = new Map<string, string>();
  const journal = await auditJournal(
    disk,
    stateDirectory,
    archivedIn((incident) => expected.set(incident.id, hashOf(encodeArchived(incident)))),
  );
  const problems: string[] = [];
  for (const [id, hash] of expected) {
    const path = archivePath(directory, id);
    const text = await readWhole(disk, path);
    if (text === null) problems.push(`${path} is missing`);
    else if (hashOf(text) !== hash) problems.push(`${path} is not what the journal says`);
  }
  return {
    ...journal,
    archives: expected.size - problems.length,
    archiveProblems: problems,
  };
};
