// Who is here, over real sockets: rules P1 to P5 of docs/protocol.md.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { type AgentMessage, PROTOCOL_VERSION, type Presence } from '../../src/protocol/messages.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { until } from '../support/until.ts';

let agent: AgentUnderTest;
let token: string;
let clients: RoomClient[];
let sockets: WebSocket[];

beforeEach(async () => {
  agent = await agentUnderTest();
  token = (await readFile(join(agent.stateDirectory, 'token'), 'utf8')).trim();
  clients = [];
  sockets = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  for (const socket of sockets) socket.terminate();
  await agent.clear();
});

const comes = async (name: string): Promise<RoomClient> => {
  let { url } = agent;
  const client = connectRoom({
    address: () => {
      // While it is stopped it has no address.
      url = agent.url || url;
      return { url, token };
    },
    name,
  });
  clients.push(client);
  await until(`${name} to be live`, () => client.view().connection.name === 'live');
  return client;
};

/** A bare terminal that keeps every message; it can be killed. */
const bare = async (hello: Record<string, unknown> = {}) => {
  const heard: AgentMessage[] = [];
  const socket = new WebSocket(`${agent.url.replace('http', 'ws')}/ws`);
  sockets.push(socket);
  socket.on('message', (raw) => heard.push(JSON.parse(raw.toString())));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const says = (message: unknown): void => socket.send(JSON.stringify(message));
  says({
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    token,
    name: 'bare',
    since: null,
    log: null,
    mark: null,
    now: Date.now(),
    ...hello,
  });
  await until('an answer', () => heard.length > 0);
  return { socket, heard, says };
};

const places = (client: RoomClient): string[] => client.view().presence.map(({ name, at }) => `${name} ${at}`);
const sees = (client: RoomClient, ...expected: readonly string[]) =>
  until(`${expected}`, () => places(client).join() === expected.join());

describe('who is here', () => {
  it('[P1] is told at once to who comes, and to the others when somebody comes, looks elsewhere and leaves', async () => {
    const ana = await comes('ana');
    expect(places(ana)).toEqual(['ana null']);
    const declared = await ana.send({ type: 'declare', title: 'it fails', services: ['checkout'], severity: 'SEV3' });
    const incident = declared.ok ? declared.subject : null;
    ana.looking('room', incident);
    const ben = await comes('ben');
    expect(places(ben)).toContain('ben null');
    await sees(ana, 'ana room', 'ben null');
    ben.looking('timeline', incident);
    await sees(ana, 'ana room', 'ben timeline');
    ben.looking('services', null);
    await sees(ana, 'ana room', 'ben services');
    expect(ana.view().presence).toMatchObject([{ incident }, { incident: null }]);
    ben.close();
    await sees(ana, 'ana room');
  });

  it('[P1] includes since when', async () => {
    const before = Date.now();
    const ana = await comes('ana');
    ana.looking('room', null);
    await sees(ana, 'ana room');
    const since = Date.parse(ana.view().presence[0]?.since ?? '');
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(Date.now());
  });

  it('[P2] no longer counts a terminal that was killed', async () => {
    const ana = await comes('ana');
    const { socket } = await bare({ name: 'ben' });
    await sees(ana, 'ana null', 'ben null');
    socket.terminate();
    await sees(ana, 'ana null');
  });

  it('[P2] counts two terminals of one person as two, each with its own place', async () => {
    const one = await comes('ana');
    const other = await comes('ana');
    one.looking('room', null);
    await sees(other, 'ana room', 'ana null');
    other.looking('wall', null);
    await sees(one, 'ana room', 'ana wall');
    other.close();
    await sees(one, 'ana room');
  });

  it('[P3] is told in few messages when thirty come at once', async () => {
    const { heard } = await bare({ name: 'observer' });
    const told = (): readonly (readonly Presence[])[] =>
      heard.flatMap((message) => (message.type === 'presence' ? [message.people] : []));
    await until('the first telling', () => told().length > 0);
    const before = told().length;
    await Promise.all(Array.from({ length: 30 }, (_, index) => bare({ name: `p${index}` })));
    await until('all of them', () => told().at(-1)?.length === 31);
    expect(told().length - before).toBeLessThan(10);
    expect(
      new Set(
        told()
          .at(-1)
          ?.map(({ name }) => name),
      ).size,
    ).toBe(31);
  });

  it('[P4] says again where it looks after the connection was lost', async () => {
    const ana = await comes('ana');
    ana.looking('ledger', null);
    await sees(ana, 'ana ledger');
    await agent.stop();
    await until('stale', () => ana.view().connection.name === 'stale');
    await agent.start();
    await until('live', () => ana.view().connection.name === 'live');
    await sees(ana, 'ana ledger');
  });

  it('[C5] has only safe names, and no incident that there is not', async () => {
    const ana = await comes('ana');
    const { says } = await bare({ name: '\u001b]0;pwned\u0007b\u202een\n' });
    says({ type: 'looking', at: 'room', incident: '\u001b[2J\u202eINC' });
    await until('ben', () => ana.view().presence.length === 2);
    await until('where he looks', () => ana.view().presence[1]?.at === 'room');
    expect(ana.view().presence[1]).toMatchObject({ name: 'ben', incident: null });
    await bare({ name: '\u200b\u001b[2J' });
    await sees(ana, 'ana null', 'ben room', 'nobody null');
  });

  it.each([
    ['a place that there is not', { type: 'looking', at: 'kitchen', incident: null }],
    ['an incident that is a book', { type: 'looking', at: 'room', incident: 'x'.repeat(1_000) }],
  ])('[L1] %s ends that session, and only that one', async (_what, message) => {
    const ana = await comes('ana');
    const { says, heard } = await bare({ name: 'ben' });
    says(message);
    await until('the farewell', () => heard.at(-1)?.type === 'farewell');
    expect(heard.at(-1)).toMatchObject({ reason: 'malformed' });
    await sees(ana, 'ana null');
    expect(ana.view().connection.name).toBe('live');
  });

  it('[L2] counts looking around among the messages of a second', async () => {
    const { says, heard } = await bare();
    for (let times = 0; times < 60; times++) says({ type: 'looking', at: 'room', incident: null });
    await until('the farewell', () => heard.at(-1)?.type === 'farewell');
    expect(heard.at(-1)).toMatchObject({ reason: 'too-many', message: 'more than 50 messages in a second' });
  });
});
