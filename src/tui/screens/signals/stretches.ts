// Owns the columns of a chart: equal stretches of time that stand still on the clock, and what was measured in each.
import { MINUTE, SECOND } from '../../../incident/time.ts';

export interface Point {
  readonly atMs: number;
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
  readonly requestsPerSecond: number | null;
}

export type Signal = Exclude<keyof Point, 'atMs'>;

/** Which stretch each column is: a chart moves only when its newest one is full. */
export interface Stretches {
  readonly stretchMs: number;
  readonly columns: number;
  /** Counted from the epoch. */
  readonly oldest: number;
}

/** Of a column: a number, null where it was asked and is unknown, undefined before anything was asked. */
export type Measured = number | null | undefined;

const LENGTHS_MS = [5, 10, 15, 20, 30, 60, 120, 300, 600, 1_200, 3_600].map((seconds) => seconds * SECOND);
const LONGEST_MS = 3_600 * SECOND;

export const stretchesFor = (points: readonly Point[], now: number, columns: number): Stretches => {
  const newestAtMs = points.at(-1)?.atMs ?? now;
  const spanMs = now - (points[0]?.atMs ?? now);
  const stretchMs = LENGTHS_MS.find((length) => length * (columns - 1) >= spanMs) ?? LONGEST_MS;
  const last = Math.floor(now / stretchMs);
  // The newest stretch may have no point yet: the chart does not flicker for it.
  const newest = Math.floor(newestAtMs / stretchMs) < last ? last - 1 : last;
  return { stretchMs, columns, oldest: newest - columns + 1 };
};

export const columnOf = ({ stretchMs, oldest }: Stretches, atMs: number): number =>
  Math.floor(atMs / stretchMs) - oldest;

export const startOf = ({ stretchMs, oldest }: Stretches, column: number): number => (oldest + column) * stretchMs;

/** So much longer than between the points before it, a pause is one in which nothing is known. */
const PAUSE_AFTER = 3;
const SHORTEST_PAUSE_MS = 15 * SECOND;
const LOOKED_AT = 20;

const pauseOf = (points: readonly Point[]): number => {
  const times = points.slice(-LOOKED_AT - 1).map(({ atMs }) => atMs);
  const between = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const median = between.sort((a, b) => a - b)[Math.floor(between.length / 2)] ?? 0;
  return Math.max(SHORTEST_PAUSE_MS, PAUSE_AFTER * median);
};

/** One value for each column: the highest of its stretch. Short pauses between points take the value before them. */
export const measuredIn = (points: readonly Point[], signal: Signal, stretches: Stretches): readonly Measured[] => {
  const columns: Measured[] = Array.from({ length: stretches.columns }, () => undefined);
  const pauseMs = pauseOf(points);
  let before: { readonly column: number; readonly atMs: number; readonly value: number | null } | null = null;
  for (const point of points) {
    const column = columnOf(stretches, point.atMs);
    if (column >= stretches.columns) break;
    const value = knownOf(point[signal]);
    if (before !== null)
      fill(columns, before, { column, value: point.atMs - before.atMs > pauseMs ? null : before.value });
    if (column >= 0) columns[column] = higher(columns[column], value);
    before = { column, atMs: point.atMs, value };
  }
  const endMs = startOf(stretches, stretches.columns);
  if (before !== null)
    fill(columns, before, { column: stretches.columns, value: endMs - before.atMs > pauseMs ? null : before.value });
  return columns;
};

const knownOf = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Math.max(0, value);

const higher = (a: Measured, b: number | null): number | null =>
  a === undefined || a === null ? b : Math.max(a, b ?? a);

/** The columns after `before`, up to and without `until`. */
const fill = (
  columns: Measured[],
  before: { readonly column: number },
  until: { readonly column: number; readonly value: number | null },
): void => {
  for (let column = Math.max(0, before.column + 1); column < until.column; column++) columns[column] = until.value;
};

/** `28 min`, `40 s`: how long something is that has no end yet. */
export const lengthWords = (ms: number): string =>
  ms < 2 * MINUTE
    ? `${Math.round(ms / SECOND)} s`
    : ms < 120 * MINUTE
      ? `${Math.round(ms / MINUTE)} min`
      : `${Math.round(ms / MINUTE / 60)} h`;
