// Owns the last step to the terminal: a row becomes one string, harmless, cut to the width, styled. Only our own SGR leaves here.
import { safeText } from '../incident/text.ts';
import { type GlyphSet, toAscii } from './glyphs.ts';
import type { Row, Segment } from './row.ts';
import { fillsRow, type Theme } from './theme.ts';
import { cutRow, widthOfRow } from './width.ts';

export interface Paint {
  readonly theme: Theme;
  readonly glyphs: GlyphSet;
}

const PLAIN_ASCII = /^[\u0020-\u007e]*$/;
const LONGEST_SEGMENT = 2_000;

/** No control, escape, bidi or invisible character survives; the spaces that align columns do. */
export const neutralise = (text: string, maxLength = LONGEST_SEGMENT): string => {
  if (PLAIN_ASCII.test(text)) return text;
  const inner = text.trim();
  if (inner === '') return ' '.repeat(text.length);
  const lead = text.length - text.trimStart().length;
  const tail = text.length - text.trimEnd().length;
  return ' '.repeat(lead) + safeText(inner, maxLength) + ' '.repeat(tail);
};

/** Paints one row, at most `width` cells. */
export const paintRow = (row: Row, width: number, { theme, glyphs }: Paint): string => {
  const harmless = row.map((part): Segment => ({ text: neutralise(part.text), style: part.style }));
  const kept = cutRow(harmless, width);
  const last = kept.at(-1);
  const gap = last !== undefined && fillsRow(last.style) ? width - widthOfRow(kept) : 0;
  const filled =
    last !== undefined && gap > 0 ? [...kept.slice(0, -1), { ...last, text: last.text + ' '.repeat(gap) }] : kept;
  return filled.map((part) => styled(glyphs === 'ascii' ? toAscii(part.text) : part.text, theme[part.style])).join('');
};

const styled = (text: string, sgr: string): string =>
  sgr === '' || text === '' ? text : `\u001b[${sgr}m${text}\u001b[0m`;

/** Paints frames, keeping each row's string while the row stays as it was. */
export const framePainter = (paint: Paint): ((rows: readonly Row[], width: number) => readonly string[]) => {
  let before: readonly { readonly row: Row; readonly painted: string }[] = [];
  let beforeWidth = -1;
  return (rows, width) => {
    const previous = width === beforeWidth ? before : [];
    before = rows.map((row, index) => {
      const old = previous[index];
      return old !== undefined && isSameRow(old.row, row) ? old : { row, painted: paintRow(row, width, paint) };
    });
    beforeWidth = width;
    return before.map((one) => one.painted);
  };
};

const isSameRow = (a: Row, b: Row): boolean =>
  a === b ||
  (a.length === b.length && a.every((part, index) => part.text === b[index]?.text && part.style === b[index]?.style));
