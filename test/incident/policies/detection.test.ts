import { describe, expect, it } from 'vitest';
import {
  nothingTracked,
  type RuleTracking,
  type Watched,
  watchService,
} from '../../../src/incident/policies/detection.ts';
import { parseCondition } from '../../../src/incident/policies/parse-condition.ts';
import type { SeverityPolicy, SeverityRule } from '../../../src/incident/policies/policy.ts';
import type { Readings } from '../../../src/incident/policies/readings.ts';
import { toTimestamp } from '../../../src/incident/time.ts';
import type { Severity } from '../../../src/incident/words.ts';

const rule = (
  id: string,
  severity: Severity,
  given: { readonly text: string; readonly forSeconds: number },
): SeverityRule => {
  const parsed = parseCondition(given.text);
  if (!parsed.ok) throw new Error(given.text);
  return { id, severity, when: parsed.condition, text: given.text, forMs: given.forSeconds * 1_000 };
};

const policy: SeverityPolicy = {
  rules: [
    rule('half', 'SEV1', { text: 'errorRatio >= 0.5', forSeconds: 10 }),
    rule('tenth', 'SEV2', { text: 'errorRatio >= 0.1', forSeconds: 10 }),
    rule('some', 'SEV3', { text: 'errorRatio >= 0.01', forSeconds: 60 }),
    rule('exposed', 'SEV1', { text: 'fact(data-exposed)', forSeconds: 0 }),
  ],
  minimumRequestsPerSecond: 1,
  respondWithinMs: { SEV1: 0, SEV2: 0, SEV3: 0, SEV4: 'business-hours' },
  definitions: { SEV1: '', SEV2: '', SEV3: '', SEV4: '' },
};

const START = Date.parse('2026-11-22T03:00:00.000Z');
const at = (second: number): string => toTimestamp(START + second * 1_000);

const readings = (errorRatio: number | null, given: Partial<Readings> = {}): Readings => ({
  errorRatio,
  p95Seconds: 0.2,
  requestsPerSecond: 20,
  baseline: { errorRatio: null, p95Seconds: null },
  allChecksDown: false,
  core: false,
  facts: new Set(),
  ...given,
});

type Sample = readonly [second: number, errorRatio: number | null | Readings];

/** What each look says, the tracking between them having been through JSON. */
const looks = (samples: readonly Sample[]): readonly Watched[] => {
  let tracking: RuleTracking = nothingTracked;
  return samples.map(([second, given]) => {
    const seen = typeof given === 'object' && given !== null ? given : readings(given);
    const watched = watchService(tracking, { service: 'checkout', readings: seen, at: at(second), policy });
    tracking = JSON.parse(JSON.stringify(watched.tracking)) as RuleTracking;
    return watched;
  });
};

const lastLook = (samples: readonly Sample[]): Watched => looks(samples).at(-1)!;
const breachOf = (samples: readonly Sample[]): string | null => lastLook(samples).breach?.rule ?? null;

const every = (seconds: number, span: { readonly from: number; readonly to: number }, ratio: number | null): Sample[] =>
  Array.from({ length: Math.floor((span.to - span.from) / seconds) + 1 }, (_, index) => [
    span.from + index * seconds,
    ratio,
  ]);

