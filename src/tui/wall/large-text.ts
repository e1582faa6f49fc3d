// Owns words in large letters: which size fits, and the rows of blocks that draw them.
import type { GlyphSet } from '../glyphs.ts';
import { dotsOf, LETTER_DOTS } from './letters.ts';

/** A dot is `scale` cells wide and half as many rows high, which is square on most screens; `gap` cells between letters. */
export interface LetterSize {
  readonly scale: number;
  readonly gap: number;
}

/** Where letters stand: `rows` in all, with so many half rows left blank above. */
export interface LetterBox {
  readonly rows: number;
  readonly halvesAbove: number;
}

/** Letters with nothing around them. */
export const bare = (scale: number): LetterBox => ({ rows: Math.ceil((LETTER_DOTS * scale) / 2), halvesAbove: 0 });

/** Letters with a rim above and below, thin where half rows can be drawn. */
export const rimmed = (scale: number, glyphs: GlyphSet): LetterBox =>
  glyphs === 'ascii'
    ? { rows: bare(scale).rows + 2, halvesAbove: 2 }
    : { rows: Math.ceil((LETTER_DOTS * scale + 2) / 2), halvesAbove: 1 };

/** Cells the text takes; null when a character has no shape. */
export const largeWidth = (text: string, { scale, gap }: LetterSize): number | null => {
  let cells = -gap;
  for (const character of text) {
    const dots = dotsOf(character);
    if (dots === null) return null;
    cells += (dots[0]?.length ?? 0) * scale + gap;
  }
  return Math.max(0, cells);
};

/** The rows of the text, all equally wide; null when a character has no shape. */
export const largeText = (
  text: string,
  size: LetterSize,
  box: LetterBox = bare(size.scale),
): readonly string[] | null => {
  const letters: (readonly string[])[] = [];
  for (const character of text) {
    const dots = dotsOf(character);
    if (dots === null) return null;
    letters.push(dots);
  }
  const half = (index: number): string => halfRow(letters, size, index - box.halvesAbove);
  return Array.from({ length: box.rows }, (_, row) => stacked(half(2 * row), half(2 * row + 1)));
};

const halfRow = (letters: readonly (readonly string[])[], { scale, gap }: LetterSize, half: number): string => {
  const row = Math.floor(half / scale);
  return letters
    .map((dots) => (dots[row] ?? '.'.repeat(dots[0]?.length ?? 0)).replace(/[.#]/g, (dot) => dot.repeat(scale)))
    .join('.'.repeat(gap));
};

const stacked = (upper: string, lower: string): string =>
  Array.from(upper, (dot, column) => block(dot === '#', lower[column] === '#')).join('');

const block = (upper: boolean, lower: boolean): string => {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
};

/** Sizes down from `largest`, tight ones after loose ones. Without half blocks a dot must be whole rows. */
export function* letterSizes(largest: number, glyphs: GlyphSet, smallest = 1): Generator<LetterSize> {
  const step = glyphs === 'ascii' ? 2 : 1;
  for (let scale = largest - (largest % step); scale >= Math.max(step, smallest); scale -= step) {
    yield { scale, gap: scale };
    if (scale > 1) yield { scale, gap: Math.ceil(scale / 2) };
  }
}

/** The text as large as it fits; null where it does not fit at all. */
export const largestFit = (
  text: string,
  { columns, rows, glyphs }: { readonly columns: number; readonly rows: number; readonly glyphs: GlyphSet },
): readonly string[] | null => {
  for (const size of letterSizes(Math.floor((2 * rows) / LETTER_DOTS), glyphs)) {
    const width = largeWidth(text, size);
    if (width === null) return null;
    if (width <= columns) return largeText(text, size);
  }
  return null;
};
