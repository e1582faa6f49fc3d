// Owns what stands under a chart: letters where something happened, the times of day, and what the letters mean.
import { MINUTE, toTimestamp } from '../../../incident/time.ts';
import { timeOfDay } from '../../format.ts';
import { COLUMN } from '../../glyphs.ts';
import { type Row, segment } from '../../row.ts';
import { cutRow } from '../../width.ts';
import { moment } from '../time-words.ts';
import type { Mark } from './marks.ts';
import { columnOf, type Stretches, startOf } from './stretches.ts';

export interface Lettered {
  readonly letter: string;
  readonly column: number;
  readonly marks: readonly Mark[];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What happened within one column shares a letter. What lies left of the chart has none. */
export const lettered = (marks: readonly Mark[], stretches: Stretches): readonly Lettered[] => {
  const byColumn = new Map<number, Mark[]>();
  for (const mark of marks) {
    const column = Math.min(stretches.columns - 1, columnOf(stretches, mark.atMs));
    if (column < 0) continue;
    byColumn.set(column, [...(byColumn.get(column) ?? []), mark]);
  }
  return [...byColumn]
    .sort(([a], [b]) => a - b)
    .map(([column, its], index) => ({ letter: LETTERS[index] ?? '*', column, marks: its }));
};

export const markRow = (
  marks: readonly Lettered[],
  { labelWidth, columns }: { readonly labelWidth: number; readonly columns: number },
): Row => {
  const cells = Array.from({ length: columns }, () => ' ');
  for (const { letter, column } of marks) cells[column] = letter;
  return [segment(' '.repeat(labelWidth + 1)), segment(cells.join('').trimEnd(), 'key')];
};

const STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 360];
const LEAST_APART = 12;
const LABEL = 6;

/** Round times of day, each at its column. */
export const timeRow = (stretches: Stretches, labelWidth: number): Row => {
  const { stretchMs, columns } = stretches;
  const minutes = STEPS_MINUTES.find((step) => (step * MINUTE) / stretchMs >= LEAST_APART) ?? 720;
  const stepMs = minutes * MINUTE;
  let text = '';
  for (let at = Math.ceil(startOf(stretches, 0) / stepMs) * stepMs; ; at += stepMs) {
    const column = columnOf(stretches, at);
    if (column + LABEL > columns) break;
    text = `${text.padEnd(column)}${COLUMN}${timeOfDay(toTimestamp(at)).slice(0, 5)}`;
  }
  return [segment('UTC'.padStart(labelWidth - 1), 'dim'), segment('  '), segment(text, 'dim')];
};

export const legendRows = (
  marks: readonly Lettered[],
  { width, now }: { readonly width: number; readonly now: number },
): readonly Row[] =>
  marks.flatMap(({ letter, marks: its }) =>
    its.map(
      ({ at, incident, words }): Row =>
        cutRow(
          [
            segment(` ${letter} `, 'key'),
            segment(`${moment(at, now)}  `, 'dim'),
            segment(`${incident}  `, 'dim'),
            segment(words()),
          ],
          width,
        ),
    ),
  );
