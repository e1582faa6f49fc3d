// A running agent whose files change: real files, a real agent, a real client that never reconnects.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { type AgentUnderTest, actionsYaml, agentUnderTest, servicesYaml } from '../support/agent-under-test.ts';
import { type Replica, startReplica } from '../support/measured-service.ts';
import { until } from '../support/until.ts';

let agent: AgentUnderTest;
let ana: RoomClient;
let states: string[];

beforeEach(async () => {
  agent = await agentUnderTest({}, { reloads: true });
  const token = (await readFile(join(agent.stateDirectory, 'token'), 'utf8')).trim();
  ana = connectRoom({ address: () => ({ url: agent.url, token }), name: 'ana' });
  await until('a live client', () => ana.view().connection.name === 'live');
  states = [];
  ana.subscribe(() => states.push(ana.view().connection.name));
});
afterEach(async () => {
  // Whatever was changed, nobody was sent away for it.
  expect(states.filter((state) => state !== 'live')).toEqual([]);
  ana.close();
  await agent.clear();
});

const services = (): readonly string[] => Object.keys(ana.view().policy.services);
const refused = () => ana.view().room.configurationRefused;
const withCart = `${servicesYaml}  cart: { core: true }\n`;
const broken = `${servicesYaml}  cart: { coer: true }\n`;

describe('a configuration that changed', () => {
  it('[F6] counts by itself when a file changes: a new service is known to every client, without a reconnect', async () => {
    await agent.configure('services.yaml', withCart);
    await until('the new service', () => services().includes('cart'));
    expect(services()).toEqual(['checkout', 'payments', 'vault', 'cart']);
    expect(
      await ana.send({ type: 'declare', title: 'cart fails', services: ['cart'], severity: 'SEV3' }),
    ).toMatchObject({
      ok: true,
    });
  });

  it('counts when the agent is told to read it', async () => {
    await agent.configure('services.yaml', withCart);
    await agent.reload();
    await until('the new service', () => services().includes('cart'));
    expect(agent.lines.filter((line) => line.startsWith('configuration loaded'))).toHaveLength(1);
  });

  it('watches a new service, and no longer watches one that is gone', async () => {
    const replica: Replica = await startReplica({ counter: 'r', histogram: 'h', statusLabel: 'status' });
    try {
      replica.failing = 5;
      const scrape = `scrape: ['${replica.url}'], errors: 'r{status="500"}', requests: 'r'`;
      await agent.configure('services.yaml', `${servicesYaml}  cart: { core: true, ${scrape} }\n`);
      await agent.reload();
      const ratio = await until('an error ratio', () => {
        const reading = ana.view().signals.cart?.reading.errorRatio;
        return reading?.known && reading.value > 0 ? reading.value : null;
      });
      expect(ratio).toBeGreaterThan(0.3);
      // What concerns no source leaves them all in peace: a counter read anew would be blind at first.
      const readings = new Map<string, boolean>();
      const stop = ana.subscribe(() => {
        const { at, errorRatio } = ana.view().signals.cart?.reading ?? {};
        if (at !== undefined) readings.set(at, errorRatio?.known ?? false);
      });
      await agent.configure(
        'actions.yaml',
        `${actionsYaml(agent.documents.url)}\n`.replaceAll('expires: 1h', 'expires: 2h'),
      );
      await agent.reload();
      await until('a few more readings', () => readings.size >= 3);
      stop();
      expect([...readings.values()]).not.toContain(false);
      await agent.configure('services.yaml', servicesYaml);
      await agent.reload();
      await until('it to be gone', () => !services().includes('cart'));
      expect(Object.keys(ana.view().signals)).not.toContain('cart');
      expect(Object.keys(ana.view().history)).not.toContain('cart');
      await until(
        'news of the sources',
        () => !ana.view().health?.sources.some(({ source }) => source === 'scrape cart'),
      );
      expect(await ana.send({ type: 'declare', title: 'x', services: ['cart'], severity: 'SEV3' })).toMatchObject({
        ok: false,
        refusal: { reason: 'no-such-service' },
      });
    } finally {
      await replica.end();
    }
  });

  it('changes what an action does at once, also for what was asked before', async () => {
    await ana.send({ type: 'declare', title: 'x', services: ['checkout'], severity: 'SEV3' });
    const before = actionsYaml(agent.documents.url);
    const after = before.replace('set: { replicas: 1 }', 'set: { replicas: 3 }');
    expect(after).not.toBe(before);
    await agent.configure('actions.yaml', after);
    await agent.reload();
    const asked = await ana.send({
      type: 'contain',
      incident: null,
      service: 'checkout',
      name: 'scale-down',
      params: {},
      arm: false,
    });
    const id = subjectOf(asked);
    const changes = await until('the plan', () => {
      const action = Object.values(ana.view().room.incidents)[0]?.actions[id];
      return action?.plan?.changes;
    });
    expect(changes).toEqual([{ path: 'replicas', before: '7', after: '3' }]);
  });

  it('that is the same after all is no event', async () => {
    const { seq } = ana.view();
    await agent.reload();
    await agent.configure('services.yaml', `# a comment, and nothing else\n${servicesYaml}`);
    await agent.reload();
    const told = await ana.send({ type: 'declare', title: 'x', services: ['checkout'], severity: 'SEV3' });
    expect(told).toMatchObject({ ok: true, seq: seq + 1 });
    expect(agent.lines.filter((line) => line.startsWith('configuration'))).toEqual([]);
  });

  it('many times in a moment ends with the last', async () => {
    const readings: Promise<void>[] = [];
    for (let number = 1; number <= 10; number++) {
      await agent.configure('services.yaml', `${servicesYaml}  cart${number}: {}\n`);
      readings.push(agent.reload());
    }
    await Promise.all(readings);
    await until('the last', () => services().includes('cart10'));
    expect(services().filter((service) => service.startsWith('cart'))).toEqual(['cart10']);
  });
});

