// Owns the layout of the timeline: from the fact at the top downwards, and only as many as the window holds.
import type { Incident, TimelineEntry } from '../../../incident/state.ts';
import { rememberedWith } from '../../remembered.ts';
import type { Row, Size } from '../../row.ts';
import { drawnRows } from '../drawn-rows.ts';
import type { Pane } from '../room/rows.ts';
import { timelineEntryRows } from '../room/timeline-rows.ts';
import type { TimelineLine } from '../room/view-model.ts';
import { linesOf } from './view-model.ts';

interface Listed {
  /** Newest first. */
  readonly told: readonly TimelineEntry[];
  readonly incident: Incident;
  /** The fact at the top of the window. */
  readonly top: number;
}

export const timelineScreenRows = ({ told, incident, top }: Listed, { columns: width, rows: height }: Size): Pane => {
  const maxScroll = lastTop(told, incident, width, height);
  const rows: Row[] = [];
  for (let index = Math.min(top, maxScroll); index < told.length && rows.length < height; index++)
    rows.push(...rowsAt(told, index, { incident, width }));
  return { rows: rows.slice(0, height), maxScroll, page: Math.max(1, Math.floor(height / 2)) };
};

interface Look {
  readonly incident: Incident;
  readonly width: number;
}

const rowsAt = (told: readonly TimelineEntry[], index: number, { incident, width }: Look): readonly Row[] =>
  linesOf(told, index, incident).flatMap((line, which) =>
    // Counted from the oldest, so that a new one moves none of the others.
    drawn(2 * (told.length - index) + which, line, { width, isMarked: false }),
  );

const drawn = drawnRows<TimelineLine>((line, { width }) => timelineEntryRows(line, width));

/** The fact from which the rest just fills the window: scrolling ends there. */
const lastTop = rememberedWith(
  (told: readonly TimelineEntry[], incident: Incident, width: number, height: number): number => {
    let room = height;
    let top = told.length;
    while (top > 0) {
      room -= rowsAt(told, top - 1, { incident, width }).length;
      if (room < 0) break;
      top -= 1;
    }
    return Math.min(top, Math.max(0, told.length - 1));
  },
);
