import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { type RunningAgent, runAgent } from '../../src/agent/run-agent.ts';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { type FlakyNetwork, flakyNetwork } from '../support/flaky-network.ts';
import { until } from '../support/until.ts';

const SHIPPED = resolve(import.meta.dirname, '../../config');
const ID = `INC-${new Date().getUTCFullYear()}-0001`;

let directory: string;
let network: FlakyNetwork;
let agent: RunningAgent;
let clients: RoomClient[];
/** What each client's room was at each sequence number it showed. */
let seen: Map<number, string>[];

const hash = (state: unknown): string => createHash('sha256').update(JSON.stringify(state)).digest('hex');

const startAgent = async (): Promise<void> => {
  const config = await loadConfig({ directory: join(directory, 'config'), defaultsDirectory: SHIPPED, env: {} });
  agent = await runAgent({
    config,
    stateDirectory: join(directory, 'state'),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock(),
    version: 'test',
    agentLog: agentLogTo(() => {}),
  });
  network.leadsTo(Number(new URL(agent.url).port));
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'warroom-replicas-'));
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(directory, 'config'));
  await writeFile(join(directory, 'config', 'services.yaml'), 'services:\n  checkout: {}\n  search: {}\n');
  network = await flakyNetwork();
  await startAgent();
  const token = (await readFile(join(directory, 'state', 'token'), 'utf8')).trim();
  seen = [];
  clients = ['ana', 'ben', 'chris'].map((name) => {
    const client = connectRoom({ address: () => ({ url: network.url, token }), name });
    const hashes = new Map<number, string>();
    seen.push(hashes);
    client.subscribe(() => hashes.set(client.view().seq, hash(client.view().room)));
    return client;
  });
  await until('three live clients', () => clients.every((client) => client.view().connection.name === 'live'));
});

afterEach(async () => {
  for (const client of clients) client.close();
  await agent.stop();
  await network.close();
  await rm(directory, { recursive: true, force: true });
});

const expectAgreement = async (): Promise<void> => {
  await until(
    'the same sequence number everywhere',
    () =>
      new Set(clients.map((client) => client.view().seq)).size === 1 &&
      clients.every((client) => client.view().connection.name === 'live'),
  );
  expect(new Set(clients.map((client) => hash(client.view().room))).size).toBe(1);
  const all = new Map<number, Set<string>>();
  for (const hashes of seen) for (const [seq, its] of hashes) all.set(seq, (all.get(seq) ?? new Set()).add(its));
  expect([...all].filter(([, its]) => its.size > 1)).toEqual([]);
};

describe('three terminals on one agent', () => {
  it('agree at every sequence number they show, under load and while their connections are cut', async () => {
    await clients[0]!.send({ type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV2' });
    const sent: Promise<unknown>[] = [];
    for (let round = 0; round < 40; round++) {
      for (const [index, client] of clients.entries()) {
        sent.push(client.send({ type: 'add-note', incident: ID, text: `note ${round} of ${index}` }));
      }
      if (round % 10 === 5) network.cut();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const results = await Promise.all(sent);
    expect(results.every((result) => (result as { ok: boolean }).ok)).toBe(true);
    await expectAgreement();
    // Nothing was lost and nothing was done twice, although replies were.
    const notes = Object.values(clients[0]!.view().room.incidents[ID]!.notes).map((note) => note.text);
    expect(notes).toHaveLength(120);
    expect(new Set(notes).size).toBe(120);
  });

  it('say STALE at once when the agent is gone, and miss nothing when it is back', async () => {
    await clients[0]!.send({ type: 'declare', title: 'checkout fails', services: ['checkout'], severity: 'SEV1' });
    await until('all that was due at once is done', () =>
      Object.values(clients[0]!.view().room.incidents[ID]?.pages ?? {}).some(({ state }) => state === 'sent'),
    );
    await expectAgreement();
    const before = clients[0]!.view();
    await agent.stop();
    await until('stale everywhere', () => clients.every((client) => client.view().connection.name === 'stale'), 2_000);
    expect(clients[0]!.view().room).toBe(before.room);
    await startAgent();
    await expectAgreement();
    const after = clients[0]!.view();
    expect(after.seq).toBeGreaterThan(before.seq);
    expect(after.room.incidents[ID]?.escalation?.levels).toEqual(before.room.incidents[ID]?.escalation?.levels);
    await clients[1]!.send({ type: 'acknowledge', incident: ID });
    await expectAgreement();
  });

  it('keep a command that was asked while the agent was away, and have it done once', async () => {
    await agent.stop();
    await until('stale', () => clients[0]!.view().connection.name === 'stale', 2_000);
    const asked = clients[0]!.send({ type: 'declare', title: 'search fails', services: ['search'], severity: 'SEV3' });
    await startAgent();
    expect(await asked).toMatchObject({ ok: true, subject: ID });
    await expectAgreement();
    expect(Object.keys(clients[2]!.view().room.incidents)).toEqual([ID]);
  });

  it('say STALE when the agent is silent, though no connection failed', { timeout: 20_000 }, async () => {
    network.hush(true);
    await until('stale everywhere', () => clients.every((client) => client.view().connection.name === 'stale'), 12_000);
    network.hush(false);
    await until('live everywhere', () => clients.every((client) => client.view().connection.name === 'live'));
    await expectAgreement();
  });
});
