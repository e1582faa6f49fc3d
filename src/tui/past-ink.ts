// Owns what is written past Ink: the cells that move by themselves, while Ink has nothing to draw. Ink draws every row anew for one digit.
import { movedCells, wholeRows } from './moved-cells.ts';

interface PastInkParts {
  readonly write: (bytes: string) => void;
  /** Resolves when Ink has written all it had to. */
  readonly flushed: () => Promise<void>;
  /** The painted rows now. */
  readonly rows: () => readonly string[];
  /** How many rows the terminal has. */
  readonly height: () => number;
}

export interface PastInk {
  /** Ink is about to draw a frame. */
  frame(): void;
  /** Writes what changed; false where that is for Ink. */
  moved(before: readonly string[], after: readonly string[]): boolean;
  stop(): void;
}

/** Longer than Ink holds a frame back. */
const SETTLED_AFTER_MS = 100;

export const pastInk = ({ write, flushed, rows, height }: PastInkParts): PastInk => {
  /** Rows as they were written past Ink since it drew last: what it believes of them is old. */
  const ours = new Map<number, string>();
  let frames = 0;
  let isSettled = false;
  let timer: NodeJS.Timeout | undefined;

  const settle = async (): Promise<void> => {
    const seen = frames;
    await flushed();
    if (seen !== frames) return;
    // Ink left the cells that it believed to be so already; where a row is another by now, one of them may not have been.
    const drawn = rows();
    const doubtful = [...ours].flatMap(([place, row]) => (drawn[place] === row ? [] : [place]));
    ours.clear();
    if (drawn.length !== height()) return;
    if (doubtful.length > 0) write(wholeRows(drawn, doubtful));
    isSettled = true;
  };

  return {
    frame: () => {
      frames += 1;
      isSettled = false;
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLED_AFTER_MS);
    },
    moved: (before, after) => {
      if (!isSettled || after.length !== height()) return false;
      const bytes = movedCells(before, after);
      if (bytes === null) return false;
      for (const [place, row] of after.entries()) if (row !== before[place]) ours.set(place, row);
      write(bytes);
      return true;
    },
    stop: () => {
      frames += 1;
      isSettled = false;
      clearTimeout(timer);
    },
  };
};
