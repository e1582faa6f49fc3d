// Owns the latest commits in memory, for clients that missed only a few, and the marks by which a client names what it holds.
import type { Commit } from '../incident/commit.ts';
import type { Head } from './log/event-log.ts';
import { encodeCommit } from './log/journal-line.ts';

/** More than these are missed by nobody who was not away for long: all of the room is less to send then. */
export const COMMITS_KEPT = 2_000;
const MARK_LENGTH = 16;

export interface RecentCommits {
  add(commit: Commit): void;
  /** All after that number, in order; null where it is too long ago, or not yet. */
  after(seq: number): readonly Commit[] | null;
  /** Names the commit at that number, and with it all before; null where it is too long ago, or not yet. */
  markAt(seq: number): string | null;
}

export const recentCommits = (known: readonly Commit[], head: () => Head): RecentCommits => {
  const kept = [...known];
  /** The commit of that number, counted from the oldest that is kept. */
  const at = (seq: number): Commit | undefined => kept[seq - (kept[0]?.seq ?? 1)];

  const hashAt = (seq: number): string | null => {
    if (seq === head().seq) return head().hash;
    const next = at(seq + 1);
    if (next !== undefined) return next.prev;
    // It became durable together with later ones that are still to be told.
    const commit = at(seq);
    return commit === undefined ? null : encodeCommit({ seq: seq - 1, hash: commit.prev }, commit).head.hash;
  };

  return {
    add: (commit) => {
      kept.push(commit);
      if (kept.length > 2 * COMMITS_KEPT) kept.splice(0, kept.length - COMMITS_KEPT);
    },
    after: (seq) => {
      const newest = kept.at(-1)?.seq ?? 0;
      if (seq === newest) return [];
      return at(seq + 1) === undefined ? null : kept.slice(seq + 1 - (kept[0]?.seq ?? 1));
    },
    markAt: (seq) => hashAt(seq)?.slice(0, MARK_LENGTH) ?? null,
  };
};
