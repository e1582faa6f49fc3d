// What one client can cost: rules L1, L2, L5, O1, O6, Q3 and Q4 of docs/protocol.md, at the door alone.
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RoomServer, type ServerHost, type ServerPlace, startServer } from '../../src/agent/server/server.ts';
import type { AgentMessage } from '../../src/protocol/messages.ts';
import type { Answer } from '../../src/protocol/questions.ts';
import { type BareTerminal, bareTerminal, helloOf } from '../support/bare-terminal.ts';
import { until } from '../support/until.ts';

let server: RoomServer | undefined;
afterEach(() => server?.stop());

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
const listens = async (more: Partial<ServerHost> = {}, place: Partial<ServerPlace> = {}): Promise<string> => {
  server = await startServer({ host: '127.0.0.1', port: 0, ...place }, { ...host, ...more });
  return `http://127.0.0.1:${server.port}`;
};
const comes = (url: string): Promise<BareTerminal> => bareTerminal(url, helloOf('t'));
const reasonOf = async (terminal: BareTerminal): Promise<string> => {
  await terminal.closed;
  const last = terminal.heard.at(-1);
  return last?.type === 'farewell' ? `${last.reason}: ${last.message}` : 'no farewell';
};
const looking = { type: 'looking', at: 'room', incident: null };

