// Owns what text must be before the wall lays it out: harmless, and of a width on which blessed and today's terminals agree.
import { neutralise } from '../paint.ts';
import { graphemesOf, widthOf } from '../width.ts';

/** Cells of one code point, as the drawing library counts them: its tables are from 2015, when emoji took one. */
export type CellsOf = (character: string) => number;

const PLAIN = /^[\u0020-\u007e─-▟│…→]*$/;

/** Without anything a terminal obeys. Of the same width; what would be counted differently becomes `?`, once for each cell. */
export const drawableText = (text: string, cellsOf: CellsOf): string => {
  const harmless = neutralise(text);
  if (PLAIN.test(harmless)) return harmless;
  const agreed = graphemesOf(harmless)
    .map((character) => agreedCharacter(character, cellsOf))
    .join('');
  // A few scripts join characters that are counted apart: then only what is beyond doubt stays.
  return Iterator.from(agreed).reduce((sum, character) => sum + cellsOf(character), 0) === widthOf(agreed)
    ? agreed
    : agreed.replace(/[^\u0020-\u007e]/gu, '?');
};

const agreedCharacter = (character: string, cellsOf: CellsOf): string => {
  const width = widthOf(character);
  const [base = '', ...marks] = character;
  const isCounted = width > 0 && cellsOf(base) === width;
  if (isCounted && marks.every((mark) => cellsOf(mark) === 0)) return character;
  return isCounted && widthOf(base) === width ? base : '?'.repeat(width);
};

/** The same plain value with every text in it drawable, so that columns are measured as they will be drawn. */
export const drawable = <Value>(value: Value, cellsOf: CellsOf): Value => mapped(value, cellsOf) as Value;

const mapped = (value: unknown, cellsOf: CellsOf): unknown => {
  if (typeof value === 'string') return drawableText(value, cellsOf);
  if (Array.isArray(value)) return value.every(isNumber) ? value : value.map((item) => mapped(item, cellsOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner, cellsOf)]));
};

// Curves are many numbers, and nothing else.
const isNumber = (item: unknown): boolean => typeof item === 'number' || item === null;
