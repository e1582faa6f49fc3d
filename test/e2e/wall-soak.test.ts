// Owns the proof that a wall can hang there for weeks: thousands of seconds pass, and it holds what it held in the first ones.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

interface Held {
  readonly elements: number;
  readonly listeners: number;
  readonly heapBytes: number;
}

const SECONDS_IN_STRETCH = 500;
// One kept frame of 80 by 24 a second would be four times as much.
const ALLOWED_GROWTH_BYTES = 1_500_000;

it('a wall of three thousand seconds, turns, keys and changes of size holds no more than one of a thousand', async () => {
  const script = join(import.meta.dirname, 'soak-wall.ts');
  const run = promisify(execFile)(process.execPath, ['--expose-gc', script, String(SECONDS_IN_STRETCH)], {
    timeout: 150_000,
  });
  const stretches = (await run).stdout
    .trim()
    .split('\n')
    .map((line): Held => JSON.parse(line));
  expect(stretches).toHaveLength(6);
  const [, second] = stretches;
  const last = stretches.at(-1);
  for (const { elements, listeners } of stretches) {
    expect({ elements, listeners }).toEqual({ elements: second!.elements, listeners: second!.listeners });
  }
  expect(last!.heapBytes - second!.heapBytes).toBeLessThan(ALLOWED_GROWTH_BYTES);
});
