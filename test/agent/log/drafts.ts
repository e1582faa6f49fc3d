// Owns sample commits for tests of the log.
import type { Commit, CommitDraft } from '../../../src/incident/commit.ts';
import { safeText } from '../../../src/incident/text.ts';

/** A commit whose `number` can be read back from its command id. */
export const draft = (number: number, text = `note ${number}`): CommitDraft => ({
  at: new Date(Date.UTC(2026, 10, 22, 3) + number * 1_000).toISOString(),
  commandId: `command-${number}`,
  actor: { kind: 'person', name: 'ana' },
  events: [{ type: 'note.added', incident: 'INC-2026-0001', note: `N${number}`, text: safeText(text, 100_000_000) }],
});

export const collected = async (reading: AsyncIterable<Commit>): Promise<readonly Commit[]> => {
  const commits: Commit[] = [];
  for await (const commit of reading) commits.push(commit);
  return commits;
};
