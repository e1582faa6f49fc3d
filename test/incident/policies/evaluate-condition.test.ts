import { describe, expect, it } from 'vitest';
import { evaluate, type Verdict } from '../../../src/incident/policies/evaluate-condition.ts';
import { parseCondition } from '../../../src/incident/policies/parse-condition.ts';
import { allChecksDown, type Readings, withEnoughTraffic } from '../../../src/incident/policies/readings.ts';
import type { CheckState } from '../../../src/incident/signals.ts';
import { safeText } from '../../../src/incident/text.ts';

const readings = (given: Partial<Readings> = {}): Readings => ({
  errorRatio: null,
  p95Seconds: null,
  requestsPerSecond: null,
  baseline: { errorRatio: null, p95Seconds: null },
  allChecksDown: null,
  core: false,
  facts: new Set(),
  ...given,
});

const verdict = (text: string, given: Partial<Readings>): Verdict => {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${text}: expected ${parsed.expected} at ${parsed.at}`);
  return evaluate(parsed.condition, readings(given));
};

describe('the truth of a condition', () => {
  it.each<[string, Partial<Readings>, Verdict]>([
    ['errorRatio >= 0.5', { errorRatio: 0.5 }, true],
    ['errorRatio > 0.5', { errorRatio: 0.5 }, false],
    ['errorRatio <= 0.5', { errorRatio: 0.5 }, true],
    ['errorRatio < 0.5', { errorRatio: 0.5 }, false],
    ['errorRatio < 0.5', { errorRatio: 0.49 }, true],
    ['errorRatio >= 0.5', {}, 'unknown'],
    ['errorRatio >= 0', {}, 'unknown'],
    ['errorRatio < 2', {}, 'unknown'],
    ['errorRatio >= errorRatio', {}, 'unknown'],
    ['errorRatio >= 0.5', { errorRatio: Number.NaN }, 'unknown'],
    ['errorRatio >= 0.5', { errorRatio: Number.POSITIVE_INFINITY }, 'unknown'],
    ['errorRatio >= max(0.01, 3 * baseline(errorRatio))', { errorRatio: 0.009 }, false],
    ['errorRatio >= max(0.01, 3 * baseline(errorRatio))', { errorRatio: 0.01 }, 'unknown'],
    ['errorRatio >= max(0.01, 3 * baseline(errorRatio))', { errorRatio: 0.9 }, 'unknown'],
    [
      'errorRatio >= max(0.01, 3 * baseline(errorRatio))',
      { errorRatio: 0.03, baseline: { errorRatio: 0.01, p95Seconds: null } },
      true,
    ],
    ['errorRatio > min(0.5, 3 * baseline(errorRatio))', { errorRatio: 0.6 }, true],
    ['errorRatio > min(0.5, 3 * baseline(errorRatio))', { errorRatio: 0.4 }, 'unknown'],
    ['p95 >= 0 * baseline(p95)', { p95Seconds: 1 }, true],
    ['requestsPerSecond > 5', { requestsPerSecond: 6 }, true],
    ['p95 > 1', { p95Seconds: 2 }, true],
    ['allChecksDown', {}, 'unknown'],
    ['allChecksDown', { allChecksDown: true }, true],
    ['core', { core: true }, true],
    ['fact(data-exposed)', { facts: new Set(['data-exposed']) }, true],
    ['fact(data-exposed)', {}, false],
    ['allChecksDown and core', {}, false],
    ['allChecksDown and core', { core: true }, 'unknown'],
    ['allChecksDown or core', { core: true }, true],
    ['allChecksDown or core', {}, 'unknown'],
    ['not allChecksDown', {}, 'unknown'],
    ['not core', {}, true],
    ['not (allChecksDown and core)', {}, true],
  ])('%s with %o is %s', (text, given, expected) => {
    expect(verdict(text, given)).toBe(expected);
  });
});

describe('readings', () => {
  it.each<[number | null, number | null]>([
    [null, null],
    [0, null],
    [0.99, null],
    [1, 0.4],
    [2, 0.4],
  ])('at %s requests per second have an error ratio of %s', (requestsPerSecond, errorRatio) => {
    const given = readings({ requestsPerSecond, errorRatio: 0.4, p95Seconds: 1, allChecksDown: true });
    expect(withEnoughTraffic(given, 1)).toMatchObject({
      errorRatio,
      p95Seconds: errorRatio === null ? null : 1,
      allChecksDown: true,
    });
  });

  it.each<[readonly CheckState[], boolean | null]>([
    [[], false],
    [['down'], true],
    [['down', 'down'], true],
    [['down', 'up'], false],
    [['down', 'unknown'], null],
    [['up', 'unknown'], false],
    [['unknown'], null],
  ])('of checks %o say that all are down: %s', (states, expected) => {
    const at = '2026-11-22T03:00:00.000Z';
    expect(
      allChecksDown(
        states.map((state) => ({ service: 'checkout', name: 'http', state, since: at, detail: safeText('') })),
      ),
    ).toBe(expected);
  });
});
