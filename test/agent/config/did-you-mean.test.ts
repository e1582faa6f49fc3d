import { expect, it } from 'vitest';
import { didYouMean } from '../../../src/agent/config/did-you-mean.ts';

it.each([
  ['cor', ', did you mean "core"?'],
  ['DEPENDSON', ', did you mean "dependsOn"?'],
  ['dependOn', ', did you mean "dependsOn"?'],
  ['kubernetes', ''],
  ['', ''],
  ['x'.repeat(10_000), ''],
])('"%s"%s', (word, expected) => {
  expect(didYouMean(word, ['core', 'dependsOn', 'runbook'])).toBe(expected);
});
