// Owns a screen that only scrolls: the rows in view, and a word where there are more below.
import { type Row, segment } from '../row.ts';
import type { Pane } from './room/rows.ts';

export const scrollPane = (rows: readonly Row[], top: number, height: number): Pane => {
  const room = Math.max(0, height);
  const maxScroll = Math.max(0, rows.length - room);
  const at = Math.min(top, maxScroll);
  const shown = rows.slice(at, at + room);
  const below = rows.length - at - room + 1;
  const last: Row = [segment(` ${below} more below: j`, 'dim')];
  return {
    rows: at < maxScroll && room > 1 ? [...shown.slice(0, -1), last] : shown,
    maxScroll,
    page: Math.max(1, room - 2),
  };
};
