// Owns the layout of the summary: what is, then what happened, long lines going on below.
import { blank, line, type Row, type Size, type StyleName, segment } from '../../row.ts';
import { wrapText } from '../../width.ts';
import type { Pane } from '../room/rows.ts';

const MOST_LINES_OF_ONE = 3;
const TOLD = /^(\d\d:\d\d:\d\d) (.*)$/;
const INDENT = 10;

/** Lines that begin with a time are what happened; those before them are how it stands. */
export const summaryRows = (lines: readonly string[], top: number, { columns: width, rows: height }: Size): Pane => {
  const firstTold = lines.findIndex((text) => TOLD.test(text));
  const all = lines.flatMap((text, index) => {
    const rows = TOLD.test(text) ? toldRows(text, width) : standingRows(text, width);
    return index === firstTold && index > 0 ? [blank, ...rows] : rows;
  });
  const maxScroll = Math.max(0, all.length - height);
  const at = Math.min(top, maxScroll);
  return { rows: all.slice(at, at + height), maxScroll, page: Math.max(1, height) };
};

const styleOf = (text: string): StyleName => (/NO COMMANDER| ABOVE\b|UNKNOWN|FAILS/.test(text) ? 'loud' : 'plain');

const standingRows = (text: string, width: number): readonly Row[] => {
  const [first = '', ...more] = wrapText(text, width - 4, MOST_LINES_OF_ONE);
  return [line(` ${first}`, styleOf(text)), ...more.map((rest) => line(`   ${rest}`))];
};

const toldRows = (text: string, width: number): readonly Row[] => {
  const [, time = '', said = ''] = TOLD.exec(text) ?? [];
  const [first = '', ...more] = wrapText(said, width - INDENT - 2, MOST_LINES_OF_ONE);
  return [[segment(` ${time} `, 'dim'), segment(first)], ...more.map((rest) => line(`${' '.repeat(INDENT)}${rest}`))];
};
