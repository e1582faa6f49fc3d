import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/agent/clock.ts';
import type { CheckWatch } from '../../../src/agent/config/config.ts';
import { checkSource, nextStreak, unanswered } from '../../../src/agent/sources/checks.ts';
import { plusMs } from '../../../src/incident/time.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { type LoopbackServer, type Respond, startLoopbackServer } from './loopback-server.ts';
import { type RecordingListener, recordingListener } from './recording-listener.ts';
import { httpCheck, serviceWatch, tcpCheck } from './watches.ts';

let listener: RecordingListener;
let stop: () => void = () => undefined;
const servers: { stop(): Promise<unknown> }[] = [];

beforeEach(() => {
  listener = recordingListener();
});
afterEach(async () => {
  stop();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const startHttp = async (respond: Respond): Promise<LoopbackServer> => {
  const server = await startLoopbackServer(respond);
  servers.push(server);
  return server;
};

const listenTcp = async (port = 0): Promise<{ port: number; stop(): Promise<unknown> }> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

const start = (clock: ManualClock | ReturnType<typeof systemClock>, ...checks: CheckWatch[]): void => {
  stop = checkSource({ watches: [serviceWatch('checkout', { checks })], clock }).start(listener);
};

const answered = (count: number): Promise<void> =>
  vi.waitFor(() => expect(listener.checked.length).toBeGreaterThanOrEqual(count), { timeout: 4_000, interval: 5 });

/** Moves on by one check each time and waits for its answer. */
const answersOf = async (clock: ManualClock, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) {
    const before = listener.checked.length;
    await clock.advance(1_000);
    await answered(before + 1);
  }
};

describe('the state of a check', () => {
  const T0 = '2026-11-22T03:00:00.000Z';
  const states = (answers: string): string => {
    let streak = unanswered(T0);
    return [...answers]
      .map((answer, second) => {
        streak = nextStreak(streak, { good: answer === '+', at: plusMs(T0, second * 1_000), rise: 2, fall: 3 });
        return streak.state[0];
      })
      .join('');
  };

  it.each([
    ['+', 'u', 'is unknown after one good answer'],
    ['++', 'uu', 'is up after rise'],
    ['--', 'uu', 'is unknown before fall'],
    ['---', 'uud', 'is down after fall'],
    ['++--', 'uuuu', 'stays up below fall'],
    ['++--+--', 'uuuuuuu', 'counts bad answers in a row only'],
    ['++---', 'uuuud', 'goes down'],
    ['---+-++', 'uuddddu', 'comes up after rise in a row'],
  ])('%s: %s (%s)', (answers, expected) => {
    expect(states(answers)).toBe(expected);
  });

  it('keeps since while it stays, and moves it when it changes', () => {
    const up = nextStreak(unanswered(T0), { good: true, at: plusMs(T0, 1), rise: 1, fall: 1 });
    const still = nextStreak(up, { good: true, at: plusMs(T0, 2), rise: 1, fall: 1 });
    const down = nextStreak(still, { good: false, at: plusMs(T0, 3), rise: 1, fall: 1 });
    expect([up, still, down].map(({ state, since }) => [state, since])).toEqual([
      ['up', plusMs(T0, 1)],
      ['up', plusMs(T0, 1)],
      ['down', plusMs(T0, 3)],
    ]);
  });
});

describe('a check source', () => {
  it('follows an HTTP service down and up again', async () => {
    const clock = manualClock();
    let status = 200;
    const server = await startHttp((_, response) => response.writeHead(status).end('x'));
    start(clock, httpCheck(server.url));
    await answered(1);
    expect(listener.checked.at(-1)).toMatchObject({
      service: 'checkout',
      name: 'http',
      state: 'unknown',
      detail: '200',
    });
    await answersOf(clock, 1);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'up', since: '2026-11-22T03:00:01.000Z' });
    status = 503;
    await answersOf(clock, 2);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'up', detail: '503' });
    await answersOf(clock, 1);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'down', detail: '503', since: '2026-11-22T03:00:04.000Z' });
    status = 204;
    await answersOf(clock, 2);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'up', detail: '204' });
  });

  it('counts a redirect as the status it is', async () => {
    const server = await startHttp((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/fine' }).end() : response.writeHead(200).end(),
    );
    start(systemClock(), httpCheck(server.url, { fall: 1 }));
    await answered(1);
    expect(listener.checked[0]).toMatchObject({ state: 'down', detail: '302' });
  });

  it('takes the statuses that it was told to expect', async () => {
    const server = await startHttp((_, response) => response.writeHead(401).end());
    start(systemClock(), httpCheck(server.url, { rise: 1, expectStatus: [200, 499] } as Partial<CheckWatch>));
    await answered(1);
    expect(listener.checked[0]).toMatchObject({ state: 'up', detail: '401' });
  });

  it('reads no more than the beginning of an endless page', async () => {
    let closed = false;
    const server = await startHttp((request, response) => {
      request.socket.on('close', () => {
        closed = true;
      });
      const pour = (): void => {
        while (response.write('x'.repeat(10_000)));
      };
      response.on('drain', pour);
      pour();
    });
    start(systemClock(), httpCheck(server.url, { rise: 1, timeoutMs: 3_000 }));
    await answered(1);
    expect(listener.checked[0]).toMatchObject({ state: 'up', detail: '200' });
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  it('says in words that a service hangs or breaks off', async () => {
    const hanging = await startHttp(() => undefined);
    const breaking = await startHttp((request) => request.socket.destroy());
    const refusing = await startLoopbackServer(() => undefined);
    await refusing.stop();
    start(
      systemClock(),
      httpCheck(hanging.url, { name: 'hanging', timeoutMs: 50 }),
      httpCheck(breaking.url, { name: 'breaking' }),
      httpCheck(refusing.url, { name: 'refusing' }),
      httpCheck('http://127.0.0.1:1', { name: 'blocked' }),
    );
    await answered(4);
    expect(Object.fromEntries(listener.checked.map(({ name, detail }) => [name, detail]))).toEqual({
      hanging: 'timeout after 0.05 s',
      breaking: 'connection closed',
      refusing: 'connection refused',
      blocked: 'port not allowed for HTTP',
    });
  });

  it('follows a TCP listener up, down and up again', async () => {
    const clock = manualClock();
    const first = await listenTcp();
    start(clock, tcpCheck(first.port));
    await answered(1);
    await answersOf(clock, 1);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'up', detail: 'connected' });
    await first.stop();
    await answersOf(clock, 3);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'down', detail: 'connection refused' });
    servers.push(await listenTcp(first.port));
    await answersOf(clock, 2);
    expect(listener.checked.at(-1)).toMatchObject({ state: 'up', detail: 'connected' });
  });

  it('tells nothing after it was stopped', async () => {
    const server = await startHttp(() => undefined);
    start(systemClock(), httpCheck(server.url, { timeoutMs: 50 }));
    stop();
    start(systemClock(), httpCheck(server.url, { name: 'other', timeoutMs: 50 }));
    await answered(1);
    expect(listener.checked.map(({ name }) => name)).toEqual(['other']);
  });
});
