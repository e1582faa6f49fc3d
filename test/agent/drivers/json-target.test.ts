import { describe, expect, it } from 'vitest';
import {
  atPointer,
  changesBetween,
  mergedOver,
  parseExactJson,
  sameJson,
} from '../../../src/agent/drivers/json-target.ts';

describe('parsing exactly', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    ['numbers, fractions and null', '{"a":[1,2.5,-3,1e3,0.1],"b":null}', true],
    ['the largest safe integer', '9007199254740991', true],
    ['an integer that a double cannot hold', '9007199254740993', false],
    ['a long identifier as a number', '{"id":12345678901234567890}', false],
    ['a number beyond all doubles', '1e400', false],
    ['half an object', '{"a":1', false],
    ['nothing', '', false],
    ['a hundred levels', nested(100), true],
    ['more than a hundred levels', nested(102), false],
    ['a bottomless list', nested(200_000), false],
    ['a bottomless half list', '['.repeat(500_000), false],
  ])('%s', (_, text, canBeRestored) => {
    expect(parseExactJson(text).ok).toBe(canBeRestored);
  });
});

it.each([
  ['', { a: { 'b/c': [10, { 'x~y': 7 }] } }],
  ['/a/b~1c/0', 10],
  ['/a/b~1c/1/x~0y', 7],
  ['/a/b~1c/01', undefined],
  ['/a/b~1c/length', undefined],
  ['/toString', undefined],
  ['/a/none/deeper', undefined],
  ['a', undefined],
])('the pointer %j names its part', (pointer, expected) => {
  expect(atPointer({ a: { 'b/c': [10, { 'x~y': 7 }] } }, pointer)).toEqual(expected);
});

it.each([
  [
    { a: 1, b: { c: 2, d: 3 } },
    { b: { c: 9 }, e: 5 },
    { a: 1, b: { c: 9, d: 3 }, e: 5 },
  ],
  [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
  [{ a: 1 }, { a: null }, { a: null }],
  [{ a: 1 }, 'off', 'off'],
  ['on', { a: 1 }, { a: 1 }],
  [[1], { a: 1 }, { a: 1 }],
])('%j with %j laid over it', (value, change, expected) => {
  expect(mergedOver(value, change)).toEqual(expected);
});

it('a key named __proto__ is an ordinary key', () => {
  const change: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
  const merged = mergedOver({ a: 1 }, change);
  expect(JSON.stringify(merged)).toBe('{"a":1,"__proto__":{"polluted":true}}');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(changesBetween({ a: 1 }, merged)).toEqual([
    { path: '__proto__', before: '(absent)', after: '{"polluted":true}' },
  ]);
});

it.each([
  [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [{ a: undefined }, {}, false],
  [[], {}, false],
  [null, {}, false],
  [1, '1', false],
  [[1, 2], [2, 1], false],
  [{ toString: 1 }, { valueOf: 1 }, false],
])('%j and %j are the same: %s', (a, b, expected) => {
  expect(sameJson(a, b)).toBe(expected);
  expect(sameJson(b, a)).toBe(expected);
});

describe('telling changes', () => {
  it('each changed value is named by its path', () => {
    const before = { limits: { cpu: 1, ram: '1G' }, 'a b': 1, gone: true, rules: [{ on: true }, 2] };
    const after = { limits: { cpu: 2, ram: '1G' }, 'a b': 2, rules: [{ on: false }, 2, 3] };
    expect(changesBetween(before, after)).toEqual([
      { path: 'limits.cpu', before: '1', after: '2' },
      { path: '["a b"]', before: '1', after: '2' },
      { path: 'gone', before: 'true', after: '(absent)' },
      { path: 'rules[0].on', before: 'true', after: 'false' },
      { path: 'rules[2]', before: '(absent)', after: '3' },
    ]);
    expect(changesBetween('on', 'off')).toEqual([{ path: '$', before: '"on"', after: '"off"' }]);
    expect(changesBetween(before, structuredClone(before))).toEqual([]);
  });

  it('text is made harmless and short, and many changes are cut', () => {
    const [change] = changesBetween({}, { '\u001b[2J': `\u202e${'x'.repeat(1_000)}` });
    expect(change?.path).not.toContain('\u001b');
    expect(change?.after).not.toContain('\u202e');
    expect(change?.after.length).toBeLessThanOrEqual(200);
    const many = changesBetween({}, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, i])));
    expect(many).toHaveLength(51);
    expect(many.at(-1)).toEqual({ path: '…', before: '10 more', after: '10 more' });
  });
});
