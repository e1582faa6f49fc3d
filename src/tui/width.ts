// Owns display width: measuring, cutting and padding text by terminal cells, never inside a character.
import stringWidth from 'string-width';
import { plainText, type Row, type Segment, type StyleName, segment } from './row.ts';

const PLAIN_ASCII = /^[\u0020-\u007e]*$/;
const CHROME = /^[\u0020-\u007e│─…→▁▂▃▄▅▆▇█]*$/;

/** True where every character is one cell wide, so that length is width. */
export const isOneCellEach = (text: string): boolean => PLAIN_ASCII.test(text) || CHROME.test(text);

export const widthOf = (text: string): number =>
  isOneCellEach(text) ? text.length : stringWidth(text) + (text.match(JOINED_AM)?.length ?? 0);

// The vowel AM of Thai and Lao: counted as part of the letter before it, drawn beside it.
const JOINED_AM = /(?<=.)[\u0e33\u0eb3]/gs;

export const widthOfRow = (row: Row): number => row.reduce((sum, part) => sum + widthOf(part.text), 0);

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The characters of a text as a person counts them. */
export const graphemesOf = (text: string): readonly string[] =>
  Array.from(segmenter.segment(text), (part) => part.segment);

/** The longest beginning that fits into `width` cells. */
export const takeWidth = (text: string, width: number): string => {
  if (width <= 0) return '';
  if (isOneCellEach(text)) return text.slice(0, width);
  let taken = '';
  let used = 0;
  for (const character of graphemesOf(text)) {
    const cells = widthOf(character);
    if (used + cells > width) break;
    taken += character;
    used += cells;
  }
  return taken;
};

/** The text itself where it fits, else its beginning with an ellipsis. */
export const cut = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  return width <= 0 ? '' : `${takeWidth(text, width - 1)}…`;
};

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** Exactly `width` cells: cut where longer, padded where shorter. */
export const toWidth = (text: string, width: number): string => padEnd(cut(text, width), width);

export const cutRow = (row: Row, width: number): Row => {
  if (widthOf(plainText(row)) <= width) return row;
  const kept: Segment[] = [];
  let left = width;
  for (const [index, part] of row.entries()) {
    const cells = widthOf(part.text);
    const more = row.slice(index + 1).some((other) => other.text.trim() !== '');
    if (cells < left || (cells === left && !more)) {
      kept.push(part);
      left -= cells;
      continue;
    }
    kept.push(segment(cells === left ? `${takeWidth(part.text, left - 1)}…` : cut(part.text, left), part.style));
    break;
  }
  return kept;
};

/** Exactly `width` cells, the rest in `style`. */
export const rowToWidth = (row: Row, width: number, style: StyleName = 'plain'): Row => {
  const short = cutRow(row, width);
  const left = width - widthOfRow(short);
  return left <= 0 ? short : [...short, segment(' '.repeat(left), style)];
};

/** `left` from the left edge, `right` at the right edge; where both do not toWidth, `left` gives way. */
export const spread = (left: Row, right: Row, width: number): Row => {
  const rightWidth = widthOfRow(right);
  if (rightWidth + 2 >= width) return cutRow([...left, ...right], width);
  return [...rowToWidth(cutRow(left, width - rightWidth - 1), width - rightWidth), ...right];
};

/** Breaks text into lines of at most `width` cells, at spaces where it can; at most `maxLines`, the last one cut. */
export const wrapText = (text: string, width: number, maxLines: number): readonly string[] => {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width && lines.length < maxLines - 1 && width > 0) {
    const head = takeWidth(rest, width);
    if (head === '') break;
    const space = head.lastIndexOf(' ');
    const end = rest[head.length] === ' ' || space < width / 2 ? head.length : space;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, cut(rest, width)];
};
