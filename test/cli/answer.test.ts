import { expect, it } from 'vitest';
import { refuse } from '../../src/cli/answer.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { type RefusalReason, refusal } from '../../src/incident/refusal.ts';

const refused = (reason: RefusalReason) => {
  const told: string[] = [];
  const output = { write: (text: string) => told.push(text) };
  const shell: Shell = { env: {}, stdin: process.stdin, stdout: output, stderr: output, onInterrupt: () => () => {} };
  const exitCode = refuse(shell, {}, refusal(reason, 'what happened', 'what helps'));
  return { exitCode, text: told.join('') };
};

it.each([
  ['commander-only', 3, 'refused'],
  ['agent-read-only', 1, 'failed'],
  ['outcome-unknown', 1, 'failed'],
  ['fault', 1, 'failed'],
] as const)('%s ends with %i and is called %s', (reason, exitCode, word) => {
  expect(refused(reason)).toEqual({ exitCode, text: `${word}: what happened\n         what helps\n` });
});
