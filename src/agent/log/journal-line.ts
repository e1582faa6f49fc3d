// Owns the form of one line of the journal: how a commit becomes a line, a line a commit, and what chains them.
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { type Commit, type CommitDraft, commitSchema } from '../../incident/commit.ts';
import { stamped, upcast } from '../../incident/event-versions.ts';
import type { IncidentEvent } from '../../incident/events.ts';
import type { Head } from './event-log.ts';

/** A longer line is damage: no commit is ever written that long. */
export const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

export const NEWLINE = 0x0a;

export const hashOf = (content: Uint8Array | string): string => hash('sha256', content);

/** Where an empty log stands. */
export const emptyHead: Head = { seq: 0, hash: hashOf('') };

export interface EncodedCommit {
  readonly commit: Commit;
  /** The line with its newline. */
  readonly bytes: Buffer;
  /** Where the log stands once this line is durable. */
  readonly head: Head;
}

/** Chains a draft to the commit before it. */
export const encodeCommit = (before: Head, draft: CommitDraft): EncodedCommit => {
  const { at, commandId, actor, events } = draft;
  const commit: Commit = { v: 1, seq: before.seq + 1, prev: before.hash, at, commandId, actor, events };
  const bytes = Buffer.from(`${JSON.stringify({ ...commit, events: events.map(stamped) })}\n`);
  return { commit, bytes, head: { seq: commit.seq, hash: hashOf(bytes.subarray(0, -1)) } };
};

export type DecodedLine =
  | { readonly ok: true; readonly commit: Commit }
  | { readonly ok: false; readonly damage: string };

/** Reads a line without its newline; says what is wrong with one that is no commit. */
export const decodeLine = (line: Buffer): DecodedLine => {
  if (!isUtf8(line)) return { ok: false, damage: 'it is not UTF-8 text' };
  const read = isUtf8(line) ? parseJson(line.toString()) : null;
  if (read === null) return { ok: false, damage: 'it is not JSON' };
  const checked = commitSchema.safeParse(read.value);
  if (!checked.success) return { ok: false, damage: 'it is not a commit' };
  // The schema checks the envelope; the events were typed when they were written and the chain covers them.
  const stored = read.value as Omit<Commit, 'events'> & { readonly events: readonly Parameters<typeof upcast>[0][] };
  const events: IncidentEvent[] = [];
  for (const one of stored.events) {
    const event = upcast(one);
    if (!event.ok) return { ok: false, damage: `${event.newer}: it was written by a newer version of warroom` };
    events.push(event.event);
  }
  return { ok: true, commit: { ...stored, events } };
};

/** What breaks the chain between a commit and the one before it, or null. */
export const brokenLink = (before: Head, commit: Commit): string | null => {
  if (commit.seq !== before.seq + 1) return `it is commit ${commit.seq} where ${before.seq + 1} belongs`;
  if (commit.prev !== before.hash)
    return 'it does not continue the line before (hash mismatch): one of them was changed';
  return null;
};

const parseJson = (text: string): { readonly value: unknown } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};
