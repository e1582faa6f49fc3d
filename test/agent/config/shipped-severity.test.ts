import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/agent/config/load-config.ts';
import {
  nothingTracked,
  type RuleTracking,
  type Watched,
  watchService,
} from '../../../src/incident/policies/detection.ts';
import type { SeverityPolicy } from '../../../src/incident/policies/policy.ts';
import type { Readings } from '../../../src/incident/policies/readings.ts';
import { toTimestamp } from '../../../src/incident/time.ts';

let policy: SeverityPolicy;
beforeAll(async () => {
  const shipped = fileURLToPath(new URL('../../../config', import.meta.url));
  policy = (await loadConfig({ directory: shipped, defaultsDirectory: shipped, env: {} })).policy.severities;
});

const healthy: Readings = {
  errorRatio: 0.001,
  p95Seconds: 0.1,
  requestsPerSecond: 20,
  baseline: { errorRatio: 0.002, p95Seconds: 0.1 },
  allChecksDown: false,
  core: false,
  facts: new Set(),
};

const noBaseline = { baseline: { errorRatio: null, p95Seconds: null } };
const calmBaseline = { baseline: { errorRatio: 0.002, p95Seconds: 0.1 } };
const noisyBaseline = { baseline: { errorRatio: 0.02, p95Seconds: 0.1 } };
const veryNoisyBaseline = { baseline: { errorRatio: 0.2, p95Seconds: 0.1 } };

/** The same readings every second for so long. */
const held = (given: Partial<Readings>, seconds: number): Watched => {
  let tracking: RuleTracking = nothingTracked;
  let latest: Watched | null = null;
  const moments = [...Array.from({ length: Math.ceil(seconds) }, (_, second) => second), seconds];
  for (const second of moments) {
    latest = watchService(tracking, {
      service: 'checkout',
      readings: { ...healthy, ...given },
      at: toTimestamp(Date.parse('2026-11-22T03:00:00.000Z') + second * 1_000),
      policy,
    });
    tracking = latest.tracking;
  }
  if (latest === null) throw new Error('no look');
  return latest;
};

const LONG = 61;

