// Owns the proof that an agent starts on what it understands, and says in one line why it does not.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declare, runAgentToItsEnd, startQuietAgent } from './quiet-agent.ts';
import { openScene, type Scene } from './scene.ts';

const journalOf = (scene: Scene): string => join(scene.stateDirectory, 'journal', 'journal-000001.jsonl');

/** A state directory with a few lines in its journal, and no agent on it. */
const leaveJournal = async (scene: Scene): Promise<void> => {
  const agent = await startQuietAgent(scene);
  expect(await declare(scene, 'customers cannot pay')).toMatchObject({ code: 0 });
  expect(await scene.run(['note', '1', 'first words'])).toMatchObject({ code: 0 });
  // A line is proven by the one after it, so the words to be damaged must not be the last.
  expect(await scene.run(['note', '1', 'last words'])).toMatchObject({ code: 0 });
  await agent.kill('SIGTERM');
};

const onlyOneComplaint = (stderr: string, complaint: RegExp): void => {
  expect(stderr).toMatch(complaint);
  expect(stderr).not.toMatch(/\n +at |node:internal/);
};

describe('an agent', () => {
  it('with a broken services.yaml names file, line, column and field, and ends with 2', async () => {
    const scene = await openScene();
    const { code, stderr } = await runAgentToItsEnd(
      scene,
      'services:\n  checkout:\n    core: true\n    dependOn: []\n',
    );
    expect(code).toBe(2);
    onlyOneComplaint(stderr, /services\.yaml:4:5.*dependOn/);
    const broken = await runAgentToItsEnd(scene, 'services:\n  checkout: { core: maybe }\n');
    expect(broken.code).toBe(2);
    onlyOneComplaint(broken.stderr, /services\.yaml:2:\d+.*core/);
  });

  it('with a damaged journal line names its number, changes nothing, and ends with 1', async () => {
    const scene = await openScene();
    await leaveJournal(scene);
    const path = journalOf(scene);
    const lines = (await readFile(path, 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.includes('first words'));
    const damaged = lines.map((line, index) => (index === at ? line.replace('first', 'other') : line)).join('\n');
    await writeFile(path, damaged);
    const { code, stderr } = await runAgentToItsEnd(scene);
    expect(code).toBe(1);
    onlyOneComplaint(stderr, new RegExp(`journal-000001\\.jsonl:${at + 2}: .*one of them was changed`));
    expect(await readFile(path, 'utf8')).toBe(damaged);
  });

  it('with a torn last line starts, says so in its log, and has all that was acknowledged', async () => {
    const scene = await openScene();
    await leaveJournal(scene);
    const sound = await readFile(journalOf(scene), 'utf8');
    await appendFile(journalOf(scene), '{"v":1,"seq":99,"prev":"half a li');
    const agent = await startQuietAgent(scene);
    expect(agent.output()).toContain(`line ${sound.split('\n').length} was torn by a crash`);
    expect((await scene.status()).incidents).toMatchObject([{ title: 'customers cannot pay' }]);
    expect(await readFile(journalOf(scene), 'utf8')).toContain(sound);
    expect(await readFile(journalOf(scene), 'utf8')).not.toContain('half a li');
  });

  it('on a state directory that another one holds says who, and ends with 1; the other one goes on', async () => {
    const scene = await openScene();
    const first = await startQuietAgent(scene);
    const { code, stderr } = await runAgentToItsEnd(scene);
    expect(code).toBe(1);
    onlyOneComplaint(stderr, new RegExp(`an agent already runs on .* \\(pid ${first.pid}\\)`));
    expect(await scene.status()).toMatchObject({ agent: { writable: true } });
  });
});
