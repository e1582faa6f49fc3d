// Owns the timeline as rows, newest first: long sentences go on below, and only what is in view is made.
import { type Row, segment } from '../../row.ts';
import { toWidth, wrapText } from '../../width.ts';
import type { TimelineLine } from './view-model.ts';

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
  timeline: Iterable<TimelineLine>,
  scroll: number,
  { width, height }: { readonly width: number; readonly height: number },
): Scrolled => {
  const all: Row[] = [];
  for (const entry of timeline) {
    all.push(...entryRows(entry, width));
    if (all.length >= scroll + height + LOOK_AHEAD) break;
  }
  const maxScroll = Math.max(0, all.length - height);
  const at = Math.min(scroll, maxScroll);
  return { rows: all.slice(at, at + height), maxScroll, scroll: at };
};

const entryRows = (entry: TimelineLine, width: number): readonly Row[] => {
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
