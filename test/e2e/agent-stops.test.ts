// Owns the proof that an agent that is told to stop finishes or records what is under way, within its time, and that SIGHUP reads again.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loopbackServer } from '../agent/drivers/loopback-server.ts';
import { until } from '../support/until.ts';
import { declare } from './quiet-agent.ts';
import { type Background, openScene, type Scene } from './scene.ts';

/** Answers when it is told to. */
const slowServer = async () => {
  const waiting: ServerResponse[] = [];
  let document = '{"enabled":false}';
  const server = await loopbackServer((request, response) => {
    if (request.method === 'GET') response.end(document);
    else waiting.push(response);
    if (request.method === 'PUT') document = request.body;
  });
  onTestFinished(() => server.close());
  return {
    ...server,
    waits: () => until('a request', () => waiting.length > 0),
    answers: () => waiting.shift()?.end('{}'),
  };
};

type SlowServer = Awaited<ReturnType<typeof slowServer>>;

const paging = (url: string, addressFile: string): Readonly<Record<string, string>> => ({
  'services.yaml': 'services: { checkout: { core: true } }\n',
  'escalation.yaml': 'escalation: { sev1: {}, sev2: { initial: [ona] }, sev3: {}, sev4: {} }\n',
  'notifications.yaml': `contacts: { ona: { webhook: { file: ${addressFile} } } }\n`,
  'actions.yaml': `
actions:
  circuit-breaker:
    driver: http
    confirm: none
    read: { url: '${url}/breaker' }
    apply: { url: '${url}/breaker', method: PUT }
    undo: { url: '${url}/breaker', method: PUT }
    set: { enabled: true }
`,
});

const addressFileOf = (scene: Scene): string => join(scene.directory, 'page-address');

const startAgent = async (scene: Scene, server: SlowServer, ...args: readonly string[]): Promise<Background> => {
  const config = join(scene.directory, 'config');
  await mkdir(config, { recursive: true });
  await writeFile(addressFileOf(scene), `${server.url}/page`);
  for (const [name, text] of Object.entries(paging(server.url, addressFileOf(scene))))
    await writeFile(join(config, name), text);
  return scene.start(['agent', '--config', config, '--port', '0', ...args], 'listening on');
};

interface StoredEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

const eventsOf = async (scene: Scene): Promise<readonly StoredEvent[]> => {
  const journal = await readFile(join(scene.stateDirectory, 'journal', 'journal-000001.jsonl'), 'utf8');
  return journal
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).events);
};

const eventsOfType = async (scene: Scene, type: string) =>
  (await eventsOf(scene)).filter((event) => event.type === type);

it('a page that is under way at SIGTERM is waited for, and recorded as sent', async () => {
  const scene = await openScene();
  const pager = await slowServer();
  const agent = await startAgent(scene, pager);
  expect(await declare(scene, 'customers cannot pay')).toMatchObject({ code: 0 });
  await pager.waits();
  agent.tell('SIGTERM');
  await until('the agent to say that it stops', () => agent.output().includes('SIGTERM: stopping'));
  // It takes no new callers while it waits, and is not gone.
  expect(await scene.run(['status'])).toMatchObject({ code: 4 });
  expect(await eventsOfType(scene, 'page.sent')).toMatchObject([{ page: expect.stringMatching(/\/log$/) }]);
  pager.answers();
  expect(await agent.ended()).toBe(0);
  const sent = await eventsOfType(scene, 'page.sent');
  expect(sent).toHaveLength(2);
  expect(sent.every(({ possibleDuplicate }) => possibleDuplicate === false)).toBe(true);
  await startAgent(scene, pager);
  await until('the next agent to look', async () => (await scene.status()).agent.writable);
  expect(pager.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

it('an action that is under way at SIGTERM is seen through, and recorded as applied', async () => {
  const scene = await openScene();
  const target = await slowServer();
  const agent = await startAgent(scene, target);
  await scene.run(['declare', '--service', 'checkout', '--severity', 'sev4', '--title', 'odd']);
  const containing = scene.run(['contain', 'checkout', 'circuit-breaker', '--yes']);
  await target.waits();
  agent.tell('SIGTERM');
  await until('the agent to say that it stops', () => agent.output().includes('SIGTERM: stopping'));
  target.answers();
  expect(await agent.ended()).toBe(0);
  expect(await eventsOfType(scene, 'action.applied')).toHaveLength(1);
  await startAgent(scene, target);
  // Who asked learns how it ended from whichever agent is there then.
  expect(await containing).toMatchObject({ code: 0 });
  expect(target.seen.filter(({ method }) => method === 'PUT')).toHaveLength(1);
});

it('a second signal calls off what is under way: the next start sends it again, marked', async () => {
  const scene = await openScene();
  const pager = await slowServer();
  const agent = await startAgent(scene, pager, '--stop-within', '5m');
  await declare(scene, 'customers cannot pay');
  await pager.waits();
  agent.tell('SIGTERM');
  await until('the agent to say that it stops', () => agent.output().includes('SIGTERM: stopping'));
  agent.tell('SIGTERM');
  expect(await agent.ended()).toBe(0);
  await startAgent(scene, pager);
  await until('the page to come again', () => pager.seen.length === 2);
  expect(pager.seen.map(({ body }) => JSON.parse(body))).toMatchObject([
    { possibleDuplicate: false },
    { possibleDuplicate: true },
  ]);
});

it('the time it is given bounds the wait', async () => {
  const scene = await openScene();
  const pager = await slowServer();
  const agent = await startAgent(scene, pager, '--stop-within', '300ms');
  await declare(scene, 'customers cannot pay');
  await pager.waits();
  agent.tell('SIGINT');
  expect(await agent.ended()).toBe(0);
  expect(agent.output()).toMatch(/SIGINT: stopping.* 0\.3 s/);
  expect(await eventsOfType(scene, 'page.sent')).toHaveLength(1);
});

it('with nothing under way it is gone at once, and leaves no address behind', async () => {
  const scene = await openScene();
  const agent = await startAgent(scene, await slowServer(), '--stop-within', '5m');
  agent.tell('SIGTERM');
  expect(await agent.ended()).toBe(0);
  await expect(readFile(join(scene.stateDirectory, 'port'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('SIGHUP reads the configuration and its secret files again; a broken one is refused and the agent goes on', async () => {
  const scene = await openScene();
  const pager = await slowServer();
  const agent = await startAgent(scene, pager);
  const services = join(scene.directory, 'config', 'services.yaml');
  // A secret file is not watched: only the signal has it read again.
  await writeFile(addressFileOf(scene), `${pager.url}/second`);
  agent.tell('SIGHUP');
  await until('the signal to be heard', () => agent.output().includes('SIGHUP'));
  await until('the secret to be read', () => agent.output().includes('configuration loaded'));
  await declare(scene, 'customers cannot pay');
  await pager.waits();
  expect(pager.seen.at(-1)?.path).toBe('/second');
  pager.answers();
  await writeFile(services, 'services: { checkout: { coer: true } }\n');
  agent.tell('SIGHUP');
  await until('the refusal', () => agent.output().includes('configuration refused'));
  expect((await scene.status()).agent.writable).toBe(true);
});

it('its log is JSON where no terminal is, each line with time and level', async () => {
  const scene = await openScene();
  const agent = await startAgent(scene, await slowServer());
  await agent.kill('SIGTERM');
  const lines = agent
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.at(0)).toMatchObject({
    level: 'info',
    msg: expect.stringMatching(/^listening on/),
    url: expect.any(String),
  });
  for (const line of lines) expect(new Date(line.time).toISOString()).toBe(line.time);
});
