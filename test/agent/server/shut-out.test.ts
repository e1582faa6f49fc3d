import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createDoorkeeper } from '../../../src/agent/server/doorkeeper.ts';
import { createFailedLogins } from '../../../src/agent/server/failed-logins.ts';
import { type RoomServer, startServer } from '../../../src/agent/server/server.ts';
import { ours } from '../../../src/protocol/versions.ts';
import { quietHost } from '../../support/quiet-host.ts';
import { until } from '../../support/until.ts';

let server: RoomServer;
let elapsedMs: number;
/** From where the next request seems to come. */
let address: string;
beforeEach(async () => {
  elapsedMs = 0;
  address = '10.0.0.7';
  const admit = createDoorkeeper({
    localToken: 'right',
    named: { find: () => ({ kind: 'unknown' }), endOf: () => null },
    failedLogins: createFailedLogins({ elapsedMs: () => elapsedMs, tell: () => {} }),
    onFailure: () => {},
  });
  // One host has no address that is far from it: what the socket tells is replaced, and nothing else.
  const host = quietHost((presented, peer) =>
    admit(presented, { ...peer, address, isNear: presented === 'right' && address === '10.0.0.8' }),
  );
  server = await startServer({ host: '127.0.0.1', port: 0 }, host);
});
afterEach(() => server.stop());

const ask = (token: string) =>
  fetch(`http://127.0.0.1:${server.port}/api/v1/incidents`, { headers: { authorization: `Bearer ${token}` } });

const farewell = (token: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
    const hello = { type: 'hello', protocol: ours.newest, oldest: ours.oldest, token, name: 'x' };
    socket.on('open', () => socket.send(JSON.stringify({ ...hello, since: null, log: null, mark: null, now: 0 })));
    socket.on('message', (raw) => {
      resolve(JSON.parse(String(raw)));
      socket.terminate();
    });
    socket.on('error', reject);
  });

describe('an address with too many wrong tokens', () => {
  it('is told so over HTTP and in the room alike, and is looked at again after a minute', async () => {
    for (let tries = 0; tries < 9; tries += 1) expect((await ask('wrong')).status).toBe(401);
    expect(await farewell('wrong')).toMatchObject({ type: 'farewell', reason: 'token' });
    const shutOut = await ask('wrong');
    expect([shutOut.status, shutOut.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await farewell('right')).toMatchObject({
      type: 'farewell',
      reason: 'too-many',
      message: expect.stringContaining('nothing from it is looked at for 60 s'),
    });
    elapsedMs = 60_000;
    expect((await ask('wrong')).status).toBe(401);
  });

  it('keeps nobody else out', async () => {
    for (let tries = 0; tries < 20; tries += 1) await ask('wrong');
    address = '10.0.0.8';
    expect((await ask('right')).status).toBe(200);
  });

  it('does not count who presents nothing', async () => {
    for (let tries = 0; tries < 20; tries += 1)
      expect((await fetch(`http://127.0.0.1:${server.port}/api/v1/incidents`)).status).toBe(401);
  });
});

it('a wrong token of this host waits for its answer and keeps nobody waiting', async () => {
  await server.stop();
  const admit = createDoorkeeper({
    localToken: 'right',
    named: { find: () => ({ kind: 'unknown' }), endOf: () => null },
    failedLogins: createFailedLogins({ elapsedMs: () => elapsedMs, tell: () => {} }),
    onFailure: () => {},
  });
  server = await startServer({ host: '127.0.0.1', port: 0 }, quietHost(admit));
  let answered = 0;
  const wrong = Array.from({ length: 30 }, () =>
    ask('wrong').then(({ status }) => {
      answered += 1;
      return status;
    }),
  );
  expect((await ask('right')).status).toBe(200);
  expect(answered).toBe(0);
  expect(new Set(await Promise.all(wrong))).toEqual(new Set([401]));
  await until('all have their answer', () => answered === 30);
});
