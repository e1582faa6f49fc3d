// Owns how a run is told: what broke, in words, the steps before it, and how to see it again.
import type { Run } from './run.ts';

const STEPS_TOLD = 12;

export const report = ({ seed, broken, steps, commits, hash }: Run): string => {
  if (broken.length === 0)
    return `seed ${seed}: all held (${steps.length} steps, ${commits} commits, ${hash.slice(0, 12)})`;
  return [
    `seed ${seed} broke at step ${steps.length}:`,
    ...broken.map(({ invariant, words }) => `  ${invariant}: ${words}`),
    '  the last steps:',
    ...steps.slice(-STEPS_TOLD).map((step) => `  ${step.slice(0, 200)}`),
    `  again: npm run sim -- --seed ${seed} --verbose`,
  ].join('\n');
};
