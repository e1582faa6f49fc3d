// Owns a bounded run of points of one service, oldest first, packed as numbers: a null is kept as NaN.
import { type Timestamp, toTimestamp } from '../../incident/time.ts';

export type SignalKey = 'errorRatio' | 'p95Seconds' | 'requestsPerSecond';

export const SIGNAL_KEYS = ['errorRatio', 'p95Seconds', 'requestsPerSecond'] as const satisfies readonly SignalKey[];

export type SignalValues = Readonly<Record<SignalKey, number | null>>;

export interface SignalPoint extends SignalValues {
  readonly at: Timestamp;
}

export interface PointRing {
  /** Adds a point later than all before; the oldest gives way when the ring is full. */
  push(atMs: number, values: SignalValues): void;
  /** Forgets points before `atMs`. */
  dropBefore(atMs: number): void;
  /** Forgets points at or after `atMs`, for a clock that was set back. */
  dropFrom(atMs: number): void;
  points(fromMs: number, beforeMs: number): SignalPoint[];
  /** Known values of one signal with their times, in order. */
  known(signal: SignalKey, fromMs: number, beforeMs: number): { readonly atMs: number; readonly value: number }[];
  firstAtMs(): number | null;
  lastAtMs(): number | null;
}

const WIDTH = 1 + SIGNAL_KEYS.length;
const FIRST_CAPACITY = 64;

export const createPointRing = (maxPoints: number): PointRing => {
  let capacity = Math.min(FIRST_CAPACITY, maxPoints);
  let cells = new Float64Array(capacity * WIDTH);
  let first = 0;
  let length = 0;

  const cellOf = (index: number): number => ((first + index) % capacity) * WIDTH;
  const atOf = (index: number): number => cells[cellOf(index)] ?? Number.NaN;
  const cell = (index: number, column: number): number => cells[cellOf(index) + 1 + column] ?? Number.NaN;
  const grow = (): void => {
    const grown = new Float64Array(Math.min(capacity * 2, maxPoints) * WIDTH);
    for (let index = 0; index < length; index++) {
      grown.set(cells.subarray(cellOf(index), cellOf(index) + WIDTH), index * WIDTH);
    }
    cells = grown;
    capacity = cells.length / WIDTH;
    first = 0;
  };
  const dropOldest = (): void => {
    first = (first + 1) % capacity;
    length -= 1;
  };
  /** The first index at or after that time. */
  const indexAt = (atMs: number): number => {
    let low = 0;
    for (let high = length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (atOf(middle) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const range = (fromMs: number, beforeMs: number): number[] => {
    const from = indexAt(fromMs);
    return Array.from({ length: Math.max(0, indexAt(beforeMs) - from) }, (_, offset) => from + offset);
  };
  const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value);

  return {
    push: (atMs, values) => {
      if (length === capacity && capacity < maxPoints) grow();
      if (length === capacity) dropOldest();
      length += 1;
      cells.set([atMs, ...SIGNAL_KEYS.map((key) => values[key] ?? Number.NaN)], cellOf(length - 1));
    },
    dropBefore: (atMs) => {
      while (length > 0 && atOf(0) < atMs) dropOldest();
    },
    dropFrom: (atMs) => {
      length = indexAt(atMs);
    },
    points: (fromMs, beforeMs) =>
      range(fromMs, beforeMs).map((index) => ({
        at: toTimestamp(atOf(index)),
        errorRatio: nullable(cell(index, 0)),
        p95Seconds: nullable(cell(index, 1)),
        requestsPerSecond: nullable(cell(index, 2)),
      })),
    known: (signal, fromMs, beforeMs) => {
      const column = SIGNAL_KEYS.indexOf(signal);
      return range(fromMs, beforeMs)
        .map((index) => ({ atMs: atOf(index), value: cell(index, column) }))
        .filter(({ value }) => !Number.isNaN(value));
    },
    firstAtMs: () => (length === 0 ? null : atOf(0)),
    lastAtMs: () => (length === 0 ? null : atOf(length - 1)),
  };
};