describe('the shipped severity policy, each threshold just below, at and just above', () => {
  it.each<[string, Partial<Readings>, string | null]>([
    // Errors, against a calm baseline: the limit is 1 %.
    ['0.99 % of requests failing', { errorRatio: 0.0099, ...calmBaseline }, null],
    ['1 % failing', { errorRatio: 0.01, ...calmBaseline }, 'SEV3 errors-above-baseline'],
    ['1.01 % failing', { errorRatio: 0.0101, ...calmBaseline }, 'SEV3 errors-above-baseline'],
    ['9.99 % failing', { errorRatio: 0.0999, ...calmBaseline }, 'SEV3 errors-above-baseline'],
    ['10 % failing', { errorRatio: 0.1, ...calmBaseline }, 'SEV2 errors-tenth'],
    ['10.01 % failing', { errorRatio: 0.1001, ...calmBaseline }, 'SEV2 errors-tenth'],
    ['30 % failing', { errorRatio: 0.3, ...calmBaseline }, 'SEV2 errors-tenth'],
    ['49.99 % failing', { errorRatio: 0.4999, ...calmBaseline }, 'SEV2 errors-tenth'],
    ['50 % failing', { errorRatio: 0.5, ...calmBaseline }, 'SEV1 errors-half'],
    ['50.01 % failing', { errorRatio: 0.5001, ...calmBaseline }, 'SEV1 errors-half'],
    ['all failing', { errorRatio: 1, ...calmBaseline }, 'SEV1 errors-half'],
    ['none failing', { errorRatio: 0, ...calmBaseline }, null],
    // Against a baseline of 2 %, three times that is the limit; of 20 %, more than the next class.
    ['5.99 % failing where 2 % is normal', { errorRatio: 0.0599, ...noisyBaseline }, null],
    ['6 % failing where 2 % is normal', { errorRatio: 0.06, ...noisyBaseline }, 'SEV3 errors-above-baseline'],
    ['6.01 % failing where 2 % is normal', { errorRatio: 0.0601, ...noisyBaseline }, 'SEV3 errors-above-baseline'],
    ['9.99 % failing where 20 % is normal', { errorRatio: 0.0999, ...veryNoisyBaseline }, null],
    ['10 % failing where 20 % is normal', { errorRatio: 0.1, ...veryNoisyBaseline }, 'SEV2 errors-tenth'],
    // Without a baseline nobody knows what is normal between 1 % and 10 %.
    ['0.99 % failing without a baseline', { errorRatio: 0.0099, ...noBaseline }, null],
    ['1 % failing without a baseline', { errorRatio: 0.01, ...noBaseline }, null],
    ['9.99 % failing without a baseline', { errorRatio: 0.0999, ...noBaseline }, null],
    ['10 % failing without a baseline', { errorRatio: 0.1, ...noBaseline }, 'SEV2 errors-tenth'],
    ['50 % failing without a baseline', { errorRatio: 0.5, ...noBaseline }, 'SEV1 errors-half'],
    // Latency.
    ['4.99 times slower', { p95Seconds: 0.499 }, null],
    ['5 times slower', { p95Seconds: 0.5 }, 'SEV2 five-times-slower'],
    ['5.01 times slower', { p95Seconds: 0.501 }, 'SEV2 five-times-slower'],
    ['ten seconds without a baseline', { p95Seconds: 10, ...noBaseline }, null],
    ['5 times slower with half of the requests failing', { p95Seconds: 0.5, errorRatio: 0.5 }, 'SEV1 errors-half'],
    // Traffic.
    ['all failing at 0.99 requests per second', { errorRatio: 1, requestsPerSecond: 0.99 }, null],
    ['all failing at 1 request per second', { errorRatio: 1, requestsPerSecond: 1 }, 'SEV1 errors-half'],
    ['all failing at 1.01 requests per second', { errorRatio: 1, requestsPerSecond: 1.01 }, 'SEV1 errors-half'],
    ['all failing while idle', { errorRatio: 1, requestsPerSecond: 0 }, null],
    ['all failing at an unknown rate', { errorRatio: 1, requestsPerSecond: null }, null],
    ['slow while idle', { p95Seconds: 5, requestsPerSecond: 0 }, null],
    // Checks.
    ['all checks of a core service down', { allChecksDown: true, core: true }, 'SEV1 core-out'],
    ['all checks of another service down', { allChecksDown: true }, 'SEV2 service-out'],
    [
      'all checks of a core service down while idle',
      { allChecksDown: true, core: true, requestsPerSecond: 0, errorRatio: null },
      'SEV1 core-out',
    ],
    ['all checks of a core service unknown', { allChecksDown: null, core: true }, null],
    ['a core service with a check up', { core: true }, null],
    // Facts, and nothing at all.
    ['exposed data', { facts: new Set(['data-exposed']) }, 'SEV1 breach'],
    ['another fact', { facts: new Set(['coffee-out']) }, null],
    [
      'everything unknown',
      { errorRatio: null, p95Seconds: null, requestsPerSecond: null, allChecksDown: null, ...noBaseline },
      null,
    ],
  ])('%s', (_name, given, expected) => {
    const { breach } = held(given, LONG);
    expect(breach === null ? null : `${breach.severity} ${breach.rule}`).toBe(expected);
  });
});

describe('the shipped severity policy, just before and at the time a rule asks for', () => {
  it.each<[string, Partial<Readings>, number]>([
    ['errors-half', { errorRatio: 0.5 }, 10],
    ['errors-tenth', { errorRatio: 0.1 }, 10],
    ['five-times-slower', { p95Seconds: 0.5 }, 10],
    ['core-out', { allChecksDown: true, core: true }, 10],
    ['service-out', { allChecksDown: true }, 10],
    ['errors-above-baseline', { errorRatio: 0.01 }, 60],
    ['breach', { facts: new Set(['data-exposed']) }, 0],
  ])('%s', (rule, given, seconds) => {
    if (seconds > 0) expect(held(given, seconds - 0.001).breach).toBeNull();
    expect(held(given, seconds).breach?.rule).toBe(rule);
  });

  it('a worse state that is still young counts by the lesser rule that has held', () => {
    const tracked = held({ errorRatio: 0.2 }, 9).tracking;
    const at = toTimestamp(Date.parse('2026-11-22T03:00:10.000Z'));
    const { breach } = watchService(tracked, {
      service: 'checkout',
      readings: { ...healthy, errorRatio: 0.9 },
      at,
      policy,
    });
    expect(breach?.rule).toBe('errors-tenth');
  });
});
