// One client that stops reading among a hundred that go on: rules L3, L4, L5, F4, F5 and P3 of docs/protocol.md, over real sockets.
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoomServer, type ServerHost, startServer } from '../../../src/agent/server/server.ts';
import { safeText } from '../../../src/incident/text.ts';
import type { AgentMessage } from '../../../src/protocol/messages.ts';
import { type BareTerminal, bareTerminal, helloOf } from '../../support/bare-terminal.ts';
import { until } from '../../support/until.ts';
import { collected } from './collected.ts';

const READERS = 100;
const MIB = 1024 * 1024;

let server: RoomServer;
let url: string;
let terminals: BareTerminal[];
let raw: Socket[];

const host: ServerHost = {
  admit: () => ({ ok: true, admission: { token: 't', permission: 'commander', person: null, ended: () => null } }),
  version: 'test',
  welcome: ({ you }) => ({ type: 'welcome', you }) as unknown as AgentMessage,
  execute: async () => ({ ok: true, seq: 1, subject: null }),
  answer: async () => ({ about: 'incident', incident: null }),
  mayLookAt: () => true,
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  status: () => ({}),
  isReady: () => true,
  writable: () => false,
  held: () => 12,
  metrics: async () => ({ text: '', contentType: 'text/plain' }),
  alertSource: () => null,
  alertSourceNames: () => [],
  alertsNotUnderstood: () => {},
  takeAlerts: async () => ({ ok: true, seq: 1, subject: null }),
  fault: (error) => {
    throw error;
  },
};

beforeEach(async () => {
  server = await startServer({ host: '127.0.0.1', port: 0, helloWithinMs: 2_000 }, host);
  url = `http://127.0.0.1:${server.port}`;
  terminals = [];
  raw = [];
});
afterEach(async () => {
  for (const { socket } of terminals) socket.terminate();
  for (const socket of raw) socket.destroy();
  await server.stop();
});

const comes = async (name: string): Promise<BareTerminal> => {
  const terminal = await bareTerminal(url, helloOf('t', { name }));
  terminals.push(terminal);
  return terminal;
};
const held = ({ heapUsed, arrayBuffers }: NodeJS.MemoryUsage): number => heapUsed + arrayBuffers;
const streamOf = ({ socket }: BareTerminal): Socket => (socket as unknown as { readonly _socket: Socket })._socket;

/** A commit's news of about that many bytes. */
const news = (seq: number, bytes = 4_000): AgentMessage => ({
  type: 'events',
  after: seq - 1,
  upTo: seq,
  mark: 'm',
  commits: [
    {
      v: 1,
      seq,
      prev: '',
      at: '2026-11-22T03:00:00.000Z',
      commandId: `news-${seq}`,
      actor: { kind: 'person', name: 'ana' },
      events: [
        { type: 'note.added', incident: 'INC-2026-0001', note: `N${seq}`, text: safeText('x'.repeat(bytes), bytes) },
      ],
    },
  ],
});

