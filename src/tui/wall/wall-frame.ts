// Owns the whole wall as rows: which board, or that the window is too small for one. Exactly as many rows as the window has.
import { line, type Row } from '../row.ts';
import { cut, cutRow } from '../width.ts';
import { calmRows } from './calm-rows.ts';
import { incidentRows } from './incident-rows.ts';
import type { WallModel } from './view-model.ts';
import type { Board, WallFrame } from './wall-parts.ts';

export const SMALLEST_WALL = { columns: 60, rows: 18 } as const;

export const wallFrame = (model: WallModel, board: Board): WallFrame => {
  const { columns, rows } = board;
  if (columns < SMALLEST_WALL.columns || rows < SMALLEST_WALL.rows) return { rows: tooSmall(board), chart: null };
  const frame = model.kind === 'incident' ? incidentRows(model, board) : calmRows(model, board);
  return { ...frame, rows: frame.rows.map((row) => cutRow(row, columns)) };
};

const tooSmall = ({ columns, rows }: Board): readonly Row[] =>
  ['window too small', `${columns}x${rows}, needs ${SMALLEST_WALL.columns}x${SMALLEST_WALL.rows}`, 'q leaves the wall']
    .slice(0, Math.max(0, rows))
    .map((text) => line(cut(text, columns), 'bold'));
