// Owns where commits stand in the journal file: every 256th offset, so that reading from the middle need not start at the top.
import type { JournalRange } from './read-journal.ts';

const STRIDE = 256;

export interface JournalIndex {
  /** To be told of every line once, in order. */
  add(seq: number, offset: number): void;
  /** The shortest known range that holds the commits from `fromSeq` to `end` bytes. One line is one commit. */
  rangeFrom(fromSeq: number, end: number): JournalRange;
}

export const journalIndex = (): JournalIndex => {
  const offsets: number[] = [];
  return {
    add: (seq, offset) => {
      if ((seq - 1) % STRIDE === 0) offsets[(seq - 1) / STRIDE] = offset;
    },
    rangeFrom: (fromSeq, end) => {
      const stride = Math.floor((Math.max(1, fromSeq) - 1) / STRIDE);
      return { start: offsets[stride] ?? end, end, firstNumber: stride * STRIDE + 1 };
    },
  };
};
