import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../../src/incident/policies/parse-condition.ts';
import { readSeverityRule } from '../../../src/incident/policies/severity-rule.ts';

const signal = (name: string) => ({ kind: 'signal', name });
const number = (value: number) => ({ kind: 'number', value });
const atLeast = (left: unknown, right: unknown) => ({ kind: 'compare', operator: '>=', left, right });
const errors = (value: number) => atLeast(signal('errorRatio'), number(value));

describe('the rule language', () => {
  it.each([
    ['errorRatio >= 0.5', errors(0.5)],
    ['  errorRatio>=0.5  ', errors(0.5)],
    [
      'requestsPerSecond < 10',
      { kind: 'compare', operator: '<', left: signal('requestsPerSecond'), right: number(10) },
    ],
    ['allChecksDown and core', { kind: 'and', of: [{ kind: 'allChecksDown' }, { kind: 'core' }] }],
    ['fact(data-exposed)', { kind: 'fact', name: 'data-exposed' }],
    ['not core', { kind: 'not', of: { kind: 'core' } }],
    ['not not core', { kind: 'not', of: { kind: 'not', of: { kind: 'core' } } }],
    [
      'p95 >= 5 * baseline(p95)',
      atLeast(signal('p95'), { kind: 'multiply', left: number(5), right: { kind: 'baseline', name: 'p95' } }),
    ],
    [
      'errorRatio >= max(0.01, 3 * baseline(errorRatio))',
      atLeast(signal('errorRatio'), {
        kind: 'max',
        of: [number(0.01), { kind: 'multiply', left: number(3), right: { kind: 'baseline', name: 'errorRatio' } }],
      }),
    ],
    [
      'min(p95, 2, 3) > 1',
      {
        kind: 'compare',
        operator: '>',
        left: { kind: 'min', of: [signal('p95'), number(2), number(3)] },
        right: number(1),
      },
    ],
    [
      'core or allChecksDown and core',
      { kind: 'or', of: [{ kind: 'core' }, { kind: 'and', of: [{ kind: 'allChecksDown' }, { kind: 'core' }] }] },
    ],
    [
      '(core or allChecksDown) and core',
      { kind: 'and', of: [{ kind: 'or', of: [{ kind: 'core' }, { kind: 'allChecksDown' }] }, { kind: 'core' }] },
    ],
    ['not core and core', { kind: 'and', of: [{ kind: 'not', of: { kind: 'core' } }, { kind: 'core' }] }],
  ])('reads %s', (text, condition) => {
    expect(parseCondition(text)).toEqual({ ok: true, condition });
  });

  it.each([
    ['', 1, 'a comparison'],
    ['   ', 1, 'a comparison'],
    ['errorRatio', 11, 'one of >= > <= <'],
    ['errorRatio >=', 14, 'a number'],
    ['errorRatio >> 0.5', 13, 'a number'],
    ['errorRatio == 0.5', 12, 'a word, a number'],
    ['errorRatio >= 50%', 17, 'without a unit'],
    ['p95 >= 2s', 8, 'without a unit'],
    ['errorRate >= 0.5', 1, 'a comparison'],
    ['errorRatio >= errorRate', 15, 'a number, errorRatio, p95'],
    ['errorRatio >= 0.5 core', 19, 'and, or, or the end'],
    ['errorRatio >= 0.5 and', 22, 'a comparison'],
    ['(errorRatio >= 0.5', 19, 'and, or, or )'],
    ['errorRatio >= 0.5)', 18, 'and, or, or the end'],
    ['errorRatio >= max(0.01)', 23, ', and another number'],
    ['errorRatio >= max(0.01', 23, ', and another number'],
    ['errorRatio >= max(0.01, 2', 26, ', or )'],
    ['fact()', 6, 'the name of a fact'],
    ['fact', 5, '( and the name of a fact'],
    ['baseline(core) > 1', 10, 'errorRatio or p95'],
    ['p95 > baseline(requestsPerSecond)', 16, 'errorRatio or p95'],
    ['0.5 >= 0.1', 1, 'a signal on one side'],
    ['max(1, 2) * 2 > 1', 1, 'a signal on one side'],
    ['errorRatio >= .5', 15, 'a word, a number'],
    ['errorRatio >= -1', 15, 'a word, a number'],
    ['process.exit(1)', 8, 'a word, a number'],
    ['constructor', 1, 'a comparison'],
    ['fact(a) and __proto__ > 1', 13, 'a word, a number'],
    [`${'('.repeat(40)}core${')'.repeat(40)}`, 34, 'at most 32 levels'],
    [`p95 > ${'max(1,'.repeat(40)}1${')'.repeat(40)}`, 203, 'at most 32 levels'],
    [`${'not '.repeat(200)}core`, 133, 'at most 32 levels'],
    ['x'.repeat(2_000), 1_001, 'at most 1000 characters'],
  ])('refuses %s with a column', (text, at, expected) => {
    const parsed = parseCondition(text);
    expect(parsed).toMatchObject({ ok: false, at });
    expect(parsed.ok ? '' : parsed.expected).toContain(expected);
  });
});

describe('a severity rule', () => {
  it.each([
    'errorRatio >= 50',
    '1.5 < errorRatio',
    'core and errorRatio >= 5',
    'not errorRatio > 2',
    'errorRatio >= max(2, 3 * baseline(errorRatio))',
  ])('that thinks in percent is refused: %s', (text) => {
    expect(readSeverityRule(text)).toMatchObject({ ok: false, expected: 'errorRatio against 0 to 1 (5 % is 0.05)' });
  });

  it.each(['errorRatio >= 1', 'p95 >= 30', 'requestsPerSecond > 500 and errorRatio > 0.2'])(
    'that can come true is read: %s',
    (text) => {
      expect(readSeverityRule(text)).toMatchObject({ ok: true });
    },
  );
});
