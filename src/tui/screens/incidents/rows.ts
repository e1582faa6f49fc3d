// Owns the layout of the list of incidents: one row each, the marked one in view.
import { plural } from '../../format.ts';
import { line, type Row, type Size, segment } from '../../row.ts';
import { rowToWidth, spread, toWidth } from '../../width.ts';
import { ruleRow, severityStyles } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import type { IncidentLine, IncidentsModel } from './view-model.ts';

export const incidentsRows = (model: IncidentsModel, { columns: width, rows: height }: Size): Pane => {
  const head: readonly Row[] = [
    line(` Incidents   ${plural(model.open, 'open one', 'open ones')} of ${model.incidents.length}`, 'bold'),
    ruleRow(width),
  ];
  const room = Math.max(0, height - head.length);
  const top = windowTop(model.cursor, { count: model.incidents.length, room });
  const rows = model.incidents
    .slice(top, top + room)
    .map((incident, index) => incidentRow(incident, { width, isMarked: top + index === model.cursor }));
  return { rows: [...head, ...rows].slice(0, height), maxScroll: 0, page: Math.max(1, room) };
};

/** The first of `room` items such that the marked one is among them. */
export const windowTop = (cursor: number, { count, room }: { readonly count: number; readonly room: number }): number =>
  Math.max(0, Math.min(cursor - Math.floor(room / 2), count - room));

const incidentRow = (
  incident: IncidentLine,
  { width, isMarked }: { readonly width: number; readonly isMarked: boolean },
): Row => {
  const loud = incident.isOpen && incident.commander === 'NO COMMANDER' ? 'loud' : 'plain';
  const right = [
    segment(`  ${toWidth(incident.phase, 11)}`, incident.isOpen ? 'bold' : 'dim'),
    segment(`  ${toWidth(incident.commander, 12)}`, loud),
    segment(`  ${toWidth(incident.age, 7)}`, 'dim'),
  ];
  const mark = isMarked ? '> ' : '  ';
  const left = [
    segment(mark, 'bold'),
    segment(` ${incident.severity} `, severityStyles[incident.severity]),
    segment(` ${toWidth(incident.id, 15)} `),
    segment(incident.title),
  ];
  const row = spread(left, right, width);
  return isMarked ? rowToWidth(row, width).map((part) => ({ ...part, style: 'selected' })) : row;
};
