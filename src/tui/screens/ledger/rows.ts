// Owns the layout of the ledger: one row for each action, two where the window is narrow.
import { shortIncidentId } from '../../../incident/references.ts';
import { type Row, type Size, segment } from '../../row.ts';
import { cut, rowToWidth, spread, toWidth } from '../../width.ts';
import { drawnRows } from '../drawn-rows.ts';
import type { Pane } from '../room/rows.ts';
import { windowTop } from '../screen.ts';
import type { LedgerRow } from './view-model.ts';

const STATE_WIDTH = 10;
const WIDE = 110;
const WIDEST = 150;
const EFFECT_WIDTH = 20;
const EXPIRY_WIDTH = 18;

interface Listed {
  readonly count: number;
  readonly cursor: number;
  /** Made for what is in view alone. */
  readonly at: (index: number) => LedgerRow | null;
}

export const ledgerScreenRows = ({ count, cursor, at }: Listed, { columns: width, rows: height }: Size): Pane => {
  const each = width >= WIDE ? 1 : 2;
  const room = Math.max(1, Math.floor(height / each));
  const marked = Math.min(cursor, count - 1);
  const top = windowTop(marked, { count, room });
  const rows = Array.from({ length: Math.min(room, count - top) }, (_, index) => {
    const row = at(top + index);
    return row === null ? [] : drawn(top + index, row, { width, isMarked: top + index === marked });
  });
  return { rows: rows.flat().slice(0, height), maxScroll: 0, page: room };
};

const drawn = drawnRows<LedgerRow>((row, { width, isMarked }) =>
  width >= WIDE ? [wideRow(row, width, isMarked)] : narrowRows(row, width, isMarked),
);

const first = (row: LedgerRow, isMarked: boolean): Row => [
  segment(isMarked ? '> ' : '  ', 'bold'),
  segment(`${toWidth(row.id, 5)} `, 'bold'),
  segment(`${toWidth(row.state, STATE_WIDTH)} `, row.tone),
];

const marking = (row: Row, width: number, isMarked: boolean): Row =>
  isMarked ? rowToWidth(row, width).map((part) => ({ ...part, style: 'selected' })) : row;

const wideRow = (row: LedgerRow, width: number, isMarked: boolean): Row => {
  const id = width >= WIDEST ? toWidth(row.incident, 14) : toWidth(shortIncidentId(row.incident), 8);
  const right: Row = [
    // Why something is unknown, or was not done, needs the room of an expiry that it does not have.
    ...(row.expiry === ''
      ? [segment(` ${toWidth(row.effect, EFFECT_WIDTH + 1 + EXPIRY_WIDTH)}`)]
      : [segment(` ${toWidth(row.effect, EFFECT_WIDTH)}`), segment(` ${toWidth(row.expiry, EXPIRY_WIDTH)}`, 'dim')]),
    segment(` ${toWidth(row.owner, 12)}`),
    segment(` ${id}`, 'dim'),
  ];
  return marking(spread([...first(row, isMarked), segment(row.what)], right, width), width, isMarked);
};

const narrowRows = (row: LedgerRow, width: number, isMarked: boolean): readonly Row[] => [
  marking(
    spread([...first(row, isMarked), segment(row.what)], [segment(` ${cut(row.owner, 12)} `, 'dim')], width),
    width,
    isMarked,
  ),
  spread(
    [segment(' '.repeat(8 + STATE_WIDTH + 1)), segment(row.effect, row.tone === 'dim' ? 'dim' : 'plain')],
    [segment(` ${[row.expiry, row.incident].filter((word) => word !== '').join('  ')} `, 'dim')],
    width,
  ),
];
