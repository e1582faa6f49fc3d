// Owns the layout of the list of incidents: one row each, the marked one in view and in full at the foot.
import { shortIncidentId } from '../../../incident/references.ts';
import { blank, line, type Row, type Size, segment } from '../../row.ts';
import { cut, spread, toWidth, wrapText } from '../../width.ts';
import { listPane } from '../list-pane.ts';
import { ruleRow, severityStyles } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import type { IncidentFoot, IncidentLine } from './view-model.ts';

interface Listed {
  readonly count: number;
  readonly cursor: number;
  /** Made for what is in view alone. */
  readonly at: (index: number) => IncidentLine | null;
  readonly foot: IncidentFoot | null;
}

const MARK = 2;
const FULL_ID_FROM = 100;

export const incidentsRows = ({ count, cursor, at, foot }: Listed, size: Size): Pane => {
  const header = headerRow(size.columns - MARK);
  return listPane(
    { header, count, cursor, at, row: incidentRow, foot: foot === null ? [] : footRows(foot, size.columns) },
    size,
  );
};

/** Where there is little room, the title has it: the id is said short, and the words of the phase and the age. */
const widthsFor = (width: number) =>
  width >= FULL_ID_FROM
    ? { id: 15, phase: 12, commander: 16, age: 7 }
    : { id: 8, phase: width >= 70 ? 11 : 0, commander: 12, age: 6 };

const right = (words: { readonly phase: string; readonly commander: string; readonly age: string }, width: number) => {
  const widths = widthsFor(width);
  return {
    phase: widths.phase === 0 ? '' : ` ${toWidth(words.phase, widths.phase)}`,
    commander: ` ${toWidth(words.commander, widths.commander)}`,
    age: ` ${toWidth(words.age, widths.age)}`,
  };
};

const headerRow = (width: number): Row => {
  const words = right({ phase: 'phase', commander: 'commander', age: 'age' }, width);
  const left = `${' '.repeat(MARK)} sev   ${toWidth('id', widthsFor(width).id)} title`;
  return spread([segment(left, 'dim')], [segment(`${words.phase}${words.commander}${words.age}`, 'dim')], width + MARK);
};

const incidentRow = (incident: IncidentLine, columns: number): Row => {
  const width = columns - MARK;
  const { phase, commander, age } = right(incident, width);
  const id = width >= FULL_ID_FROM ? incident.id : shortIncidentId(incident.id);
  return spread(
    [
      segment(` ${incident.severity} `, severityStyles[incident.severity]),
      segment(` ${toWidth(id, widthsFor(width).id)} `, incident.isOpen ? 'plain' : 'dim'),
      segment(incident.title, incident.isOpen ? 'plain' : 'dim'),
    ],
    [
      segment(phase, incident.isOpen ? 'bold' : 'dim'),
      segment(commander, incident.hasNoCommander ? 'loud' : incident.isOpen ? 'plain' : 'dim'),
      segment(age, 'dim'),
    ],
    width,
  );
};

const TITLE_ROWS = 2;

const footRows = (foot: IncidentFoot, width: number): readonly Row[] => {
  const title = wrapText(foot.title, width - 2, TITLE_ROWS).map((text) => line(` ${text}`, 'bold'));
  return [
    ruleRow(width, cut(foot.id, width - 8)),
    ...title,
    line(` ${cut(foot.times, width - 2)}`, 'dim'),
    line(` ${cut(foot.people, width - 2)}`),
    ...Array.from({ length: TITLE_ROWS - title.length }, () => blank),
  ];
};
