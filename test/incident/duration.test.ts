import { expect, it } from 'vitest';
import { parseDuration } from '../../src/incident/duration.ts';

it.each<[string, number | null]>([
  ['250ms', 250],
  ['30s', 30_000],
  ['1m', 60_000],
  ['15min', 900_000],
  ['2hours', 7_200_000],
  ['2 hours', 7_200_000],
  ['1h', 3_600_000],
  ['1.5h', 5_400_000],
  ['1h30m', 5_400_000],
  ['1h 30min', 5_400_000],
  ['7d', 604_800_000],
  ['0s', 0],
  ['366d', 31_622_400_000],
  ['367d', null],
  ['', null],
  ['30', null],
  ['s', null],
  ['-5s', null],
  ['5 s ', null],
  [' 5s', null],
  ['1e3s', null],
  ['5S', null],
  ['5fortnights', null],
  ['9999999999s', null],
  ['5constructor', null],
])('"%s" is %s milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