describe('a breach', () => {
  it.each<[string, readonly Sample[], string | null]>([
    ['is not declared by one reading', [[0, 0.6]], null],
    [
      'is not declared just before its time',
      [
        [0, 0.6],
        [9.999, 0.6],
      ],
      null,
    ],
    [
      'is declared at its time',
      [
        [0, 0.6],
        [10, 0.6],
      ],
      'half',
    ],
    [
      'is reset by one false reading',
      [
        [0, 0.6],
        [5, 0],
        [10, 0.6],
      ],
      null,
    ],
    [
      'counts anew after a false reading',
      [
        [0, 0.6],
        [5, 0],
        [10, 0.6],
        [20, 0.6],
      ],
      'half',
    ],
    [
      'is not reset by an unknown reading',
      [
        [0, 0.6],
        [5, null],
        [10, 0.6],
      ],
      'half',
    ],
    [
      'is not declared by an unknown reading',
      [
        [0, 0.6],
        [10, null],
      ],
      null,
    ],
    [
      'is not begun by an unknown reading',
      [
        [0, null],
        [10, 0.6],
      ],
      null,
    ],
    [
      'is decided by the first rule from the top',
      [
        [0, 0.6],
        [60, 0.6],
      ],
      'half',
    ],
    [
      'is of the lower rule while the higher one is still young',
      [
        [0, 0.2],
        [5, 0.6],
        [10, 0.6],
      ],
      'tenth',
    ],
    [
      'is of the lower rule once the higher one is false',
      [
        [0, 0.6],
        [10, 0.3],
      ],
      'tenth',
    ],
    ['by a fact needs no time', [[0, readings(0, { facts: new Set(['data-exposed']) })]], 'exposed'],
    [
      'needs its traffic all the time',
      [
        [0, 0.6],
        [10, readings(0.6, { requestsPerSecond: 0.5 })],
      ],
      null,
    ],
    [
      'is not put together from two readings far apart',
      [
        [0, 0.6],
        [121, 0.6],
      ],
      null,
    ],
    [
      'may be put together from two readings less far apart',
      [
        [0, 0.6],
        [120, 0.6],
      ],
      'half',
    ],
    [
      'is not declared after a long silence between true readings',
      [[0, 0.6], ...every(2, { from: 2, to: 600 }, null), [602, 0.6]],
      null,
    ],
  ])('%s', (_name, samples, expected) => {
    expect(breachOf(samples)).toBe(expected);
  });

  it('carries the rule as written, its beginning and the last five samples as read', () => {
    const samples = every(2, { from: 0, to: 12 }, 0.6);
    expect(lastLook(samples).breach).toEqual({
      rule: 'half',
      severity: 'SEV1',
      evidence: {
        service: 'checkout',
        rule: 'half',
        condition: 'errorRatio >= 0.5',
        since: at(0),
        samples: [4, 6, 8, 10, 12].map((second) => ({
          at: at(second),
          errorRatio: 0.6,
          p95Seconds: 0.2,
          requestsPerSecond: 20,
        })),
      },
    });
  });

  it('carries only samples from its beginning on', () => {
    const evidence = lastLook([
      [0, 0],
      [2, 0],
      [4, 0.6],
      [14, 0.6],
    ]).breach?.evidence;
    expect(evidence?.samples.map((sample) => sample.at)).toEqual([at(4), at(14)]);
  });

  it('does not grow what is remembered', () => {
    const { tracking } = lastLook(every(1, { from: 0, to: 300 }, 0.6));
    expect(JSON.stringify(tracking).length).toBeLessThan(1_500);
  });
});

describe('a clock that jumps backwards', () => {
  it('delays a breach by no more than its own time', () => {
    const jumped = [
      [0, 0.6],
      [8, 0.6],
      [-3_600, 0.6],
      [-3_591, 0.6],
      [-3_590, 0.6],
    ] as const;
    expect(looks(jumped).map(({ breach }) => breach?.rule ?? null)).toEqual([null, null, null, null, 'half']);
  });

  it('leaves no sample from the future in the evidence', () => {
    const evidence = lastLook([
      [0, 0.6],
      [8, 0.6],
      [-3_600, 0.6],
      [-3_590, 0.6],
    ]).breach?.evidence;
    expect(evidence?.since).toBe(at(-3_600));
    expect(evidence?.samples.map((sample) => sample.at)).toEqual([at(-3_600), at(-3_590)]);
  });
});

describe('verdicts', () => {
  it('say of every rule what it is and since when', () => {
    expect(
      lastLook([
        [0, 0.2],
        [4, 0.2],
      ]).verdicts,
    ).toEqual([
      { rule: 'half', verdict: false, since: null },
      { rule: 'tenth', verdict: true, since: at(0) },
      { rule: 'some', verdict: true, since: at(0) },
      { rule: 'exposed', verdict: false, since: null },
    ]);
  });

  it('keep the beginning of a rule that is unknown now', () => {
    expect(
      lastLook([
        [0, 0.2],
        [4, null],
      ]).verdicts[1],
    ).toEqual({ rule: 'tenth', verdict: 'unknown', since: at(0) });
  });

  it('find nothing inherited for a rule named like a part of every object', () => {
    const odd = { ...policy, rules: [rule('constructor', 'SEV1', { text: 'errorRatio >= 0.5', forSeconds: 10 })] };
    const watched = watchService(nothingTracked, {
      service: 'checkout',
      readings: readings(0.6),
      at: at(0),
      policy: odd,
    });
    expect(watched.verdicts).toEqual([{ rule: 'constructor', verdict: true, since: at(0) }]);
  });
});
