import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectRoom } from '../../src/client/connect.ts';
import type { RoomClient } from '../../src/client/room-client.ts';
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
      expect(seen.view().connection).toEqual({ name: 'refused', message: 'not you' });
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
});
