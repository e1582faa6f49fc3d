import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/incident/time.ts';
import { lasted } from '../../../src/tui/wall/since.ts';

it.each([
  [-5, '0', 'minutes'],
  [59_999, '0', 'minutes'],
  [MINUTE, '1', 'minute'],
  [99 * MINUTE, '99', 'minutes'],
  [112 * MINUTE, '1:52', 'hours'],
  [48 * HOUR - 1, '47:59', 'hours'],
  [48 * HOUR, '2', 'days'],
  [Number.NaN, '0', 'minutes'],
])('%i ms are %s %s', (ms, text, unit) => {
  expect(lasted(ms)).toEqual({ text, unit });
});
