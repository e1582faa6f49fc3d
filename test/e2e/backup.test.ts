// Owns the proof that a backup of an agent under load, restored elsewhere, has every commit that was acknowledged before it began.
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { auditJournal } from '../../src/agent/audit/audit-journal.ts';
import { systemDisk } from '../../src/agent/log/disk.ts';
import { listSegments } from '../../src/agent/log/segments.ts';
import { connectRoom } from '../../src/client/connect.ts';
import { findAgentOrWait } from '../../src/client/find-agent.ts';
import { until } from '../support/until.ts';
import { configure, declare, startQuietAgent } from './quiet-agent.ts';
import { openScene, type Scene } from './scene.ts';

const WRITERS = 8;

/** Notes from several writers until it is told to stop; tells which are acknowledged. */
const loadOn = async (scene: Scene) => {
  const client = connectRoom({ address: () => findAgentOrWait({}, scene.stateDirectory), name: 'dora' });
  onTestFinished(() => client.close());
  await until('a live client', () => client.view().connection.name === 'live');
  const incident = Object.keys(client.view().room.incidents)[0] ?? '';
  const acknowledged: string[] = [];
  let isOver = false;
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; !isOver; n++) {
      const text = `note ${writer}-${n}.`;
      const result = await client.send({ type: 'add-note', incident, text });
      if (result.ok) acknowledged.push(text);
      // A limit on how fast one client may ask is no fault of the backup.
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  return {
    acknowledged: acknowledged as readonly string[],
    end: async () => {
      isOver = true;
      await writing;
    },
  };
};

const journalOf = async (stateDirectory: string): Promise<string> => {
  const segments = await listSegments(systemDisk, join(stateDirectory, 'journal'));
  return (await Promise.all(segments.map(({ path }) => readFile(path, 'utf8')))).join('');
};

it('a backup of an agent that writes is whole, and an agent starts on what is restored from it', async () => {
  const scene = await openScene();
  const agent = await startQuietAgent(scene);
  await declare(scene, 'customers cannot pay');
  const load = await loadOn(scene);
  const backups: { readonly file: string; readonly acknowledged: readonly string[] }[] = [];
  for (const name of ['first', 'second', 'third']) {
    const before = load.acknowledged.length;
    await until('more notes', () => load.acknowledged.length > before + 20);
    const file = join(scene.directory, `${name}.tar.gz`);
    const acknowledged = [...load.acknowledged];
    const { code, stdout } = await scene.run(['backup', file, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    backups.push({ file, acknowledged });
  }
  await load.end();
  await agent.kill('SIGTERM');
  const whole = await journalOf(scene.stateDirectory);

  for (const [index, { file, acknowledged }] of backups.entries()) {
    const elsewhere = join(scene.directory, `restored-${index}`);
    expect(await scene.run(['restore', file], 'script', { WARROOM_STATE_DIR: elsewhere })).toMatchObject({ code: 0 });
    const restored = await journalOf(elsewhere);
    expect(whole.startsWith(restored)).toBe(true);
    expect(acknowledged.filter((text) => !restored.includes(text))).toEqual([]);
    await auditJournal(systemDisk, elsewhere);
  }

  const env = { WARROOM_STATE_DIR: join(scene.directory, 'restored-2') };
  const config = await configure(scene);
  await scene.start(['agent', '--config', config, '--port', '0'], 'listening on', env);
  const status = await scene.run(['status', '--json'], 'script', env);
  expect(JSON.parse(status.stdout).incidents).toMatchObject([{ title: 'customers cannot pay' }]);
});

it('a restore refuses an agent that runs, and moves an earlier state aside only when told to', async () => {
  const scene = await openScene();
  const agent = await startQuietAgent(scene);
  await declare(scene, 'customers cannot pay');
  const file = join(scene.directory, 'backup.tar.gz');
  expect(await scene.run(['backup', file])).toMatchObject({ code: 0 });
  expect(await scene.run(['backup', file])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is there already'),
  });
  const running = await scene.run(['restore', file, '--replace']);
  expect(running).toMatchObject({ code: 1, stderr: expect.stringContaining(`(pid ${agent.pid})`) });
  await agent.kill('SIGTERM');
  expect(await scene.run(['restore', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('--replace') });
  expect(await scene.run(['restore', file, '--replace'])).toMatchObject({ code: 0 });
  const beside = (await readdir(scene.directory)).filter((name) => name.startsWith('state'));
  expect(beside).toHaveLength(2);
  await mkdir(join(scene.directory, 'none'));
  const garbage = await scene.run(['restore', join(scene.directory, 'none'), '--replace', '--json']);
  expect(garbage.code).toBe(1);
  expect(JSON.parse(garbage.stdout)).toMatchObject({ ok: false, error: { code: 'bad-backup' } });
});
