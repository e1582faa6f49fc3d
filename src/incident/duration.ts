// Owns how people write lengths of time: `30s`, `15min`, `2hours`, `1h30m`.
import { HOUR, MINUTE, SECOND } from './time.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((unit): [string, number] => [unit, SECOND]),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((unit): [string, number] => [unit, MINUTE]),
  ...['h', 'hour', 'hours'].map((unit): [string, number] => [unit, HOUR]),
  ...['d', 'day', 'days'].map((unit): [string, number] => [unit, 24 * HOUR]),
]);

const LONGEST_MS = 366 * 24 * HOUR;

/** Milliseconds of a text such as `30s`, `15min`, `2 hours` or `1h30m`; null when it is no duration, or one of over a year. */
export const parseDuration = (text: string): number | null => {
  if (!/^(?:\d{1,9}(?:\.\d{1,3})? ?[a-z]+ ?){1,4}$/.test(text) || text.endsWith(' ')) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+) ?([a-z]+)/g)) {
    const unitMs = UNITS.get(unit ?? '');
    if (unitMs === undefined) return null;
    totalMs += Number(amount) * unitMs;
  }
  return totalMs <= LONGEST_MS ? Math.round(totalMs) : null;
};
