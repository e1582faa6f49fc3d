// Owns reading the journal from disk: lines as a stream, the check of the whole file at open, and what counts as damage.
import { createReadStream } from 'node:fs';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { Head } from './event-log.ts';
import { brokenLink, decodeLine, emptyHead, hashOf, LONGEST_LINE_BYTES, NEWLINE } from './journal-line.ts';

export interface JournalLine {
  /** Counts from 1 in the file. */
  readonly number: number;
  readonly offset: number;
  /** Without the newline. */
  readonly bytes: Buffer;
  /** False for what follows the last newline. */
  readonly complete: boolean;
}

/** A part of the journal file: bytes from `start` up to, not including, `end`; the line at `start` is number `firstNumber`. */
export interface JournalRange {
  readonly start: number;
  readonly end: number;
  readonly firstNumber: number;
}

const CHUNK_BYTES = 256 * 1024;

/** The lines of a range, in order, holding one line and one chunk in memory. Throws `journal-damaged` at an endless line. */
export async function* journalLines(path: string, range: JournalRange): AsyncGenerator<JournalLine> {
  if (range.start >= range.end) return;
  let number = range.firstNumber;
  let offset = range.start;
  let parts: Buffer[] = [];
  let partBytes = 0;
  const chunks = createReadStream(path, { start: range.start, end: range.end - 1, highWaterMark: CHUNK_BYTES });
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
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

export interface TornLine {
  readonly line: number;
  readonly bytes: number;
}

export interface CheckedJournal {
  readonly head: Head;
  /** Length of the sound part of the file in bytes. */
  readonly length: number;
  /** What a crash left behind the last newline: never acknowledged, to be cut. */
  readonly torn: TornLine | null;
}

/** Reads a whole journal and checks every line and link. Changes nothing. Throws `journal-damaged` with the line's number. */
export const checkJournal = async (
  path: string,
  fileLength: number,
  sawLine: (seq: number, offset: number) => void,
): Promise<CheckedJournal> => {
  let head = emptyHead;
  let length = 0;
  for await (const line of journalLines(path, { start: 0, end: fileLength, firstNumber: 1 })) {
    if (!line.complete) return { head, length, torn: { line: line.number, bytes: line.bytes.length } };
    const decoded = decodeLine(line.bytes);
    if (!decoded.ok) throw journalDamaged(path, line.number, decoded.damage);
    const broken = brokenLink(head, decoded.commit);
    if (broken !== null) throw journalDamaged(path, line.number, broken);
    head = { seq: decoded.commit.seq, hash: hashOf(line.bytes) };
    length = line.offset + line.bytes.length + 1;
    sawLine(head.seq, line.offset);
  }
  return { head, length, torn: null };
};

export const journalDamaged = (path: string, line: number, damage: string): OperatorError =>
  new OperatorError(
    'journal-damaged',
    `the journal is damaged: ${path}:${line}: ${damage}`,
    'Nothing was changed. Keep a copy of this file, then restore it from a backup or start with another state directory.',
  );
