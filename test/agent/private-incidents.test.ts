import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addToken, tokensPath } from '../../src/agent/tokens/token-file.ts';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import type { Permission } from '../../src/incident/permission.ts';
import { run } from '../cli/command-line.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { until } from '../support/until.ts';

const SECRET = 'INC-2026-0001';
const WORDS = /keys of the vault|rotated at noon/;
let agent: AgentUnderTest;
let elsewhere: string;
const tokens = new Map<string, string>();
const clients: RoomClient[] = [];

const tokenOf = (name: string): string => tokens.get(name) ?? '';
const enter = async (name: string): Promise<RoomClient> => {
  const client = connectRoom({ address: () => ({ url: agent.url, token: tokenOf(name) }), name });
  clients.push(client);
  await until(`${name} is in`, () => client.view().connection.name === 'live');
  return client;
};
/** The command line of somebody on another host. */
const onTheirHost = (name: string, ...args: readonly string[]) =>
  run(args, { WARROOM_URL: agent.url, WARROOM_TOKEN: tokenOf(name), WARROOM_STATE_DIR: elsewhere, USER: name });

beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'warroom-elsewhere-'));
  agent = await agentUnderTest();
  const add = async (name: string, permission: Permission): Promise<void> => {
    const order = { name, permission, expiresAtMs: null, by: 'test', nowMs: Date.now() };
    tokens.set(name, (await addToken(tokensPath(agent.stateDirectory), order)).token);
  };
  await add('ana', 'commander');
  await add('ben', 'responder');
  await add('chris', 'commander');
  const ana = await enter('ana');
  await ana.send({
    type: 'declare',
    title: 'keys of the vault are out',
    services: ['vault'],
    severity: 'SEV1',
    people: ['ben'],
  });
  await ana.send({ type: 'add-note', incident: SECRET, text: 'rotated at noon' });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await agent.clear();
  await rm(elsewhere, { recursive: true, force: true });
});

describe('a private incident on a running agent', () => {
  it('is in the welcome of those named, and in nobody else’s', async () => {
    const ben = await enter('ben');
    expect(JSON.stringify(ben.view().room)).toMatch(WORDS);
    const chris = await enter('chris');
    expect(chris.view().seq).toBe(ben.view().seq);
    expect(JSON.stringify(chris.view())).not.toMatch(WORDS);
    expect(chris.view().room.incidents).toEqual({});
  });

  it('is in the deltas of those named, and everybody is as far as they are', async () => {
    const [ana, chris] = [await enter('ana'), await enter('chris')];
    const said = await ana.send({ type: 'add-note', incident: SECRET, text: 'rotated at noon, again' });
    const seq = said.ok ? said.seq : 0;
    await until('all have it', () => ana.view().seq >= seq && chris.view().seq >= seq);
    expect(JSON.stringify(ana.view().room)).toContain('rotated at noon, again');
    expect(JSON.stringify(chris.view())).not.toMatch(WORDS);
  });

  it('shows nobody who may not know of it that others look at it', async () => {
    const [ana, ben, chris] = [await enter('ana'), await enter('ben'), await enter('chris')];
    ana.looking('room', SECRET);
    await until('ben sees where ana is', () => ben.view().presence.some(({ incident }) => incident === SECRET));
    await until('chris sees that she looks', () => chris.view().presence.some(({ name, at }) => name === 'ana' && at));
    expect(chris.view().presence.some(({ incident }) => incident === SECRET)).toBe(false);
  });

  it('is not in what HTTP lists, unless for those named', async () => {
    const listed = async (name: string) =>
      (await fetch(`${agent.url}/api/v1/incidents`, { headers: { authorization: `Bearer ${tokenOf(name)}` } })).text();
    expect(await listed('ben')).toMatch(WORDS);
    expect(await listed('chris')).not.toMatch(WORDS);
    expect(JSON.parse(await listed('chris')).incidents).toEqual([]);
  });

  it('is counted in no metric', async () => {
    const metrics = await (await fetch(`${agent.url}/metrics`)).text();
    const counted = metrics.split('\n').filter((line) => /^warroom_incidents\{.*\} [1-9]/.test(line));
    expect(counted).toEqual([]);
    expect(metrics).not.toMatch(/INC-2026|vault are out/);
    expect(metrics).toMatch(/warroom_incidents_declared_total\{[^}]*severity="SEV1"[^}]*\} 0/);
  });

  it('is in the agent’s own log only as a call for help', () => {
    expect(agent.lines.join('\n')).not.toMatch(WORDS);
    expect(agent.lines.join('\n')).toMatch(/SEV1 INC-2026-0001: a private incident/);
  });

  it.each(['status', 'incidents', 'summary INC-1', 'timeline INC-1', 'ack INC-1', 'people INC-1 --everybody'])(
    'gives nothing away to %s',
    async (words) => {
      const { stdout, stderr } = await onTheirHost('chris', ...words.split(' '));
      expect(stdout + stderr).not.toMatch(WORDS);
      expect((await onTheirHost('ben', 'summary', 'INC-1')).stdout).toMatch(WORDS);
    },
  );

  it('is in the journal, which is its owner’s alone', async () => {
    const { stdout } = await run(['audit', 'verify'], agent.env);
    expect(stdout).toMatch(/^ok: \d+ commits/);
    expect(await readFile(join(agent.stateDirectory, 'journal', 'journal-000001.jsonl'), 'utf8')).toMatch(WORDS);
  });

  it('once it is opened is there for everybody, at once', async () => {
    const [ana, chris] = [await enter('ana'), await enter('chris')];
    expect(await ana.send({ type: 'set-people', incident: SECRET, people: null })).toMatchObject({ ok: true });
    await until('chris sees it', () => SECRET in chris.view().room.incidents);
    expect(chris.view().room.incidents).toEqual(ana.view().room.incidents);
  });

  it('once it is made private again is gone from everybody else, at once', async () => {
    const [ana, chris] = [await enter('ana'), await enter('chris')];
    await ana.send({ type: 'set-people', incident: SECRET, people: ['ben'] });
    await until('chris sees it no more', () => !(SECRET in chris.view().room.incidents));
    expect(JSON.stringify(chris.view())).not.toMatch(WORDS);
  });
});
