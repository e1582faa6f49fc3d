// Owns reading the journal from disk: lines as a stream, the check of a segment, and what counts as damage.
import type { Commit } from '../../incident/commit.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { Disk } from './disk.ts';
import type { Head } from './event-log.ts';
import { brokenLink, decodeLine, emptyHead, hashOf, LONGEST_LINE_BYTES, NEWLINE } from './journal-line.ts';
import type { Segment } from './segments.ts';

export interface JournalLine {
  /** Counts from 1 in the file. */
  readonly number: number;
  readonly offset: number;
  /** Without the newline. */
  readonly bytes: Buffer;
  /** False for what follows the last newline. */
  readonly complete: boolean;
}

/** The lines of a segment, in order, holding one line and one chunk in memory. Throws `journal-damaged` at an endless line. */
export async function* journalLines(disk: Disk, { path, length }: Segment): AsyncGenerator<JournalLine> {
  let number = 1;
  let offset = 0;
  let parts: Buffer[] = [];
  let partBytes = 0;
  for await (const chunk of disk.read(path, 0, length)) {
    let from = 0;
    for (let newline = chunk.indexOf(NEWLINE); newline !== -1; newline = chunk.indexOf(NEWLINE, from)) {
      const rest = chunk.subarray(from, newline);
      const bytes = parts.length === 0 ? rest : Buffer.concat([...parts, rest]);
      if (bytes.length > LONGEST_LINE_BYTES) throw journalDamaged(path, number, 'it is longer than 64 MiB');
      yield { number, offset, bytes, complete: true };
      number += 1;
      offset += bytes.length + 1;
      from = newline + 1;
      parts = [];
      partBytes = 0;
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      partBytes += chunk.length - from;
    }
    if (partBytes > LONGEST_LINE_BYTES) throw journalDamaged(path, number, 'it is longer than 64 MiB');
  }
  if (partBytes > 0) yield { number, offset, bytes: Buffer.concat(parts), complete: false };
}

/**
 * The commits of some segments from `fromSeq` on, each checked against the line before it, where that is in these segments. Throws
 * `journal-damaged` at a line that is no commit, or not the next one.
 */
export async function* commitsIn(disk: Disk, segments: readonly Segment[], fromSeq: number): AsyncGenerator<Commit> {
  let before: Head | null = fromSeq === 1 ? emptyHead : null;
  for (const segment of segments) {
    for await (const line of journalLines(disk, segment)) {
      const seq = segment.firstSeq + line.number - 1;
      if (seq < fromSeq - 1) continue;
      const head = { seq, hash: hashOf(line.bytes) };
      if (seq >= fromSeq) {
        const decoded = decodeLine(line.bytes);
        if (!decoded.ok) throw journalDamaged(segment.path, line.number, decoded.damage);
        const { commit } = decoded;
        const broken = brokenLink(before ?? { seq: fromSeq - 1, hash: commit.prev }, commit);
        if (broken !== null) throw journalDamaged(segment.path, line.number, broken);
        yield commit;
      }
      before = head;
    }
  }
}

export interface TornLine {
  readonly path: string;
  readonly line: number;
  readonly bytes: number;
}

export interface CheckedSegment {
  /** After its last line. */
  readonly head: Head;
  /** Length of the sound part of the file in bytes. */
  readonly length: number;
  /** What follows the last newline: cut off by a crash while it was written, never acknowledged. */
  readonly torn: TornLine | null;
}

export interface SegmentCheck {
  /** Told of every sound line. */
  readonly saw?: (commit: Commit, hash: string) => void;
  /** The last commit known to be durable; null where nothing tells. */
  readonly signedSeq?: number | null;
}

/**
 * Reads a segment and checks every line and link. `before` is where the log stands before it; null where that was not read: then
 * the first line is taken at its word. From a line with zeros on, all is torn where it comes after `signedSeq`, and damage otherwise.
 * Changes nothing. Throws `journal-damaged` with file and line.
 */
export const checkSegment = async (
  disk: Disk,
  segment: Segment,
  before: Head | null,
  { saw, signedSeq = null }: SegmentCheck = {},
): Promise<CheckedSegment> => {
  const { path, firstSeq } = segment;
  let head = before ?? emptyHead;
  let length = 0;
  for await (const line of journalLines(disk, segment)) {
    if (!line.complete) return { head, length, torn: { path, line: line.number, bytes: line.bytes.length } };
    const decoded = decodeLine(line.bytes);
    // Of what no sync covered a power cut may leave later pages and zeros for earlier ones; no line is written with a zero in it.
    if (!decoded.ok && signedSeq !== null && firstSeq + line.number - 1 > signedSeq && line.bytes.includes(0))
      return { head, length, torn: { path, line: line.number, bytes: segment.length - line.offset } };
    if (!decoded.ok) throw journalDamaged(path, line.number, decoded.damage);
    const { commit } = decoded;
    if (line.number === 1 && before === null && firstSeq > 1) head = { seq: firstSeq - 1, hash: commit.prev };
    const broken = brokenLink(head, commit);
    if (broken !== null) throw journalDamaged(path, line.number, broken);
    head = { seq: commit.seq, hash: hashOf(line.bytes) };
    length = line.offset + line.bytes.length + 1;
    saw?.(commit, head.hash);
  }
  return { head, length, torn: null };
};

export const journalDamaged = (path: string, line: number, damage: string): OperatorError =>
  new OperatorError(
    'journal-damaged',
    `the journal is damaged: ${path}:${line}: ${damage}`,
    'Nothing was changed. Keep a copy of this file, then restore it from a backup or start with another state directory.',
  );
