// Owns the layout of the list of sources: one row each under the names of the columns, the marked one in full at the foot.
import { blank, line, type Row, type Size, type StyleName, segment } from '../../row.ts';
import { cut, padStart, toWidth, wrapText } from '../../width.ts';
import { listPane } from '../list-pane.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import type { SourceFoot, SourceRow } from './view-model.ts';

interface Listed {
  readonly count: number;
  readonly cursor: number;
  /** Made for what is in view alone. */
  readonly at: (index: number) => SourceRow | null;
  readonly foot: SourceFoot | null;
}

const MARK = 2;
const STATE = 8;
const WAY = 6;
const SUCCESS = 12;
const RATE = 10;
const TOOK = 9;
const ERROR_ROWS = 3;

const stateStyles: Readonly<Record<SourceRow['state'], StyleName>> = {
  ok: 'ok',
  FAILING: 'loud',
  CLOCK: 'loud',
  silent: 'warn',
  unknown: 'warn',
};

interface Layout {
  readonly name: number;
  readonly note: number;
}

const ROOM_FOR_NOTES = 100;

const layoutFor = (width: number): Layout => {
  const left = Math.max(0, width - MARK - STATE - 1 - WAY - SUCCESS - RATE - TOOK - 2);
  if (width < ROOM_FOR_NOTES) return { name: left, note: 0 };
  const name = Math.min(48, Math.floor(left * 0.45));
  return { name, note: left - name };
};

export const sourcesRows = ({ count, cursor, at, foot }: Listed, size: Size): Pane => {
  const layout = layoutFor(size.columns);
  return listPane(
    {
      header: [
        segment(
          `${' '.repeat(MARK)}${toWidth('state', STATE)} ${toWidth('source', layout.name)}${padStart('way', WAY)}${padStart('answered', SUCCESS)}${padStart('rate', RATE)}${padStart('took', TOOK)}  ${layout.note >= 5 ? 'error' : ''}`,
          'dim',
        ),
      ],
      count,
      cursor,
      at,
      row: sourceRowOf,
      foot: foot === null ? [] : footRows(foot, size.columns),
    },
    size,
  );
};

const sourceRowOf = (source: SourceRow, width: number): Row => {
  const { name, note } = layoutFor(width);
  return [
    segment(`${toWidth(source.state, STATE)} `, stateStyles[source.state]),
    segment(toWidth(source.source, name), isLoud(source) ? 'bold' : 'plain'),
    segment(padStart(source.way, WAY), 'dim'),
    segment(padStart(source.success, SUCCESS), source.success === 'never' ? 'warn' : 'plain'),
    segment(padStart(source.rate, RATE), 'dim'),
    segment(padStart(source.took, TOOK), 'dim'),
    segment('  '),
    segment(cut(source.note, note), isLoud(source) ? 'bad' : 'dim'),
  ];
};

const isLoud = ({ state }: SourceRow): boolean => state === 'FAILING' || state === 'CLOCK';

const footRows = (foot: SourceFoot, width: number): readonly Row[] => {
  const error =
    foot.error === null ? ['no error since the agent started'] : wrapText(foot.error, width - 12, ERROR_ROWS);
  const style: StyleName = foot.error === null ? 'dim' : foot.isFailing ? 'bad' : 'plain';
  const [first = '', ...more] = error;
  const errorRows: readonly Row[] = [
    [segment(' error     ', 'dim'), segment(first, style)],
    ...more.map((text): Row => [segment(' '.repeat(11)), segment(text, style)]),
  ];
  return [
    ruleRow(width, cut(foot.title, width - 8)),
    [segment(' way       ', 'dim'), segment(cut(foot.way, width - 12))],
    [
      segment(' answered  ', 'dim'),
      segment(foot.success, foot.success === 'never' ? 'warn' : 'plain'),
      ...(foot.clock === null ? [] : [segment(`, its clock is ${foot.clock}`, foot.isClockWrong ? 'loud' : 'warn')]),
    ],
    ...[...errorRows, blank, blank].slice(0, ERROR_ROWS),
  ];
};

/** What to do where there is no source at all. */
export const noSourceRows = ({ columns: width, rows: height }: Size): Pane => {
  const words = [
    'No source is asked, and none told anything yet.',
    'Numbers: give services.yaml a prometheus server, or addresses to scrape; warroom init writes it with you.',
    'Alerts: point Alertmanager or another system to POST /api/v1/alerts/SOURCE on the agent, with its token.',
    'By hand: warroom alert SERVICE SEVERITY MESSAGE.',
  ];
  const rows = words.flatMap((text, index): readonly Row[] => [
    blank,
    ...wrapText(text, width - 2, 4).map((one) => line(` ${one}`, index === 0 ? 'warn' : 'plain')),
  ]);
  return { rows: rows.slice(0, Math.max(0, height)), maxScroll: 0, page: 1 };
};