describe('a client that stops reading', () => {
  it('[L3] is cut off at a bounded price, and the others get everything in order meanwhile', {
    timeout: 60_000,
  }, async () => {
    const seen = new Map<string, number[]>();
    for (let number = 0; number < READERS; number++) {
      const reader = await comes(`reader-${number}`);
      const seqs: number[] = [];
      seen.set(`reader-${number}`, seqs);
      reader.socket.removeAllListeners('message');
      reader.socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8', 0, 80);
        const upTo = /"upTo":(\d+)/.exec(text);
        if (upTo !== null) seqs.push(Number(upTo[1]));
      });
    }
    const stuck = await comes('stuck');
    streamOf(stuck).pause();
    await until('everybody is here', () => server.clients() === READERS + 1);
    const before = collected();
    let most = 0;
    let seq = 0;
    // Until the one that reads nothing is gone: what the kernel holds for it is not the agent's.
    while (server.clients() > READERS) {
      for (let burst = 0; burst < 5; burst++) server.broadcast(news(++seq, 32_000));
      const toldUpTo = seq;
      await until('the readers are up to date', () => [...seen.values()].every((seqs) => seqs.at(-1) === toldUpTo));
      if (toldUpTo % 50 === 0) most = Math.max(most, held(collected()) - held(before));
      expect(seq).toBeLessThan(2_000);
    }
    // 8 MiB wait for it, in whole messages, and a little for each of them.
    expect(most).toBeGreaterThan(MIB);
    expect(most).toBeLessThan(24 * MIB);
    const expected = Array.from({ length: seq }, (_, index) => index + 1);
    for (const [name, seqs] of seen) expect([name, seqs]).toEqual([name, expected]);
    server.broadcast(news(++seq));
    await until('the next one too', () => [...seen.values()].every((seqs) => seqs.at(-1) === seq));
  });

  it('[L3] [F4] [P3] loses numbers first and facts never, and has the rest when it reads again', async () => {
    const slow = await comes('slow');
    streamOf(slow).pause();
    // Enough to fill what the kernel holds and the quarter of a megabyte beyond which numbers are left out.
    let facts = 0;
    for (; facts < 2_500; facts++) server.broadcast(news(facts + 1));
    await comes('ben');
    const numbers = 50;
    for (let count = 0; count < numbers; count++) server.offer({ type: 'signals', signals: {} });
    server.broadcast(news(++facts));
    expect(server.clients()).toBe(2);
    await until('the presence was told to who reads', () =>
      terminals[1]?.heard.some(({ type }) => type === 'presence'),
    );
    streamOf(slow).resume();
    await slow.hears('events', ({ upTo }) => upTo === facts);
    expect(slow.heard.filter(({ type }) => type === 'signals')).toEqual([]);
    const seqs = slow.heard.flatMap((message) => (message.type === 'events' ? message.upTo : []));
    expect(seqs).toEqual(Array.from({ length: facts }, (_, index) => index + 1));
    server.offer({ type: 'signals', signals: {} });
    await slow.hears('signals');
    await slow.hears('presence', ({ people }) => people.length === 2);
  });

  it('[L4] is cut off in the end although nothing is told meanwhile', { timeout: 40_000 }, async () => {
    await server.stop();
    server = await startServer({ host: '127.0.0.1', port: 0, goneAfterMs: 3_000 }, host);
    url = `http://127.0.0.1:${server.port}`;
    const [stuck, fine] = [await comes('stuck'), await comes('fine')];
    streamOf(stuck).pause();
    await until('the stuck one is gone', () => server.clients() === 1, 15_000);
    expect(fine.socket.readyState).toBe(fine.socket.OPEN);
  });
});

describe('connections that want nothing', () => {
  it('[L5] [O1] by the hundred are gone within seconds, and nobody waits for them', { timeout: 40_000 }, async () => {
    const gone: Promise<void>[] = [];
    for (let number = 0; number < 300; number++) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      raw.push(socket);
      gone.push(new Promise((resolve) => socket.once('close', () => resolve())));
      await new Promise((resolve) => socket.once('connect', resolve));
      // A third says nothing, a third half a request; the others open a room and say no hello.
      if (number % 3 === 1) socket.write('GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n');
      if (number % 3 === 2)
        socket.write(
          'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
            'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
        );
      socket.resume();
    }
    const late = await comes('late');
    late.says({ type: 'command', id: 'still-here', command: { type: 'acknowledge', incident: 'INC-2026-0001' } });
    expect(await late.hears('result')).toMatchObject({ id: 'still-here' });
    await Promise.all(gone);
    expect(server.clients()).toBe(1);
  });
});

describe('the pulse', () => {
  it('[F5] tells how many decisions wait for a log that takes no writes', async () => {
    const terminal = await comes('ana');
    expect(await terminal.hears('alive')).toMatchObject({ writable: false, held: 12, now: expect.any(Number) });
  });
});
