// Owns the latest commits in memory, for clients that missed only a few, and the marks by which a client names what it holds.
import type { Commit } from '../incident/commit.ts';
import type { Head } from './log/event-log.ts';
import { encodeCommit } from './log/journal-line.ts';

/** More than these are missed by nobody who was not away for long: all of the room is less to send then. */
export const COMMITS_KEPT = 2_000;
/** Of however few commits, in the form in which they are sent: storms make long ones. As much as a line of 1 Mbit/s takes before its silence ends it. */
export const BYTES_KEPT = 2 * 1024 * 1024;
const MARK_LENGTH = 16;

export interface RecentCommits {
  add(commit: Commit): void;
  /** All after that number, in order; null where it is too long ago, or not yet. */
  after(seq: number): readonly Commit[] | null;
  /** Names the commit at that number, and with it all before; null where it is too long ago, or not yet. */
  markAt(seq: number): string | null;
}

export const recentCommits = (head: () => Head): RecentCommits => {
  const kept: Commit[] = [];
  /** Of each that is kept. */
  const bytes: number[] = [];
  let bytesKept = 0;
  /** The commit of that number, counted from the oldest that is kept. */
  const at = (seq: number): Commit | undefined => kept[seq - (kept[0]?.seq ?? 1)];

  const forget = (count: number): void => {
    kept.splice(0, count);
    for (const its of bytes.splice(0, count)) bytesKept -= its;
  };

  const tooMany = (): number => {
    if (kept.length > 2 * COMMITS_KEPT) return kept.length - COMMITS_KEPT;
    let excess = bytesKept - BYTES_KEPT;
    let count = 0;
    // The latest one stays, however long: it names the present.
    for (; excess > 0 && count < kept.length - 1; count += 1) excess -= bytes[count] ?? 0;
    return count;
  };

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
      const its = Buffer.byteLength(JSON.stringify(commit));
      kept.push(commit);
      bytes.push(its);
      bytesKept += its;
      forget(tooMany());
    },
    after: (seq) => {
      const newest = kept.at(-1)?.seq ?? 0;
      if (seq === newest) return [];
      return at(seq + 1) === undefined ? null : kept.slice(seq + 1 - (kept[0]?.seq ?? 1));
    },
    markAt: (seq) => hashAt(seq)?.slice(0, MARK_LENGTH) ?? null,
  };
};