describe('the door', () => {
  it('[O1] shows whoever says nothing out', async () => {
    const silent = await bareTerminal(await listens({}, { helloWithinMs: 50 }), null);
    expect(await reasonOf(silent)).toBe('malformed: no hello');
  });

  it('[O6] ends a session whose token holds no longer, before it does another thing', async () => {
    let ended: string | null = null;
    const executed: string[] = [];
    const url = await listens({
      admit: () => ({ ok: true, admission: { token: 't', permission: 'commander', person: null, ended: () => ended } }),
      execute: async (_command, { commandId }) => {
        executed.push(commandId);
        return { ok: true, seq: 1, subject: null };
      },
    });
    const [asking, silent] = [await comes(url), await comes(url)];
    ended = 'the token was revoked';
    asking.says({ type: 'command', id: 'too-late-1', command: { type: 'acknowledge', incident: 'INC-2026-0001' } });
    expect(await reasonOf(asking)).toBe('token: the token was revoked');
    server?.recheck();
    expect(await reasonOf(silent)).toBe('token: the token was revoked');
    expect(executed).toEqual([]);
  });

  it.each<readonly [string, (socket: WebSocket) => void]>([
    ['binary', (socket) => socket.send(Buffer.from(JSON.stringify(looking)), { binary: true })],
    ['above 64 KiB', (socket) => socket.send(JSON.stringify({ ...looking, more: 'x'.repeat(64 * 1024) }))],
    ['compressed', (socket) => rawOf(socket).write(Buffer.from([0xc1, 0x80, 0, 0, 0, 0]))],
    ['not UTF-8', (socket) => rawOf(socket).write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]))],
    ['not masked', (socket) => rawOf(socket).write(Buffer.from([0x81, 0x02, 0x7b, 0x7d]))],
    ['no frame', (socket) => rawOf(socket).write('GET / HTTP/1.1\r\n\r\n')],
  ])('[L1] ends the session of a message that is %s, and only that one', async (_what, send) => {
    const url = await listens();
    const [good, bad] = [await comes(url), await comes(url)];
    send(bad.socket);
    await bad.closed;
    good.says({ type: 'command', id: 'still-here', command: { type: 'acknowledge', incident: 'INC-2026-0001' } });
    expect(await good.hears('result')).toMatchObject({ id: 'still-here' });
    good.socket.terminate();
  });

  it('[L2] ends a session of more than 50 messages in a second', async () => {
    const busy = await comes(await listens({ nowMs: () => 1 }));
    for (let count = 0; count < 51; count++) busy.says(looking);
    expect(await reasonOf(busy)).toBe('too-many: more than 50 messages in a second');
  });

  it('[L2] ends a session of more than 512 KiB in a second', async () => {
    const busy = await comes(await listens({ nowMs: () => 1 }));
    for (let count = 0; count < 9; count++) busy.says({ ...looking, padding: 'x'.repeat(60_000) });
    expect(await reasonOf(busy)).toBe('too-many: more than 512 KiB in a second');
  });

  it('[L2] lets a client speak again in the next second', async () => {
    let nowMs = 1;
    const busy = await comes(await listens({ nowMs: () => nowMs }));
    const saysAll = async (id: string): Promise<void> => {
      for (let count = 0; count < 49; count++) busy.says(looking);
      busy.says({ type: 'command', id, command: { type: 'acknowledge', incident: 'INC-2026-0001' } });
      await busy.hears('result', (message) => message.id === id);
    };
    await saysAll('second-1');
    nowMs += 1_000;
    await saysAll('second-2');
    busy.socket.terminate();
  });

  it('[Q4] answers questions one after the other, and ends a session with more than 8 waiting', async () => {
    let underWay = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const answer = async (): Promise<Answer> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => release.push(resolve));
      underWay -= 1;
      return { about: 'incident', incident: null };
    };
    const curious = await comes(await listens({ answer }));
    const asks = (count: number) =>
      curious.says({
        type: 'ask',
        id: `question-${count}`,
        question: { about: 'incident', incident: 'INC-2026-0001' },
      });
    for (let count = 0; count < 8; count++) asks(count);
    for (let count = 0; count < 8; count++) (await until('the next question', () => release.shift()))();
    await curious.hears('answer', ({ id }) => id === 'question-7');
    expect(most).toBe(1);
    expect(curious.heard.flatMap((message) => (message.type === 'answer' ? message.id : []))).toHaveLength(8);
    for (let count = 0; count < 9; count++) asks(count);
    expect(await reasonOf(curious)).toBe('too-many: more than 8 questions at once');
  });

  it('[Q3] answers that it cannot, where answering fails', async () => {
    const curious = await comes(
      await listens({ answer: () => Promise.reject(new Error('the disk')), fault: () => {} }),
    );
    curious.says({ type: 'ask', id: 'question-1', question: { about: 'incident', incident: 'INC-2026-0001' } });
    expect(await curious.hears('answer')).toMatchObject({ answer: { about: 'refused', refusal: { reason: 'fault' } } });
    curious.socket.terminate();
  });

  it('[C1] answers a command that it failed over with the truth, and goes on', async () => {
    const faults: unknown[] = [];
    const execute = (): never => {
      throw new Error('a bug');
    };
    const unlucky = await comes(await listens({ execute, fault: (error) => void faults.push(error) }));
    unlucky.says({ type: 'command', id: 'unlucky-1', command: { type: 'acknowledge', incident: 'INC-2026-0001' } });
    expect(await unlucky.hears('result')).toMatchObject({ result: { ok: false, refusal: { reason: 'fault' } } });
    expect(faults).toHaveLength(1);
    unlucky.socket.terminate();
  });

  it('[L1] loses the one session over which it stumbles, and tells loudly', async () => {
    const faults: unknown[] = [];
    const welcome = ({ since }: { readonly since: number | null }): AgentMessage => {
      if (since === 13) throw new Error('a bug');
      return { type: 'welcome' } as unknown as AgentMessage;
    };
    const url = await listens({ welcome, fault: (error) => void faults.push(error) });
    const [good, unlucky] = [await comes(url), await bareTerminal(url, null)];
    unlucky.says(helloOf('t', { since: 13 }));
    await unlucky.closed;
    expect(faults).toHaveLength(1);
    expect(good.socket.readyState).toBe(WebSocket.OPEN);
    good.socket.terminate();
  });

  it('[L5] turns away whoever comes when all places are taken, and lets the next in when one is free', async () => {
    const url = await listens({}, { mostSockets: 3 });
    const here = [await comes(url), await comes(url), await comes(url)];
    await expect(comes(url)).rejects.toThrow('503');
    expect(here.map(({ socket }) => socket.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN, WebSocket.OPEN]);
    here[0]?.socket.close();
    await here[0]?.closed;
    const next = await until('a place', () => comes(url).catch(() => null));
    for (const { socket } of [...here, next]) socket.terminate();
  });

  it('[L1] [L5] takes connections that break off at any byte of the handshake for nothing', async () => {
    const url = await listens();
    const handshake = 'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    await Promise.all(
      Array.from({ length: handshake.length }, async (_, length) => {
        const socket = connect(server?.port ?? 0, '127.0.0.1');
        socket.on('error', () => {});
        await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve));
        socket.write(handshake.slice(0, length));
        socket.resetAndDestroy();
      }),
    );
    const good = await comes(url);
    expect(await good.hears('welcome')).toMatchObject({ you: 'bare' });
    good.socket.terminate();
  });
});

/** The stream below a WebSocket, to write what no client would. */
const rawOf = (socket: WebSocket): { write(bytes: Buffer | string): void } =>
  (socket as unknown as { readonly _socket: { write(bytes: Buffer | string): void } })._socket;
