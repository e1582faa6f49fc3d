// Owns the layout of a list under the names of its columns: the marked row in view, and at the foot all that is known of it.
import { blank, type Row, type Size, type StyleName, segment } from '../row.ts';
import { cutRow, rowToWidth } from '../width.ts';
import { type DrawnRows, drawnRows, type Look } from './drawn-rows.ts';
import type { Pane } from './room/rows.ts';
import { windowTop } from './screen.ts';

export interface ListPane<Words extends object> {
  readonly header: Row;
  readonly count: number;
  readonly cursor: number;
  /** Asked for what is in view alone. */
  readonly at: (index: number) => Words | null;
  /** Of its words and the width of the window alone, and always the same function: rows with the same words are made once. */
  readonly row: (words: Words, width: number) => Row;
  /** Always as many rows, whichever is marked: the list stays where it is. */
  readonly foot: readonly Row[];
}

const LEAST_FOR_FOOT = 6;

/** The marked one, however far the mark was moved before the list became shorter. */
export const markedIn = (cursor: number, count: number): number => Math.max(0, Math.min(cursor, count - 1));

export const listPane = <Words extends object>(list: ListPane<Words>, { columns: width, rows: height }: Size): Pane => {
  const { header, count, foot } = list;
  const hasFoot = height - foot.length >= LEAST_FOR_FOOT;
  const room = Math.max(1, height - 1 - (hasFoot ? foot.length : 0));
  const cursor = markedIn(list.cursor, count);
  const top = windowTop(cursor, { count, room });
  const drawn = drawnBy(list);
  const rows = Array.from({ length: Math.min(room, count - top) }, (_, index): Row => {
    const words = list.at(top + index);
    return words === null
      ? blank
      : (drawn(top + index, words, { width, isMarked: top + index === cursor })[0] ?? blank);
  });
  const all = [header.length === 0 ? header : cutRow(header, width), ...rows, ...(hasFoot ? foot : [])];
  return { rows: all.slice(0, Math.max(0, height)), maxScroll: 0, page: room };
};

const made = new WeakMap<WeakKey, DrawnRows<never>>();

/** One for each kind of row, as long as there is that kind. */
const drawnBy = <Words extends object>({ row }: ListPane<Words>): DrawnRows<Words> => {
  const before = made.get(row) as DrawnRows<Words> | undefined;
  const drawn = before ?? drawnRows<Words>((words, look) => [markable(row(words, look.width), look)]);
  if (before === undefined) made.set(row, drawn);
  return drawn;
};

const markable = (row: Row, { width, isMarked }: Look): Row => {
  const style: StyleName = isMarked ? 'selected' : 'plain';
  const marked = [segment(isMarked ? '> ' : '  '), ...row];
  return isMarked ? rowToWidth(marked, width, style).map((part) => ({ ...part, style })) : cutRow(marked, width);
};
