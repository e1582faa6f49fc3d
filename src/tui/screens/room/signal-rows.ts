// Owns how signals are laid out: one row a service, aligned, the curve as wide as there is room.
import { BARS, COLUMN } from '../../glyphs.ts';
import { blank, type Row, type Segment, type StyleName, segment } from '../../row.ts';
import { cutRow, padStart, toWidth, widthOf } from '../../width.ts';
import { drawnRows } from '../drawn-rows.ts';
import type { Signals } from './shown-signals.ts';
import type { CheckWord, ServiceLine } from './signals-model.ts';

const SHORTEST_NAME = 8;
const FIXED_CELLS = 1 + 2 + 7 + 5 + 2 + 2 + 11 + 6 + 7 + 2 + 8 + 1;
const WIDEST_CURVE = 60;
const SHORTEST_WORDS = 4;

/** At most `maxRows` rows: services in order, checks last; what does not fit is counted. */
export const signalRows = (signals: Signals, width: number, maxRows: number): readonly Row[] => {
  const checks = checksRow(signals.checks, width);
  const forServices = Math.max(1, maxRows - (checks === null ? 0 : 1));
  const { services } = signals;
  const needsCount = services.length > forServices && forServices > 1;
  const shown = services.slice(0, needsCount ? forServices - 1 : forServices).map(signals.lineOf);
  const layout = layoutFor(shown, width);
  const rows = shown.map((service, index) => {
    const isOwn = index < signals.ownServices || signals.ownServices === 0;
    return drawn(index, { ...service, ...layout, isOwn }, { width, isMarked: false })[0] ?? blank;
  });
  const more = needsCount ? [moreRow(signals, shown.length, width)] : [];
  return [...rows, ...more, ...(checks === null ? [] : [checks])].slice(0, maxRows);
};

/** Those without a row of their own, counted, the worst named first. */
const moreRow = ({ services, standings, errorsOf }: Signals, shown: number, width: number): Row => {
  const inView = new Set(services.slice(0, shown));
  const { above, unknown, fine } = standings();
  const row: Segment[] = [segment(` +${services.length - shown} more: `, 'dim')];
  let left = width;
  for (const one of [...above, ...unknown, ...fine]) {
    if (inView.has(one)) continue;
    const { service, errors, isAboveLimit, unknownReason } = errorsOf(one);
    const name = segment(`${row.length === 1 ? '' : ', '}${service} `, 'dim');
    row.push(name, segment(errors, isAboveLimit ? 'loud' : unknownReason === null ? 'dim' : 'warn'));
    left -= widthOf(name.text) + errors.length;
    if (left < 0) break;
  }
  return cutRow(row, width - 1);
};

/** How many rows would show everything. */
export const wantedSignalRows = ({ services, checks }: Signals): number =>
  services.length + (checks.length > 0 ? 1 : 0);

interface Layout {
  /** Of limit, p95 and rate, in this order: none is cut in half. */
  readonly partsShown: number;
  readonly nameWidth: number;
  readonly curveWidth: number;
}

const layoutFor = (services: readonly ServiceLine[], width: number): Layout => {
  const longest = services.reduce((most, { service }) => Math.max(most, widthOf(service)), SHORTEST_NAME);
  const nameWidth = Math.min(longest, Math.max(SHORTEST_NAME, Math.floor(width / 5)));
  const room = width - nameWidth - 3 - 14;
  const partsShown = room >= 37 ? 3 : room >= 27 ? 2 : room >= 13 ? 1 : 0;
  return { nameWidth, partsShown, curveWidth: Math.max(0, Math.min(WIDEST_CURVE, width - FIXED_CELLS - nameWidth)) };
};

type Laid = ServiceLine & Layout & { readonly isOwn: boolean };

const drawn = drawnRows<Laid>((service) => [serviceRow(service)]);

const serviceRow = (service: Laid): Row => {
  const { nameWidth, curveWidth, partsShown, isOwn } = service;
  const name = segment(` ${toWidth(service.service, nameWidth)}  `, isOwn ? 'bold' : 'plain');
  const parts: readonly Segment[] = [
    segment(`  ${toWidth(service.limit, 11)}`, 'dim'),
    segment(`  p95 ${toWidth(service.p95, 7)}`, service.p95 === 'unknown' ? 'warn' : 'plain'),
    segment(`  ${padStart(service.rate, 8)}`, service.rate === 'unknown' ? 'warn' : 'plain'),
  ];
  const tail = parts.slice(0, partsShown);
  if (service.unknownReason !== null) {
    return [name, segment(toWidth(`errors unknown: ${service.unknownReason}`, 14 + curveWidth), 'warn'), ...tail];
  }
  const style: StyleName = service.isAboveLimit ? 'loud' : 'plain';
  return [
    name,
    segment('errors '),
    segment(padStart(service.errors, 5), style),
    segment('  '),
    ...curve(service, curveWidth),
    ...tail,
  ];
};

/** A curve of error ratios: full height is the worst in view, or four times the limit where that is more. */
export const curve = (service: ServiceLine, width: number): readonly Segment[] => {
  const past = service.past.slice(-width);
  const top = Math.max(0.04, 4 * (service.limitRatio ?? 0), ...past.map((ratio) => ratio ?? 0));
  const cells: string[] = past.map((ratio) =>
    ratio === null ? ' ' : (BARS[Math.min(7, Math.floor((ratio / top) * 8))] ?? BARS[0]),
  );
  for (const mark of service.marks) {
    const column = service.past.length - 1 - mark - (service.past.length - cells.length);
    if (column >= 0 && column < cells.length) cells[column] = COLUMN;
  }
  return width === 0 ? [] : [segment(padStart(cells.join(''), width), service.isAboveLimit ? 'bad' : 'ok')];
};

const checkStyles: Readonly<Record<CheckWord['state'], StyleName>> = { up: 'plain', down: 'loud', unknown: 'warn' };

export const checksRow = (checks: readonly CheckWord[], width: number): Row | null => {
  if (checks.length === 0) return null;
  const words = checks
    .slice(0, Math.ceil(width / SHORTEST_WORDS))
    .map((check): Row => [segment(`${check.label} `), segment(check.words, checkStyles[check.state]), segment('   ')]);
  return cutRow([segment(' checks    ', 'dim'), ...words.flat()], width - 1);
};