describe('a configuration that cannot be read', () => {
  it('leaves the one before in force, says so on every screen with file and line, and is mended', async () => {
    await agent.configure('services.yaml', broken);
    const { problem } = await until('the refusal', refused);
    expect(problem).toMatch(/services\.yaml:8:11 /);
    expect(problem).toContain('coer');
    expect(services()).toEqual(['checkout', 'payments', 'vault']);
    expect(await ana.send({ type: 'declare', title: 'x', services: ['checkout'], severity: 'SEV3' })).toMatchObject({
      ok: true,
    });
    await agent.configure('services.yaml', withCart);
    await until('the mended one', () => refused() === null && services().includes('cart'));
  });

  it('is cleared also when it becomes what it was', async () => {
    await agent.configure('services.yaml', 'services: [\u001b]0;pwned\u0007');
    await agent.reload();
    const { problem } = await until('the refusal', refused);
    expect(problem).not.toMatch(/\p{Cc}/u);
    await agent.configure('services.yaml', servicesYaml);
    await agent.reload();
    await until('the mended one', () => refused() === null);
    expect(services()).toEqual(['checkout', 'payments', 'vault']);
  });

  it('is told once, however often it is read, and again when the problem is another', async () => {
    await agent.configure('services.yaml', broken);
    await agent.reload();
    await until('the refusal', refused);
    const { seq } = ana.view();
    await agent.reload();
    await agent.reload();
    expect(ana.view().seq).toBe(seq);
    await agent.configure('services.yaml', broken.replace('coer', 'croe'));
    await agent.reload();
    await until('the other problem', () => refused()?.problem.includes('croe'));
    expect(ana.view().seq).toBe(seq + 1);
  });

  it.each([
    ['two services of one name', `${servicesYaml}  checkout: { core: false }\n`],
    ['a file of nothing but bytes', '\u0000\u0001\u0002'],
    ['a dependency on nobody', `${servicesYaml}  cart: { dependsOn: [nobody] }\n`],
    ['a secret that is not set', `${servicesYaml}  cart: { prometheus: { headers: { a: '\${NOT_SET}' } } }\n`],
  ])('is refused for %s, and the agent goes on', async (_what, text) => {
    await agent.configure('services.yaml', text);
    await agent.reload();
    const { problem } = await until('the refusal', refused);
    expect(problem).toContain('services.yaml');
    expect(services()).toEqual(['checkout', 'payments', 'vault']);
  });

  it('is remembered over a restart only while it lasts: an agent that starts has read it whole', async () => {
    await agent.configure('services.yaml', broken);
    await agent.reload();
    await until('the refusal', refused);
    await agent.configure('services.yaml', withCart);
    ana.close();
    await agent.stop();
    await agent.start();
    const token = (await readFile(join(agent.stateDirectory, 'token'), 'utf8')).trim();
    ana = connectRoom({ address: () => ({ url: agent.url, token }), name: 'ana' });
    await until('a live client', () => ana.view().connection.name === 'live');
    expect(refused()).toBeNull();
    states = [];
  });

  it('whose files are gone is the defaults, and says nothing of a problem', async () => {
    await rm(join(agent.configDirectory, 'actions.yaml'));
    await agent.reload();
    await until(
      'the shipped actions',
      () => ana.view().policy.actions['scale-down'] === undefined || refused() !== null,
    );
    expect(refused()).toBeNull();
  });
});

const subjectOf = (result: CommandResult): string => {
  if (!result.ok || result.subject === null) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result.subject;
};
