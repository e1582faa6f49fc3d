import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isIn, tutorialSteps } from '../support/tutorial-steps.ts';

const fence = (language: string, ...lines: readonly string[]): string =>
  ['# Title', '', `\`\`\`${language}`, ...lines, '```', ''].join('\n');

describe('the tutorial', () => {
  it('is a list of steps: rooms opened, keys pressed, commands run, and what is seen of each', async () => {
    const steps = tutorialSteps(await readFile(new URL('../../docs/tutorial.md', import.meta.url), 'utf8'));
    const count = (kind: string): number => steps.filter((step) => step.kind === kind).length;
    expect([count('open'), count('end')]).toEqual([1, 1]);
    expect(count('room')).toBeGreaterThan(20);
    expect(count('command')).toBeGreaterThan(10);
    expect(steps[0]?.kind).toBe('open');
    for (const step of steps) if (step.kind === 'room') expect(isIn(step.sees, [])).toBe(false);
  });

  it('is read with the line of every step', () => {
    expect(tutorialSteps(fence('room', 'r   roles  …', '(wait)  all is well', '"a b"  a b_', 'Enter  sent'))).toEqual([
      { kind: 'room', line: 4, press: { kind: 'key', key: 'r' }, sees: { line: 4, text: 'roles  …' } },
      { kind: 'room', line: 5, press: null, sees: { line: 5, text: 'all is well' } },
      { kind: 'room', line: 6, press: { kind: 'text', text: 'a b' }, sees: { line: 6, text: 'a b_' } },
      { kind: 'room', line: 7, press: { kind: 'key', key: 'Enter' }, sees: { line: 7, text: 'sent' } },
    ]);
    const started = { kind: 'command', line: 4, args: ['demo', '--headless'], inBackground: true };
    expect(
      tutorialSteps(
        fence('console', '$ npx warroom demo --headless &', 'up', '$ npx warroom note 1 "a  b"', '$ kill %1'),
      ),
    ).toEqual([
      { ...started, says: [{ line: 5, text: 'up' }] },
      { kind: 'command', line: 6, args: ['note', '1', 'a  b'], inBackground: false, says: [] },
      { kind: 'end', line: 7 },
    ]);
  });

  it.each([
    ['a block of nobody', fence('yaml', 'a: b'), ':3: nobody plays'],
    ['an empty block', fence('room'), ':3: the block is empty'],
    ['a block without an end', '```room\nr  roles', ':1: the block does not end'],
    ['a key without what is seen', fence('room', 'r'), ':4: expected what is pressed'],
    ['two keys at once', fence('room', 'r1   IC ana'), ':4: r1 is no single key'],
    ['words before any command', fence('console', 'hello'), ':3: the block begins'],
    ['another program', fence('console', '$ rm -rf dist'), ':4: expected npx warroom'],
    ['more than one command', fence('sh terminal', 'npx warroom demo; npx warroom'), ':4: uses more of a shell'],
  ])('names the line of %s', (_, markdown, problem) => {
    expect(() => tutorialSteps(markdown)).toThrow(`docs/tutorial.md${problem}`);
  });
});

describe('what must be seen', () => {
  const screen = [' SEV2   INC-2026-0001  checkout: 41 % of requests fail', ' checkout  errors 2.1 %  ██  limit 1.0 %'];
  it.each([
    ['SEV2 … checkout: … % of', true],
    ['INC-…-0001', true],
    ['SEV2 checkout:', false],
    ['SEV2 INC-…-0002', false],
    ['fail … checkout errors', false],
    ['41 % (of)', false],
    ['checkout errors under 3 %', true],
    ['checkout errors under 2 %', false],
    ['checkout errors over 2 %', true],
    ['checkout errors over 3 %', false],
    ['payments errors under 100 %', false],
  ])('%s: %s', (text, expected) => {
    expect(isIn({ line: 1, text }, screen)).toBe(expected);
  });
});
