// Owns how a curve is drawn over several rows: blocks, its limit as a line, moments as lines down, a gap where nothing is known.
import { BARS, COLUMN, DASH } from '../../glyphs.ts';
import { type Row, type Segment, type StyleName, segment } from '../../row.ts';
import { cut, padStart } from '../../width.ts';
import type { Measured } from './stretches.ts';

export interface Chart {
  readonly values: readonly Measured[];
  readonly limit: number | null;
  /** Columns in which something happened. */
  readonly marks: ReadonlySet<number>;
  readonly words: (value: number) => string;
  /** Below which the full height never goes. */
  readonly leastTop: number;
  readonly mostTop: number;
  readonly height: number;
  readonly labelWidth: number;
}

const EIGHTHS = 8;
const UNKNOWN = '?';

/** 1, 2 or 5 times a power of ten, so that the labels are round. */
export const roundTop = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value));
  const times = [1, 2, 5, 10].find((one) => one * power >= value * 0.999_999) ?? 10;
  return Number((times * power).toPrecision(1));
};

const topOf = ({ values, limit, leastTop, mostTop }: Chart): number => {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 2 * (limit ?? 0));
  return Math.max(leastTop, Math.min(mostTop, roundTop(Math.max(highest, leastTop))));
};

export const chartRows = (chart: Chart): readonly Row[] => {
  const { height, limit } = chart;
  const top = topOf(chart);
  const limitRow = limit === null || limit > top ? null : Math.min(height - 1, Math.floor((limit / top) * height));
  return Array.from({ length: height }, (_, index) => {
    const row = height - 1 - index;
    const cells = chart.values.map((value, column) => cellOf(chart, { value, column, row, top, limitRow }));
    return [...labelOf(chart, { row, top, limitRow }), ...joined(cells)];
  });
};

interface RowOf {
  readonly row: number;
  readonly top: number;
  readonly limitRow: number | null;
}

const labelOf = ({ height, limit, words, labelWidth }: Chart, { row, top, limitRow }: RowOf): Row => {
  const room = labelWidth - 1;
  const isLimit = row === limitRow && limit !== null;
  const named = isLimit && room >= 12 ? `limit ${words(limit)}` : isLimit ? words(limit) : '';
  const text = isLimit ? named : row === height - 1 ? words(top) : row === 0 ? '0' : '';
  return [segment(`${padStart(cut(text, room), room)} `, isLimit ? 'warn' : 'dim'), segment(COLUMN, 'rule')];
};

interface Cell extends RowOf {
  readonly value: Measured;
  readonly column: number;
}

const cellOf = ({ limit, marks, height }: Chart, { value, column, row, top, limitRow }: Cell): Segment => {
  if (row === 0 && value === null) return segment(UNKNOWN, 'warn');
  const known = value ?? null;
  const isAbove = known !== null && limit !== null && known >= limit;
  const bar = known === null ? '' : barIn(Math.min(1, known / top) * height, row);
  // At the bottom a bar goes before the line: what is known must not look as if nothing were.
  if (bar !== '' && (row !== limitRow || isAbove || row === 0))
    return segment(bar, isAbove ? 'bad' : limit === null ? 'plain' : 'ok');
  if (marks.has(column)) return segment(COLUMN, 'key');
  return row === limitRow ? segment(DASH, 'warn') : segment(' ');
};

/** The part of a bar that lies in one row; what is known is never without any. */
const barIn = (rowsHigh: number, row: number): string => {
  const eighths = Math.max(1, Math.round(rowsHigh * EIGHTHS)) - row * EIGHTHS;
  return eighths <= 0 ? '' : (BARS[Math.min(EIGHTHS, eighths) - 1] ?? '');
};

const joined = (cells: readonly Segment[]): Row => {
  const row: { text: string; readonly style: StyleName }[] = [];
  for (const { text, style } of cells) {
    const last = row.at(-1);
    if (last !== undefined && last.style === style) last.text += text;
    else row.push({ text, style });
  }
  return row;
};
