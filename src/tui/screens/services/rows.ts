// Owns the layout of the list of services: one row each under the names of the columns, the marked one in full at the foot.
import { blank, type Row, type Size, type StyleName, segment } from '../../row.ts';
import { cut, padStart, toWidth } from '../../width.ts';
import { type ListPane, listPane } from '../list-pane.ts';
import { silenceRow } from '../room/fact-rows.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import { checksRow, curve } from '../room/signal-rows.ts';
import { STRETCH_MS } from '../room/signals-model.ts';
import { lengthWords } from '../signals/stretches.ts';
import type { ServiceFoot, ServiceRow } from './view-model.ts';

interface Listed {
  readonly count: number;
  readonly cursor: number;
  /** Made for what is in view alone. */
  readonly at: (index: number) => ServiceRow | null;
  readonly foot: ServiceFoot | null;
}

interface Layout {
  readonly name: number;
  readonly curve: number;
  readonly note: number;
  /** Of limit, p95 and rate, in this order: none is cut in half. */
  readonly numbers: number;
}

const MARK = 2;
const ERRORS = 7;
const NUMBERS = [7, 8, 9] as const;
const FOOT_ROWS = 3;

const layoutFor = (width: number): Layout => {
  const name = width >= 140 ? 28 : width >= 100 ? 20 : 13;
  const numbers = width >= 76 ? 3 : width >= 60 ? 2 : width >= 50 ? 1 : 0;
  const fixed = MARK + name + 1 + ERRORS + 2 + NUMBERS.slice(0, numbers).reduce((sum, one) => sum + one, 0) + 2;
  const left = Math.max(0, width - fixed);
  const note = Math.min(left, Math.max(16, Math.floor(left * 0.5)));
  return { name, numbers, note, curve: Math.max(0, Math.min(60, left - note)) };
};

export const servicesRows = ({ count, cursor, at, foot }: Listed, size: Size): Pane => {
  const layout = layoutFor(size.columns);
  const list: ListPane<ServiceRow> = {
    header: headerRow(layout),
    count,
    cursor,
    at,
    row: serviceRow,
    foot: foot === null ? [] : footRows(foot, size.columns),
  };
  return listPane(list, size);
};

const headerRow = ({ name, curve: columns, numbers }: Layout): Row => {
  const titles = ['limit', 'p95', 'rate'].slice(0, numbers).map((title, index) => padStart(title, NUMBERS[index] ?? 0));
  const past = toWidth(`last ${lengthWords(columns * STRETCH_MS)}`, columns);
  return [
    segment(
      `${' '.repeat(MARK)}${toWidth('service', name)} ${padStart('errors', ERRORS)}  ${past}${titles.join('')}  checks`,
      'dim',
    ),
  ];
};

const serviceRow = (service: ServiceRow, width: number): Row => {
  const layout = layoutFor(width);
  const numbers: Row = [
    segment(padStart(service.limitRatio === null ? 'none' : service.limit.replace(/^limit /, ''), NUMBERS[0]), 'dim'),
    number(service.p95, NUMBERS[1]),
    number(service.rate, NUMBERS[2]),
  ];
  return [
    segment(`${toWidth(service.service, layout.name)} `, service.isOwn ? 'bold' : 'plain'),
    errorsSegment(service),
    segment('  '),
    ...(layout.curve === 0 ? [] : curve(service, layout.curve)),
    ...numbers.slice(0, layout.numbers),
    segment('  '),
    segment(cut(service.note, layout.note), service.noteTone),
  ];
};

const number = (text: string, width: number) =>
  segment(padStart(cut(text, width - 1), width), text === 'unknown' ? 'dim' : 'plain');

/** A service nobody asks anything is idle, and one that nothing measures says so: neither is trouble. */
const errorsSegment = ({ errors, unknownReason, isAboveLimit, isMissed }: ServiceRow) => {
  if (unknownReason !== null && !isMissed)
    return segment(padStart(unknownReason === 'idle' ? 'idle' : 'not set', ERRORS), 'dim');
  const style: StyleName = isAboveLimit ? 'loud' : unknownReason === null ? 'plain' : 'warn';
  return segment(padStart(errors, ERRORS), style);
};

const footRows = (foot: ServiceFoot, width: number): readonly Row[] => {
  const rows: readonly Row[] = [
    checksRow(foot.checks, width) ?? [segment(' checks    none are configured', 'dim')],
    ...(foot.unknown === null ? [] : [[segment(' errors    ', 'dim'), segment(`unknown: ${foot.unknown}`, 'warn')]]),
    ...(foot.silence === null ? [] : [silenceRow(foot.silence, { width, more: '' })]),
    ...(foot.incidents === null ? [] : [[segment(' incident  ', 'dim'), segment(cut(foot.incidents, width - 12))]]),
  ];
  const padded = [...rows, blank, blank].slice(0, FOOT_ROWS);
  return [ruleRow(width, cut(foot.title, width - 8)), ...padded];
};
