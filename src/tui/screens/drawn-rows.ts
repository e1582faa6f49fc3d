// Owns rows that are made of words and kept while the words stay: a key or a second changes few of those in view.
import type { Row } from '../row.ts';

export interface Look {
  readonly width: number;
  readonly isMarked: boolean;
}

/** The rows of one item of a list, asked for by its place. */
export type DrawnRows<Words extends object> = (place: number, words: Words, look: Look) => readonly Row[];

interface Drawn {
  readonly words: object;
  readonly width: number;
  readonly isMarked: boolean;
  readonly rows: readonly Row[];
}

const MOST_KEPT = 1_000;

/** `make` follows from its arguments alone: it is called again only where words, width or mark are others than before. */
export const drawnRows = <Words extends object>(
  make: (words: Words, look: Look) => readonly Row[],
): DrawnRows<Words> => {
  const drawn = new Map<number, Drawn>();
  return (place, words, { width, isMarked }) => {
    const before = drawn.get(place);
    if (before?.width === width && before.isMarked === isMarked && isSame(before.words, words)) return before.rows;
    const rows = make(words, { width, isMarked });
    if (drawn.size >= MOST_KEPT) drawn.clear();
    drawn.set(place, { words, width, isMarked, rows });
    return rows;
  };
};

const isSame = (a: object, b: object): boolean =>
  a === b || Object.entries(a).every(([name, value]) => (b as Record<string, unknown>)[name] === value);
