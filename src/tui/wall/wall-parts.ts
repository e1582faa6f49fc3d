// Owns what every board of the wall is built of: the head, the alarm, plates, and blocks of rows side by side.
import type { GlyphSet } from '../glyphs.ts';
import { type Row, type Segment, type StyleName, segment } from '../row.ts';
import { connectionSegment } from '../screens/room/head-rows.ts';
import { cut, padEnd, rowToWidth, spread, widthOf } from '../width.ts';
import type { ChartModel } from './chart-model.ts';
import { bare, type LetterSize, largeText } from './large-text.ts';
import type { Alarm, WallModel } from './view-model.ts';

export interface Board {
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: GlyphSet;
}

/** Where the line chart lies over the rows: so many rows of curve, axis and labels. */
export interface ChartPlace {
  readonly top: number;
  readonly left: number;
  readonly columns: number;
  readonly rows: number;
  readonly model: ChartModel;
}

export interface WallFrame {
  readonly rows: readonly Row[];
  readonly chart: ChartPlace | null;
}

/** Enough room for second-rank facts in large letters, too. */
export const isTall = ({ columns, rows }: Board): boolean => columns >= 100 && rows >= 30;

export const headRow = (left: Row, { clock, connection, alarm }: WallModel, { columns }: Board): Row =>
  // What the alarm below says is not said twice.
  spread(left, [...(alarm === null ? [connectionSegment(connection)] : []), segment(`   ${clock} `, 'bold')], columns);

export const footRow = ({ columns }: Board): Row =>
  spread([], [segment('space hold   n next   q leave ', 'dim')], columns);

/** Whether they stand side by side with at least two cells between. */
export const fitSideBySide = (blocks: readonly Block[], { columns }: Board): boolean =>
  sum(blocks.map(widthOfBlock)) + 2 * (blocks.length - 1) <= columns - 2;

/** What makes all numbers doubtful, across the whole wall. */
export const alarmRows = (alarm: Alarm | null, board: Board): readonly Row[] => {
  if (alarm === null) return [];
  const { columns } = board;
  const size: LetterSize = { scale: board.glyphs === 'ascii' ? 2 : 1, gap: 1 };
  const large = isTall(board) ? largeText(alarm.word, size, { rows: bare(size.scale).rows + 1, halvesAbove: 1 }) : null;
  if (large === null) return [rowToWidth([segment(` ${alarm.word}  ${alarm.text}`, 'banner')], columns, 'banner')];
  const middle = Math.floor((large.length - 1) / 2);
  return large.map((row, index) =>
    rowToWidth([segment(` ${row}   ${index === middle ? alarm.text : ''}`, 'banner')], columns, 'banner'),
  );
};

export const bannerRows = (banner: string | null, { columns }: Board): readonly Row[] =>
  banner === null ? [] : [rowToWidth([segment(` ${banner}`, 'banner')], columns, 'banner')];

export const textRow = (text: string, style: StyleName, { columns }: Board): Row => [
  segment(` ${cut(text, columns - 2)}`, style),
];

export interface Block {
  readonly rows: readonly Segment[];
  readonly width: number;
  /** Below it, from the fullest wording to the shortest. */
  readonly captions: readonly Segment[];
}

/** Blocks side by side, each above the fullest of its captions that fits. */
export const sideBySide = (blocks: readonly Block[], { columns }: Board): readonly Row[] => {
  const widths = blocks.map(widthOfBlock);
  const spare = columns - 2 - sum(widths);
  const gap = Math.min(Math.max(4, Math.floor(columns / 12)), Math.floor(spare / Math.max(1, blocks.length - 1)));
  const left = (index: number): number => sum(widths.slice(0, index)) + gap * index;
  const row = (at: number): Row =>
    blocks.flatMap(({ rows }, index) => {
      const part = rows[at] ?? segment('');
      return [segment(' '.repeat(index === 0 ? 1 : gap)), { ...part, text: padEnd(part.text, widths[index] ?? 0) }];
    });
  const captions = blocks.map(({ captions: wordings }, index): Segment => {
    const isLast = index === blocks.length - 1;
    const room = isLast ? columns - 2 - left(index) : (widths[index] ?? 0) + gap - 1;
    const fitting = wordings.find(({ text }) => widthOf(text) <= room) ?? wordings.at(-1) ?? segment('');
    return { ...fitting, text: padEnd(cut(fitting.text, room), isLast ? 0 : room + 1) };
  });
  const height = Math.max(...blocks.map(({ rows }) => rows.length));
  return [...Array.from({ length: height }, (_, at) => row(at)), [segment(' '), ...captions]];
};

/** At least as wide as its shortest caption. */
const widthOfBlock = ({ width, captions }: Block): number => Math.max(width, widthOf(captions.at(-1)?.text ?? ''));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
