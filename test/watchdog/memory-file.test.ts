import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory, readMemory, writeMemory } from '../../src/watchdog/memory-file.ts';
import { freshMemory } from '../../src/watchdog/watch.ts';
import { contain } from '../support/room.ts';
import { watchStory } from './watch-story.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'warroom-watchdog-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('what the watchdog knows comes back as it was, and only its user can read it', async () => {
  const story = watchStory();
  story.room.declares(['checkout'], 'SEV1');
  story.isWell(10);
  contain(story.room);
  story.isWell(1);
  story.isSilent(60);
  expect(story.memory().alarm).not.toBeNull();
  await writeMemory(directory, story.memory());
  expect(await readMemory(directory)).toEqual({ memory: story.memory(), problem: null });
  expect((await stat(join(directory, 'last-known.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['last-known.json']);
});

it('a first start knows nothing', async () => {
  expect(await readMemory(directory)).toEqual({ memory: freshMemory, problem: null });
});

it.each(['', '{"heardAt": 7}', '{"half'])(
  'what cannot be read, such as %j, is said and does not stop it',
  async (text) => {
    await writeFile(join(directory, 'last-known.json'), text);
    const { memory, problem } = await readMemory(directory);
    expect(memory).toEqual(freshMemory);
    expect(problem).toContain('starts anew');
  },
);

it('a directory that cannot be made is an error with the fix', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(makeDirectory(join(directory, 'file', 'in'))).rejects.toMatchObject({
    code: 'state-unwritable',
    nextStep: expect.stringContaining('--state'),
  });
});
