// What two people hold of one room, one of whom may not see all of it: rules F3, R4 and V1 to V3 of docs/protocol.md, over cut connections.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { type AgentUnderTest, agentUnderTest } from '../support/agent-under-test.ts';
import { localTokenOf } from '../support/bare-terminal.ts';
import { type FlakyNetwork, flakyNetwork } from '../support/flaky-network.ts';
import { until } from '../support/until.ts';

let agent: AgentUnderTest;
let network: FlakyNetwork;
let token: string;
let clients: RoomClient[];

beforeEach(async () => {
  agent = await agentUnderTest();
  token = await localTokenOf(agent.stateDirectory);
  network = await flakyNetwork();
  network.leadsTo(Number(new URL(agent.url).port));
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  await network.close();
  await agent.clear();
});

const comes = async (name: string): Promise<RoomClient> => {
  const client = connectRoom({ address: () => ({ url: network.url, token }), name });
  clients.push(client);
  await until(`${name} to be live`, () => client.view().connection.name === 'live');
  return client;
};
const roomOf = (client: RoomClient): string =>
  createHash('sha256').update(JSON.stringify(client.view().room)).digest('hex');
const declared = async (client: RoomClient, people?: string[]): Promise<string> => {
  const more = people === undefined ? {} : { people };
  const command = { type: 'declare', title: 'it fails', services: ['checkout'], severity: 'SEV3', ...more } as const;
  const result = await client.send(command);
  return (result.ok && result.subject) || '';
};

describe('a room that is not the same for everybody', () => {
  it('[F3] [V1] [V2] [V3] [R4] is held by each as they may see it, however often connections are cut', async () => {
    const [ana, eve] = [await comes('ana'), await comes('eve')];
    const incidents = [await declared(ana), await declared(ana, ['ben']), await declared(eve), await declared(eve, [])];
    const sent: Promise<unknown>[] = [];
    for (let round = 0; round < 24; round++) {
      for (const [client, theirs] of [
        [ana, incidents[round % 2]],
        [eve, incidents[2 + (round % 2)]],
      ] as const)
        sent.push(client.send({ type: 'add-note', incident: theirs ?? '', text: `note ${round}` }));
      const people = round % 8 === 3 ? null : ['ben'];
      if (round % 4 === 3) sent.push(ana.send({ type: 'set-people', incident: incidents[1] ?? '', people }));
      if (round % 6 === 5) network.cut();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await Promise.all(sent)).filter((result) => !(result as { ok: boolean }).ok)).toEqual([]);
    for (const client of [ana, eve]) {
      const fresh = await comes(client.view().me);
      await until('the same number', () => client.view().seq === fresh.view().seq);
      expect([client.view().me, roomOf(client)]).toEqual([client.view().me, roomOf(fresh)]);
    }
    expect(Object.keys(ana.view().room.incidents)).toEqual([incidents[0], incidents[1], incidents[2]]);
    expect(Object.keys(eve.view().room.incidents)).toEqual([incidents[0], incidents[2], incidents[3]]);
  });
});
