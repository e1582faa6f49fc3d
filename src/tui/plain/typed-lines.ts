// Owns standard input as lines with the moment they came, read as soon as they are there: a line typed ahead must be known for one.
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as settle } from 'node:timers/promises';

export interface TypedLine {
  readonly text: string;
  /** Local milliseconds. */
  readonly atMs: number;
  /** It came in a piece of its own. */
  readonly isAlone: boolean;
}

/** A longer line is cut here: nothing that is typed is so long. */
const LONGEST_LINE = 16_384;

export interface LineSplitter {
  /** The lines that are whole now. */
  take(bytes: Buffer, atMs: number): readonly TypedLine[];
  /** What the last line had without an end. */
  rest(atMs: number): readonly TypedLine[];
}

export const lineSplitter = (): LineSplitter => {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  return {
    take: (bytes, atMs) => {
      const pieces = decoder.write(bytes).split('\n');
      const last = pieces.pop() ?? '';
      const lines = pieces.map((piece, index) => (index === 0 ? begun + piece : piece));
      begun = (lines.length === 0 ? begun + last : last).slice(0, LONGEST_LINE);
      const isAlone = lines.length === 1 && last === '';
      return lines.map((text) => ({ text: text.slice(0, LONGEST_LINE), atMs, isAlone }));
    },
    rest: (atMs) => (begun === '' ? [] : [{ text: begun, atMs, isAlone: false }]),
  };
};

export interface Listener {
  /** Called for one line after the other; the next one waits for it. */
  readonly line: (line: TypedLine) => Promise<void>;
  readonly ended: () => void;
}

/** More than this typed ahead waits where it is. */
const MOST_WAITING = 100;
const SETTLE_MS = 120;

/** Takes lines from a stream until it ends or is stopped. An input that fails has ended. */
export const typedLines = (
  stdin: NodeJS.ReadableStream,
  localNow: () => number,
  { line: hear, ended }: Listener,
): { stop(): void } => {
  const splitter = lineSplitter();
  const waiting: TypedLine[] = [];
  let isBusy = false;
  let isStopped = false;

  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let line = waiting.shift(); line !== undefined && !isStopped; line = waiting.shift()) {
      if (waiting.length < MOST_WAITING) stdin.resume();
      // A terminal hands over a paste line by line: only a pause shows that a line was all there was.
      if (line.isAlone) await settle(SETTLE_MS);
      await hear({ ...line, isAlone: line.isAlone && waiting.length === 0 });
    }
    isBusy = false;
  };

  const take = (lines: readonly TypedLine[]): void => {
    for (const line of lines) waiting.push({ ...line, isAlone: line.isAlone && !isBusy && waiting.length === 0 });
    if (waiting.length >= MOST_WAITING) stdin.pause();
    void work();
  };

  const hearBytes = (bytes: Buffer | string): void => take(splitter.take(Buffer.from(bytes as Buffer), localNow()));
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    take(splitter.rest(localNow()));
    ended();
  };
  stdin.on('data', hearBytes);
  stdin.on('end', end);
  stdin.on('error', end);
  return {
    stop: () => {
      isStopped = true;
      stdin.removeListener('data', hearBytes);
      stdin.removeListener('end', end);
      stdin.pause();
    },
  };
};
