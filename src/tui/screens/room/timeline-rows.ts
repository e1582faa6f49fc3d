// Owns the timeline as rows, newest first: long sentences go on below, and only what is in view is made.
import type { TimelineEntry } from '../../../incident/state.ts';
import { type Row, segment } from '../../row.ts';
import { toWidth, wrapText } from '../../width.ts';
import type { Timeline, TimelineLine } from './view-model.ts';

export interface Scrolled {
  readonly rows: readonly Row[];
  /** How far it can be scrolled as far as was looked; exact at the end. */
  readonly maxScroll: number;
  readonly scroll: number;
}

const MOST_LINES_OF_ONE = 4;
const LOOK_AHEAD = 200;
const NAME_WIDTH = 8;

export const timelineRows = (
  { facts, lineOf }: Timeline,
  scroll: number,
  { width, height }: { readonly width: number; readonly height: number },
): Scrolled => {
  const rows: Row[] = [];
  let above = 0;
  let ahead = 0;
  for (const fact of facts()) {
    if (above + rows.length >= scroll + height) {
      ahead += 1;
      if (ahead === LOOK_AHEAD) break;
      continue;
    }
    const known = rows.length === 0 ? heightKnown(fact, width) : null;
    const its = known !== null && above + known <= scroll ? null : factRows(fact, lineOf(fact), width);
    if (its !== null && (rows.length > 0 || above + its.length > scroll)) rows.push(...its);
    else above += its?.length ?? known ?? 0;
  }
  // What lies ahead has one row each at least.
  const maxScroll = Math.max(0, above + rows.length + ahead - height);
  if (scroll > maxScroll) return timelineRows({ facts, lineOf }, maxScroll, { width, height });
  return { rows: rows.slice(scroll - above, scroll - above + height), maxScroll, scroll };
};

interface Drawn {
  readonly width: number;
  readonly line: TimelineLine;
  readonly rows: readonly Row[];
}

/** As they were drawn last: of what lies above the window only the height is needed. */
const drawn = new WeakMap<TimelineEntry, Drawn>();

const heightKnown = (fact: TimelineEntry, width: number): number | null => {
  const before = drawn.get(fact);
  return before?.width === width ? before.rows.length : null;
};

const factRows = (fact: TimelineEntry, line: TimelineLine, width: number): readonly Row[] => {
  const before = drawn.get(fact);
  if (before?.width === width && isSameLine(before.line, line)) return before.rows;
  const rows = timelineEntryRows(line, width);
  drawn.set(fact, { width, line, rows });
  return rows;
};

const isSameLine = (a: TimelineLine, b: TimelineLine): boolean =>
  a.text === b.text && a.who === b.who && a.time === b.time && a.isPerson === b.isPerson;

export const timelineEntryRows = (entry: TimelineLine, width: number): readonly Row[] => {
  const nameWidth = width >= 100 ? NAME_WIDTH + 4 : NAME_WIDTH;
  const indent = 1 + 8 + 2 + nameWidth + 1;
  const [first = '', ...rest] = wrapText(entry.text, Math.max(1, width - indent - 1), MOST_LINES_OF_ONE);
  return [
    [
      segment(` ${entry.time}  `, 'dim'),
      segment(`${toWidth(entry.who, nameWidth)} `, entry.isPerson ? 'bold' : 'dim'),
      segment(first),
    ],
    ...rest.map((more): Row => [segment(' '.repeat(indent)), segment(more)]),
  ];
};
