import { expect, it } from 'vitest';
import { clockAheadMs } from '../../../src/agent/sources/clock-ahead.ts';

const asked = { askedAtMs: 1_000, answeredAtMs: 1_400 };

it.each([
  [1_000, 0],
  [1_200, 0],
  [1_400, 0],
  [900, -100],
  [4_400, 3_000],
])('a clock that said %d between 1000 and 1400 is ahead by %d at the least', (itsNowMs, aheadMs) => {
  expect(clockAheadMs(itsNowMs, asked)).toBe(aheadMs);
});
