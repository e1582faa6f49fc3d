// Owns the layout of the list of silences: one row each, and what the marked one holds at the foot.
import { blank, line, type Row, type Size, segment } from '../../row.ts';
import { cut, toWidth, widthOf } from '../../width.ts';
import { type ListPane, listPane } from '../list-pane.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import type { SilenceFoot, SilenceRow } from './view-model.ts';

interface Listed {
  readonly count: number;
  readonly cursor: number;
  /** Made for what is in view alone. */
  readonly at: (index: number) => SilenceRow | null;
  /** What is known of the marked one, with at most so many lines of what it holds. */
  readonly foot: (most: number) => SilenceFoot | null;
}

interface Layout {
  readonly services: number;
  readonly by: number;
  readonly held: number;
}

const ID = 5;
const STATE = 9;
const WHEN = 15;
/** The rule, the times and the reason of the marked one. */
const FOOT_HEAD = 3;

const layoutFor = (width: number): Layout => ({
  services: width >= 150 ? 40 : width >= 110 ? 24 : width >= 70 ? 20 : 12,
  held: width >= 110 ? 22 : width >= 60 ? 9 : 0,
  by: width >= 110 ? 12 : 0,
});

export const silencesRows = ({ count, cursor, at, foot }: Listed, size: Size): Pane => {
  const layout = layoutFor(size.columns);
  const footHeight = Math.min(14, Math.floor(size.rows * 0.4));
  const marked = foot(Math.max(1, footHeight - FOOT_HEAD));
  const list: ListPane<SilenceRow> = {
    header: headerRow(layout, size.columns),
    count,
    cursor,
    at,
    row: silenceRow,
    foot: marked === null ? [] : footRows(marked, size.columns, footHeight),
  };
  return listPane(list, size);
};

const cells = (row: SilenceRow, { services, held, by }: Layout, width: number): readonly string[] => {
  const fixed = [
    toWidth(row.id, ID),
    toWidth(row.state, STATE),
    toWidth(row.services, services),
    toWidth(row.when, WHEN),
    ...(held === 0 ? [] : [toWidth(width >= 110 ? row.held : row.heldShort, held)]),
    ...(by === 0 ? [] : [toWidth(row.by, by)]),
  ].map((cell) => `${cell} `);
  const left = width - 2 - fixed.reduce((sum, cell) => sum + widthOf(cell), 0) - 1;
  return [...fixed, cut(row.reason, Math.max(0, left))];
};

const headerRow = (layout: Layout, width: number): Row => {
  const words = {
    id: '',
    state: '',
    services: 'silenced',
    when: 'time',
    held: 'holds back',
    heldShort: 'holds',
    by: 'by',
    reason: 'reason',
  };
  return [segment(`  ${cells({ ...words, tone: 'dim' }, layout, width).join('')}`, 'dim')];
};

const silenceRow = (silence: SilenceRow, width: number): Row => {
  const [id = '', state = '', ...rest] = cells(silence, layoutFor(width), width);
  const isOver = silence.tone === 'dim';
  return [
    segment(id, isOver ? 'dim' : 'bold'),
    segment(state, silence.tone),
    segment(rest.join(''), isOver ? 'dim' : 'plain'),
  ];
};

const footRows = (foot: SilenceFoot, width: number, height: number): readonly Row[] => {
  const held = foot.held.map(
    ({ at, what, words, tone }): Row => [
      segment(`   ${toWidth(at, 11)} `, 'dim'),
      segment(`${toWidth(what, 14)} `, tone),
      segment(cut(words, Math.max(0, width - 31)), tone),
    ],
  );
  const rows: readonly Row[] = [
    ruleRow(width, cut(foot.title, width - 8)),
    line(` ${cut(foot.times, width - 2)}`, 'dim'),
    line(` ${cut(foot.reason, width - 2)}`),
    ...(held.length === 0 ? [line('   it holds nothing back', 'dim')] : held),
    ...(foot.more === 0 ? [] : [line(`   and ${foot.more} more`, 'dim')]),
  ];
  return Array.from({ length: height }, (_, index) => rows[index] ?? blank);
};
