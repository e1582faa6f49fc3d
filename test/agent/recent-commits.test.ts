import { describe, expect, it } from 'vitest';
import type { Head } from '../../src/agent/log/event-log.ts';
import { emptyHead, encodeCommit } from '../../src/agent/log/journal-line.ts';
import { BYTES_KEPT, COMMITS_KEPT, type RecentCommits, recentCommits } from '../../src/agent/recent-commits.ts';
import type { Commit, CommitDraft } from '../../src/incident/commit.ts';
import { safeText } from '../../src/incident/text.ts';

const draft = (number: number): CommitDraft => ({
  at: '2026-11-22T03:00:00.000Z',
  commandId: `command-${number}`,
  actor: { kind: 'agent', name: 'room' },
  events: [{ type: 'agent.started', version: `${number}` }],
});

/** A log of that many commits, as its chain has it: commits, and where the log stood after each. */
const chain = (length: number) => {
  const heads: Head[] = [emptyHead];
  const commits: Commit[] = [];
  for (let number = 1; number <= length; number++) {
    const { commit, head } = encodeCommit(heads.at(-1) ?? emptyHead, draft(number));
    commits.push(commit);
    heads.push(head);
  }
  return { commits, heads, markAt: (seq: number) => heads[seq]?.hash.slice(0, 16) };
};

const recentOf = (commits: readonly Commit[], head: () => Head): RecentCommits => {
  const recent = recentCommits(head);
  for (const commit of commits) recent.add(commit);
  return recent;
};

describe('the latest commits', () => {
  it('[R1] are those after any that is kept, none after the newest, and unknown beyond', () => {
    const { commits, heads } = chain(5);
    const recent = recentOf(commits, () => heads[5] ?? emptyHead);
    expect(recent.after(0)).toEqual(commits);
    expect(recent.after(3)?.map(({ seq }) => seq)).toEqual([4, 5]);
    expect(recent.after(5)).toEqual([]);
    expect(recent.after(6)).toBeNull();
    expect(recentCommits(() => emptyHead).after(0)).toEqual([]);
  });

  it('[R1] have the mark of the chain, also where several became durable at once and the later ones are still to be told', () => {
    const { commits, heads, markAt } = chain(8);
    const recent = recentOf(commits.slice(0, 5), () => heads[8] ?? emptyHead);
    for (let seq = 0; seq <= 5; seq++) expect([seq, recent.markAt(seq)]).toEqual([seq, markAt(seq)]);
    expect(recent.markAt(6)).toBeNull();
    for (const commit of commits.slice(5)) {
      recent.add(commit);
      expect(recent.markAt(commit.seq)).toBe(markAt(commit.seq));
    }
  });

  it('[R3] are two thousand at least and never many more', () => {
    const { commits, heads } = chain(3 * COMMITS_KEPT + 10);
    const told = { seq: 0 };
    const recent: RecentCommits = recentCommits(() => heads[told.seq] ?? emptyHead);
    for (const commit of commits) {
      told.seq = commit.seq;
      recent.add(commit);
      if (commit.seq > COMMITS_KEPT) expect(recent.after(commit.seq - COMMITS_KEPT)).toHaveLength(COMMITS_KEPT);
    }
    expect(recent.after(told.seq - 2 * COMMITS_KEPT - 1)).toBeNull();
    expect(recent.markAt(told.seq - 2 * COMMITS_KEPT - 2)).toBeNull();
  });

  it('[R3] are as few as fit where they are long, so that what is kept and what is sent stay small', () => {
    const problem = safeText('x'.repeat(BYTES_KEPT / 8), BYTES_KEPT);
    const recent = recentCommits(() => emptyHead);
    let head = emptyHead;
    for (let number = 1; number <= 20; number++) {
      const long: CommitDraft = { ...draft(number), events: [{ type: 'configuration.refused', problem }] };
      const encoded = encodeCommit(head, long);
      head = encoded.head;
      recent.add(encoded.commit);
    }
    expect(recent.after(13)?.length).toBe(7);
    expect(JSON.stringify(recent.after(13)).length).toBeLessThan(BYTES_KEPT);
    expect(recent.after(11)).toBeNull();
  });

  it('[R3] have the latest one, however long it is: it names the present', () => {
    const problem = safeText('x'.repeat(BYTES_KEPT), BYTES_KEPT);
    const long: CommitDraft = { ...draft(1), events: [{ type: 'configuration.refused', problem }] };
    const first = encodeCommit(emptyHead, long);
    const second = encodeCommit(first.head, long);
    const recent = recentOf([first.commit, second.commit], () => second.head);
    expect(recent.after(1)).toEqual([second.commit]);
    expect(recent.after(0)).toBeNull();
    expect(recent.markAt(2)).toBe(second.head.hash.slice(0, 16));
  });
});
