import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
import { emptyRoom } from '../../src/incident/state.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/messages.ts';
import { until } from '../support/until.ts';

let server: WebSocketServer;
let client: RoomClient | undefined;
let hellos = 0;

beforeEach(async () => {
  hellos = 0;
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  client?.close();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

const connect = (): RoomClient =>
  connectRoom({
    address: () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 't' }),
    name: 'ana',
  });

describe('a connection', () => {
  it.each(['version', 'token', 'malformed'])(
    'that is sent away for its %s before a welcome asks no more',
    async (reason) => {
      server.on('connection', (socket) => {
        socket.on('message', () => {
          hellos += 1;
          socket.send(JSON.stringify({ type: 'farewell', reason, message: 'not you' }));
          socket.close();
        });
      });
      client = connect();
      const seen = client;
      await until('the refusal', () => seen.view().connection.name === 'refused');
      await until('the socket to be gone', () => server.clients.size === 0);
      expect(seen.view().connection).toEqual({ name: 'refused', message: 'not you', reason });
      expect(hellos).toBe(1);
    },
  );

  it('that is dropped without a word tries again', async () => {
    server.on('connection', (socket) => {
      hellos += 1;
      socket.terminate();
    });
    client = connect();
    await until('a second try', () => hellos >= 2);
  });

  it('[F2] that has a gap in what it was told asks for all of the room again', async () => {
    const said: { since: unknown; log: unknown; mark: unknown }[] = [];
    server.on('connection', (socket) => {
      socket.on('message', (raw) => {
        said.push(JSON.parse(raw.toString()));
        socket.send(JSON.stringify(welcomeAt(5)));
        if (said.length === 1)
          socket.send(JSON.stringify({ type: 'events', after: 7, upTo: 8, mark: 'm8', commits: [] }));
      });
    });
    client = connect();
    await until('a second hello', () => said.length >= 2);
    expect(said[1]).toMatchObject({ since: null, log: null, mark: null });
  });

  it('[R1] [F9] that was lost says what it holds, and its clock', async () => {
    const said: { since: unknown; log: unknown; mark: unknown; now: number }[] = [];
    server.on('connection', (socket) => {
      socket.on('message', (raw) => {
        said.push(JSON.parse(raw.toString()));
        socket.send(JSON.stringify(welcomeAt(5)));
        if (said.length > 1) return;
        socket.send(JSON.stringify({ type: 'events', after: 5, upTo: 6, mark: 'm6', commits: [] }), () =>
          socket.terminate(),
        );
      });
    });
    client = connect();
    await until('a second hello', () => said.length >= 2);
    expect(said[1]).toMatchObject({ since: 6, log: 'l1', mark: 'm6' });
    expect(Math.abs((said[1]?.now ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('[R5] that is welcomed as somebody else than before takes nothing and asks for all of the room', async () => {
    const said: { since: unknown }[] = [];
    server.on('connection', (socket) => {
      socket.on('message', (raw) => {
        said.push(JSON.parse(raw.toString()));
        if (said.length === 2) socket.send(JSON.stringify({ ...welcomeAt(5), you: 'ben', room: null }));
        else socket.send(JSON.stringify(welcomeAt(5)), () => said.length === 1 && socket.terminate());
      });
    });
    client = connect();
    await until('a third hello', () => said.length >= 3);
    expect(said.map(({ since }) => since)).toEqual([null, 5, null]);
  });
});

const welcomeAt = (seq: number) => ({
  type: 'welcome',
  protocol: PROTOCOL_VERSION,
  log: 'l1',
  agent: { version: 'x', startedAt: '2026-11-22T03:00:00.000Z', now: 0, rate: 1, writable: true, held: 0 },
  you: 'ana',
  seq,
  mark: `m${seq}`,
  room: emptyRoom,
  commits: [],
  signals: {},
  history: {},
  policy: {},
  presence: [],
  health: {},
});
