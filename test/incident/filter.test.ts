import { describe, expect, it } from 'vitest';
import { matches } from '../../src/incident/filter.ts';

const TEXT = 'INC-2026-0042 SEV2 triage 2026-11-23 Checkout: 41 % of requests fail checkout ana Δοκιμή';

describe('a filter', () => {
  it.each([
    ['', true],
    ['   ', true],
    ['checkout', true],
    ['CHECKOUT sev2', true],
    ['fail ana', true],
    ['ana fail', true],
    ['checkout ben', false],
    ['!ben', true],
    ['!ana', false],
    ['checkout !triage', false],
    ['!', true],
    ['checkout !', true],
    ['41 %', true],
    ['δοκιμή', true],
    ['.*', false],
    ['(', false],
    ['\\', false],
  ])('of %o lets through: %s', (filter, expected) => {
    expect(matches(filter, TEXT)).toBe(expected);
  });
});
