// Owns the board while nothing is open: one sentence from afar, how long it has been quiet, every service, the last incidents.
import { blank, type Row, segment } from '../row.ts';
import { ruleRow, severityStyles } from '../screens/room/head-rows.ts';
import { signalRows, wantedSignalRows } from '../screens/room/signal-rows.ts';
import { spread, toWidth } from '../width.ts';
import type { CalmWall } from './calm-model.ts';
import { largestFit } from './large-text.ts';
import type { WallModel } from './view-model.ts';
import { alarmRows, type Board, bannerRows, footRow, headRow, isTall, textRow, type WallFrame } from './wall-parts.ts';
import { shownSignals } from './wall-signals.ts';

type Model = Extract<WallModel, CalmWall>;

export const calmRows = (model: Model, board: Board): WallFrame => {
  const space = isTall(board) ? [blank] : [];
  const top = [
    headRow([segment(' warroom', 'bold')], model, board),
    ...alarmRows(model.alarm, board),
    ...bannerRows(model.banner, board),
    ...space,
    ...headlineRows(model, board),
    textRow(model.detail, 'plain', board),
    ...(model.quiet === null ? [] : [blank]),
    ...quietRows(model, board),
    ...space,
    ruleRow(board.columns),
  ];
  const room = board.rows - 1 - top.length;
  const past = pastRows(model, board);
  const signals = shownSignals(model.signals);
  const wanted = wantedSignalRows(signals);
  const services = signalRows(
    signals,
    board.columns,
    Math.max(1, Math.min(wanted, room - Math.min(past.length, Math.floor(room / 3)))),
  );
  const rows = [...top, ...services, ...past].slice(0, board.rows - 1);
  return {
    rows: [...rows, ...Array.from({ length: board.rows - 1 - rows.length }, () => blank), footRow(board)],
    chart: null,
  };
};

const headlineRows = (model: Model, board: Board): readonly Row[] => {
  const { columns, rows, glyphs } = board;
  const large = largestFit(model.headline, { columns: columns - 2, rows: Math.max(3, Math.floor(rows * 0.2)), glyphs });
  return large === null
    ? [textRow(model.headline, model.tone, board)]
    : large.map((row) => [segment(` ${row}`, model.tone)]);
};

/** The number large, its words beside its foot. */
const quietRows = ({ quiet }: Model, board: Board): readonly Row[] => {
  if (quiet === null) return [];
  const { columns, rows, glyphs } = board;
  const words = `  ${quiet.words}`;
  const large = largestFit(quiet.text, {
    columns: columns - words.length - 2,
    rows: Math.max(3, Math.floor(rows * 0.14)),
    glyphs,
  });
  if (large === null) return [textRow(`${quiet.text} ${quiet.words}`, 'bold', board)];
  const foot = large.findLastIndex((row) => row.trim() !== '');
  return large.map((row, index) => [segment(` ${row}`, 'bold'), segment(index === foot ? words : '')]);
};

const pastRows = ({ past }: Model, { columns }: Board): readonly Row[] =>
  past.length === 0
    ? []
    : [
        blank,
        ruleRow(columns, 'LAST INCIDENTS'),
        ...past.map(({ severity, id, title, words }): Row => {
          const left = [
            segment(` ${severity} `, severityStyles[severity]),
            segment(` ${toWidth(id, 15)} `),
            segment(title),
          ];
          return spread(left, [segment(`  ${words} `)], columns);
        }),
      ];
