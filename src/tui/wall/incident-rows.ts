// Owns the board of one incident: what is read from afar on top, large; the curve and the tables in what is left.
import { blank, type Row, segment } from '../row.ts';
import { ruleRow, severityStyles } from '../screens/room/head-rows.ts';
import { signalRows, wantedSignalRows } from '../screens/room/signal-rows.ts';
import { cut, rowToWidth, spread, toWidth, wrapText } from '../width.ts';
import { factRows, peopleRows } from './fact-rows.ts';
import type { IncidentWall } from './incident-model.ts';
import { largestFit } from './large-text.ts';
import type { WallModel } from './view-model.ts';
import { alarmRows, type Board, bannerRows, footRow, headRow, isTall, textRow, type WallFrame } from './wall-parts.ts';
import { shownSignals } from './wall-signals.ts';

type Model = Extract<WallModel, IncidentWall>;

/** A line chart says nothing on fewer rows. */
const LOWEST_CHART = 6;

export const incidentRows = (model: Model, board: Board): WallFrame => {
  const space = isTall(board) ? [blank] : [];
  const top = [
    headRow(headWords(model), model, board),
    ...alarmRows(model.alarm, board),
    ...bannerRows(model.banner, board),
    ...space,
    ...titleRows(model, board),
    ...space,
    ...factRows(model, board),
    ...space,
    ...peopleRows(model, board),
    ...space,
  ];
  const shares = shareOut(model, { board, room: board.rows - top.length - 1 });
  const chartTop = top.length + 1;
  const rows = [
    ...top,
    ...(shares.chart === 0 ? [] : [chartCaption(model, board), ...Array.from({ length: shares.chart }, () => blank)]),
    ...(shares.chart === 0 ? [ruleRow(board.columns)] : []),
    ...signalRows(shownSignals(model.signals), board.columns, shares.services),
    ...ledgerRows(model, board).slice(0, shares.ledger),
    ...otherRows(model, board).slice(0, shares.others),
  ].slice(0, board.rows - 1);
  const { columns } = board;
  const place = { top: chartTop, left: 0, columns, rows: shares.chart, model: model.chart };
  return {
    rows: [...rows, ...Array.from({ length: board.rows - 1 - rows.length }, () => blank), footRow(board)],
    chart: shares.chart === 0 ? null : place,
  };
};

const headWords = (model: Model): Row => [
  segment(` ${model.id}`, 'bold'),
  segment('   '),
  segment(`${model.isProduction ? 'PROD ' : ''}${model.environment}`, model.isProduction ? 'production' : 'plain'),
  segment(model.place === '' ? '' : `   ${model.place}`, 'bold'),
  segment(model.isHeld ? '   HELD' : '', 'warn'),
];

const titleRows = ({ title }: Model, board: Board): readonly Row[] => {
  const { columns, rows, glyphs } = board;
  if (!isTall(board)) return [textRow(title, 'bold', board)];
  const large = largestFit(title, { columns: columns - 2, rows: rows >= 50 ? 5 : 3, glyphs });
  if (large !== null) return large.map((row) => [segment(` ${row}`)]);
  return wrapText(title, columns - 2, 2).map((text) => [segment(` ${text}`, 'bold')]);
};

interface Shares {
  readonly chart: number;
  readonly services: number;
  readonly ledger: number;
  readonly others: number;
}

/** How the rows below the large facts are divided. A chart that would be too low leaves its rows to the tables. */
const shareOut = (model: Model, { board, room }: { readonly board: Board; readonly room: number }): Shares => {
  const wanted = wantedSignalRows(shownSignals(model.signals));
  const others = Math.min(model.others.length, isTall(board) ? Math.max(1, Math.floor(room / 6)) : 1);
  const ledger = isTall(board) ? Math.min(ledgerRows(model, board).length, Math.max(1, Math.floor(room / 8))) : 0;
  const left = room - 1 - others - ledger;
  const tables = Math.min(wanted, Math.max(3, Math.floor(left * 0.35)));
  const chart = Math.min(left - tables, Math.max(LOWEST_CHART, Math.floor(board.rows * 0.35)));
  if (chart < LOWEST_CHART || !canBeDrawn(model, board))
    return { chart: 0, services: Math.max(1, left), ledger, others };
  return { chart, services: Math.max(1, left - chart), ledger, others };
};

/** A curve needs dots smaller than characters, and something known. */
const canBeDrawn = ({ chart }: Model, { glyphs }: Board): boolean =>
  glyphs === 'unicode' && chart.percentages.some((percentage) => percentage !== null);

const chartCaption = ({ chart }: Model, { columns }: Board): Row => {
  const limit = chart.limitPercent === null ? [] : [segment('─ limit  ', 'warn')];
  const marks = chart.marks.length === 0 ? [] : [segment('│ containment changed  ', 'key')];
  const left: Row = [
    segment(` ${chart.service}`, 'bold'),
    segment(` errors, % of requests, last ${chart.minutes} min`),
  ];
  return spread(left, [...limit, ...marks], columns);
};

const ledgerRows = ({ ledger }: Model, { columns }: Board): readonly Row[] =>
  ledger.entries.map((entry, index) =>
    spread(
      [
        segment(index === 0 ? ' IN PLACE   ' : ' '.repeat(12), 'bold'),
        segment(`${toWidth(entry.id, 4)} ${entry.what}   `),
        segment(entry.detail, entry.tone === 'plain' ? 'plain' : entry.tone),
      ],
      [segment(`  ${cut(entry.owner, 20)} `)],
      columns,
    ),
  );

const otherRows = ({ others }: Model, { columns }: Board): readonly Row[] =>
  others.map((other, index) =>
    rowToWidth(
      [
        segment(index === 0 ? ' ALSO OPEN  ' : ' '.repeat(12), 'bold'),
        segment(` ${other.severity} `, severityStyles[other.severity]),
        segment(` ${other.id}  ${other.title}`),
      ],
      columns,
    ),
  );
