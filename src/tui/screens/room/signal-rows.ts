// Owns how signals are laid out: one row a service, aligned, the curve as wide as there is room.
import { BARS, COLUMN } from '../../glyphs.ts';
import { type Row, type Segment, type StyleName, segment } from '../../row.ts';
import { cutRow, padStart, toWidth, widthOf } from '../../width.ts';
import type { CheckWord, ServiceLine } from './signals-model.ts';
import type { Signals } from './view-model.ts';

const SHORTEST_NAME = 8;
const FIXED_CELLS = 1 + 2 + 7 + 5 + 2 + 2 + 11 + 6 + 7 + 2 + 8 + 1;
const WIDEST_CURVE = 60;

/** At most `maxRows` rows: services in order, checks last; what does not fit is counted. */
export const signalRows = (signals: Signals, width: number, maxRows: number): readonly Row[] => {
  const checks = checksRow(signals.checks, width);
  const forServices = Math.max(1, maxRows - (checks === null ? 0 : 1));
  const { services } = signals;
  const needsCount = services.length > forServices && forServices > 1;
  const shown = services.slice(0, needsCount ? forServices - 1 : forServices);
  const layout = layoutFor(shown, width);
  const rows = shown.map((service, index) =>
    serviceRow(service, { ...layout, isOwn: index < signals.ownServices || signals.ownServices === 0 }),
  );
  const more = needsCount ? [moreRow(services.slice(shown.length), width)] : [];
  return [...rows, ...more, ...(checks === null ? [] : [checks])].slice(0, maxRows);
};

/** Those without a row of their own, counted, the worst named first. */
const moreRow = (services: readonly ServiceLine[], width: number): Row => {
  const badness = (service: ServiceLine): number => (service.isAboveLimit ? 2 : service.unknownReason === null ? 0 : 1);
  const words = services
    .toSorted((a, b) => badness(b) - badness(a))
    .map(
      (service, index): Row => [
        segment(`${index === 0 ? '' : ', '}${service.service} `, 'dim'),
        segment(service.errors, service.isAboveLimit ? 'loud' : service.unknownReason === null ? 'dim' : 'warn'),
      ],
    );
  return cutRow([segment(` +${services.length} more: `, 'dim'), ...words.flat()], width - 1);
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

export const serviceRow = (
  service: ServiceLine,
  { nameWidth, curveWidth, partsShown, isOwn }: Layout & { readonly isOwn: boolean },
): Row => {
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
const curve = (service: ServiceLine, width: number): readonly Segment[] => {
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

const checksRow = (checks: readonly CheckWord[], width: number): Row | null => {
  if (checks.length === 0) return null;
  const words = checks.map(
    (check): Row => [segment(`${check.label} `), segment(check.words, checkStyles[check.state]), segment('   ')],
  );
  return cutRow([segment(' checks    ', 'dim'), ...words.flat()], width - 1);
};
