import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RoomServer, startServer } from '../../../src/agent/server/server.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { admitting } from '../../support/admitting.ts';

let server: RoomServer;
beforeEach(async () => {
  server = await startServer(
    { host: '127.0.0.1', port: 0, goneAfterMs: 3_000 },
    {
      admit: admitting('right'),
      welcome: () => ({ type: 'alive', now: 0, writable: true, held: 0 }),
      execute: async () => ({ ok: true, seq: 1, subject: null }),
      nowMs: () => Date.now(),
      wallMs: () => Date.now(),
      status: () => ({ incidents: [] }),
      isReady: () => true,
      writable: () => true,
      held: () => 0,
      mayLookAt: () => true,
      answer: async () => ({ about: 'incident', incident: null }),
      version: '0.2.0',
      metrics: async () => ({ text: 'warroom_up 1\n', contentType: 'text/plain; version=0.0.4' }),
      alertSource: () => null,
      alertsNotUnderstood: () => {},
      fault: () => {},
      alertSourceNames: () => ['alertmanager'],
      takeAlerts: async () => ({ ok: true, seq: 1, subject: null }),
    },
  );
});
afterEach(() => server.stop());

const http = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
const closed = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.on('close', resolve));
const opened = async (options?: ConstructorParameters<typeof WebSocket>[2]): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, options);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
};
const hello = JSON.stringify({
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  token: 'right',
  name: 'ana',
  since: null,
  log: null,
  mark: null,
  now: 0,
});

describe('the door', () => {
  it('tells health to anybody and incidents only to who has the token', async () => {
    expect((await http('/healthz')).status).toBe(200);
    expect((await http('/readyz')).status).toBe(200);
    expect((await http('/api/v1/incidents')).status).toBe(401);
    expect((await http('/api/v1/incidents', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    const answer = await http('/api/v1/incidents', { headers: { authorization: 'Bearer right' } });
    expect(await answer.json()).toEqual({ incidents: [] });
  });

  it.each(['/metrics', '/metrics?collect=all'])('tells its numbers to Prometheus at %s', async (path) => {
    const answer = await http(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(await answer.text()).toBe('warroom_up 1\n');
  });

  it('knows no other path and no other method', async () => {
    expect((await http('/etc/passwd')).status).toBe(404);
    expect((await http('/healthz', { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(405);
  });

  it('[L4] cuts off who answers no ping, and nobody else', async () => {
    const [shut, awake] = await Promise.all([opened({ autoPong: false }), opened()]);
    for (const socket of [shut, awake]) socket.send(hello);
    await closed(shut);
    expect(awake.readyState).toBe(WebSocket.OPEN);
    awake.terminate();
  });

  it('lets no web page in', async () => {
    await expect(opened({ origin: 'http://evil.example' })).rejects.toThrow('403');
  });

  it.each([
    ['a binary frame', Buffer.from([1, 2, 3]), true, 1005],
    ['a message that is too large', 'x'.repeat(70 * 1024), false, 1009],
    ['garbage', '\u0000\u0001', false, 1005],
  ])('closes on %s, and only the session that sent it', async (_what, payload, binary, code) => {
    const good = await opened();
    good.send(hello);
    await new Promise((resolve) => good.once('message', resolve));
    const bad = await opened();
    const ended = closed(bad);
    bad.send(payload, { binary });
    expect(await ended).toBe(code);
    const heard = new Promise((resolve) => good.once('message', resolve));
    server.broadcast({ type: 'alive', now: 1, writable: true, held: 0 });
    await heard;
    expect(server.clients()).toBe(1);
    good.close();
  });

  it('refuses to listen beyond the loopback', async () => {
    await expect(startServer({ host: '0.0.0.0', port: 0 }, {} as never)).rejects.toMatchObject({ code: 'bad-config' });
  });

  it('says which port is in use', async () => {
    await expect(startServer({ host: '127.0.0.1', port: server.port }, {} as never)).rejects.toMatchObject({
      code: 'address-in-use',
      nextStep: 'choose another port: --port P',
    });
  });
});
