// Owns proving a whole state directory: the journal by itself, and every archived incident, with the list of them, by the journal.
import { cardOf, type IncidentCard } from '../../incident/card.ts';
import type { Commit } from '../../incident/commit.ts';
import { archiveDirectory, archivePath, cardsPath, readCards } from '../archive/archive.ts';
import { encodeArchived, isOfOlderShape } from '../archive/archive-file.ts';
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
  const cards: IncidentCard[] = [];
  const stayed = new Set<string>();
  const fold = archivedIn((incident) => {
    expected.set(incident.id, hashOf(encodeArchived(incident)));
    cards.push(cardOf(incident));
    stayed.delete(incident.id);
  });
  const journal = await auditJournal(disk, stateDirectory, (commit) => {
    for (const id of declaredIn(commit)) stayed.add(id);
    fold(commit);
  });
  const problems: string[] = [];
  let older = 0;
  for (const [id, hash] of expected) {
    const path = archivePath(directory, id);
    const text = await readWhole(disk, path);
    if (text === null) problems.push(`${path} is missing`);
    else if (isOfOlderShape(text)) older += 1;
    else if (hashOf(text) !== hash) problems.push(`${path} is not what the journal says`);
  }
  return {
    ...journal,
    archives: expected.size - older - problems.length,
    archiveProblems: [...problems, ...(await cardProblems(disk, cardsPath(directory), { cards, stayed }))],
  };
};

const declaredIn = ({ events }: Commit): readonly string[] =>
  events.flatMap((event) => (event.type === 'incident.declared' ? [event.incident] : []));

interface ListExpected {
  /** Of those that left, in that order. */
  readonly cards: readonly IncidentCard[];
  /** What is still in the room may have a card from when it was about to leave: nobody is told that one. */
  readonly stayed: ReadonlySet<string>;
}

const cardProblems = async (disk: Disk, path: string, { cards, stayed }: ListExpected): Promise<readonly string[]> => {
  const text = await readWhole(disk, path);
  if (text === null) return cards.length === 0 ? [] : [`${path} is missing`];
  const told = readCards(text)?.filter(({ id }) => !stayed.has(id));
  return JSON.stringify(told) === JSON.stringify(cards) ? [] : [`${path} is not what the journal says`];
};
