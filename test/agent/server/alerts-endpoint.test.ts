import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { IncomingAlert } from '../../../src/agent/alerts/incoming-alert.ts';
import { buildAlertSources } from '../../../src/agent/config/build-alerts.ts';
import { type AlertsLimits, alertsEndpoint } from '../../../src/agent/server/alerts-endpoint.ts';
import { own } from '../../../src/incident/own.ts';
import { type RefusalReason, refusal } from '../../../src/incident/refusal.ts';
import type { CommandResult } from '../../../src/protocol/messages.ts';
import { admitting } from '../../support/admitting.ts';
import { until } from '../../support/until.ts';
import { alertmanagerBody, grafanaAlert, grafanaBody, highErrorRate, highLatency } from '../alerts/bodies.ts';

const TOKEN = 'a-token';
const ACCEPTED: CommandResult = { ok: true, seq: 1, subject: 'INC-2026-0042' };
const sources = buildAlertSources({}, () => {});

interface Taken {
  readonly source: string;
  readonly alerts: readonly IncomingAlert[];
  readonly truncated: number;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const door = async (
  options: { readonly result?: () => Promise<CommandResult>; readonly limits?: AlertsLimits } = {},
) => {
  const taken: Taken[] = [];
  const problems: string[] = [];
  const handle = alertsEndpoint(
    {
      alertSource: (name) => own(sources, name) ?? null,
      alertSourceNames: () => Object.keys(sources),
      takeAlerts: async (source, alerts, truncated) => {
        taken.push({ source, alerts, truncated });
        return options.result === undefined ? ACCEPTED : await options.result();
      },
      alertsNotUnderstood: (source, problem) => problems.push(`${source}: ${problem}`),
    },
    options.limits,
  );
  const admit = admitting(TOKEN, 'responder');
  const server = createServer((request, response) => void handle(request, response, admit));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const post = async (
    body: string | Uint8Array<ArrayBuffer> | object | null,
    given: RequestInit & { readonly path?: string } = {},
  ) => {
    const { path = 'alertmanager', ...init } = given;
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/alerts/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      ...init,
    });
    return { status: response.status, headers: response.headers, answer: (await response.json()) as unknown };
  };
  return { port, post, taken, problems };
};

const refused = (reason: RefusalReason) => async (): Promise<CommandResult> => ({
  ok: false,
  refusal: refusal(reason, 'not recorded: ENOSPC', 'free the disk'),
});

const SMALL: AlertsLimits = { mostBytes: 10_000, withinMs: 10_000, mostRead: 64, mostWaiting: 64 };

describe('a body with the token', () => {
  it('is taken, and what was taken is told', async () => {
    const { post, taken, problems } = await door();
    const body = alertmanagerBody([highErrorRate, 5, highLatency], 3);
    expect(await post(body)).toMatchObject({
      status: 200,
      answer: {
        taken: 2,
        skipped: [{ index: 1, problem: 'the alert is 5, expected a map with status and labels' }],
        truncated: 3,
      },
    });
    expect(taken).toMatchObject([
      { source: 'alertmanager', truncated: 3, alerts: [{ firing: true }, { firing: true }] },
    ]);
    expect(problems).toEqual([
      'alertmanager: 1 of 3 alerts could not be read: the alert is 5, expected a map with status and labels',
    ]);
  });

  it('may come as PUT, with a trailing slash, as basic authentication, with a byte order mark', async () => {
    const { post } = await door();
    const basic = `basic ${Buffer.from(`alertmanager:${TOKEN}`).toString('base64')}`;
    const text = `\ufeff${JSON.stringify(grafanaBody([grafanaAlert]))}`;
    const given = { path: 'grafana/?x=1', method: 'PUT', headers: { authorization: basic } };
    expect(await post(text, given)).toMatchObject({ status: 200, answer: { taken: 1 } });
  });

  it('without alerts bothers nobody', async () => {
    const { post, taken } = await door();
    expect(await post(alertmanagerBody([]))).toMatchObject({ status: 200, answer: { taken: 0, skipped: [] } });
    expect(taken).toEqual([]);
  });

  it('that is nothing new is good', async () => {
    const { post } = await door({ result: refused('nothing-due') });
    expect(await post(alertmanagerBody([highErrorRate]))).toMatchObject({ status: 200, answer: { taken: 1 } });
  });

  it('is to be sent again while the agent cannot record', async () => {
    const { post } = await door({ result: refused('agent-read-only') });
    expect(await post(alertmanagerBody([highErrorRate]))).toMatchObject({
      status: 503,
      answer: { error: 'not recorded: ENOSPC; free the disk' },
    });
  });

  it('that the room refuses for another reason is not to be sent again', async () => {
    const { post } = await door({ result: refused('not-understood') });
    expect((await post(alertmanagerBody([highErrorRate]))).status).toBe(409);
  });

  it('is answered only once it is durable', async () => {
    let settle: (result: CommandResult) => void = () => {};
    const { post, taken } = await door({ result: () => new Promise((resolve) => (settle = resolve)) });
    let answered = false;
    const answer = post(alertmanagerBody([highErrorRate])).finally(() => (answered = true));
    await until('the alerts', () => taken.length === 1);
    expect(answered).toBe(false);
    settle(ACCEPTED);
    expect((await answer).status).toBe(200);
  });
});

describe('what is no alert', () => {
  it.each<[what: string, body: string | Uint8Array, path: string, error: RegExp]>([
    ['nothing', '', 'alertmanager', /^the body is not JSON: /],
    ['half of it', '{"version":"4","ale', 'alertmanager', /^the body is not JSON: /],
    ['bytes', new Uint8Array([0xff, 0x00, 0x1b, 0x5b]), 'generic', /^the body is not JSON: [^\u001b]*$/],
    ['brackets without end', '['.repeat(1_000_000), 'generic', /^the body is not JSON: /],
    ['another format', '{"version":"1"}', 'alertmanager', /^version is "1", expected "4"/],
    ['only bad alerts', '[{}]', 'generic', /^none of the alerts could be read$/],
  ])('%s gets 400 with words', async (_what, body, path, error) => {
    const { post, taken, problems } = await door();
    expect(await post(body, { path })).toMatchObject({ status: 400, answer: { error: expect.stringMatching(error) } });
    expect(taken).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('a thousand times over is told a hundred times', async () => {
    const { post } = await door();
    const { answer } = await post(alertmanagerBody(Array(1_000).fill(null)));
    expect(answer).toMatchObject({ taken: 0, furtherSkipped: 900 });
    expect((answer as { readonly skipped: readonly unknown[] }).skipped).toHaveLength(100);
  });

  it('compressed gets 415', async () => {
    const { post } = await door();
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-encoding': 'gzip' };
    expect((await post('x', { headers })).status).toBe(415);
  });
});

describe('who may not come in', () => {
  it.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['another token', { authorization: 'Bearer other' }],
    ['the token as the user', { authorization: `Basic ${Buffer.from(`${TOKEN}:`).toString('base64')}` }],
    ['basic nonsense', { authorization: 'Basic ====' }],
  ])('%s gets 401, whatever the body', async (_what, headers) => {
    const { post, taken } = await door({ limits: SMALL });
    const { status, answer } = await post('x'.repeat(500_000), { headers });
    expect(status).toBe(401);
    expect(answer).toMatchObject({ error: expect.stringContaining('Authorization: Bearer') });
    expect(taken).toEqual([]);
  });

  it.each(['nagios', '', 'a/b', '%ff', '__proto__', 'constructor', '%1b%5b31m'])(
    'a source nobody knows, "%s", gets 404 with those there are',
    async (path) => {
      const { post } = await door();
      const { status, answer } = await post(alertmanagerBody([]), { path });
      expect(status).toBe(404);
      expect(answer).toMatchObject({ error: expect.stringContaining('there are alertmanager, grafana, generic') });
      expect(JSON.stringify(answer)).not.toContain('\\u001b');
    },
  );

  it('another method gets 405', async () => {
    const { port } = await door();
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/alerts/grafana`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, PUT']);
  });
});

describe('a body', () => {
  const head = (length: number) =>
    `POST /api/v1/alerts/grafana HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: ${length}\r\n\r\n`;

  it('too large gets 413, whether it said so or not', async () => {
    const { post } = await door({ limits: SMALL });
    const words = { error: 'the body is larger than 10000 bytes: send fewer alerts at once' };
    expect(await post('x'.repeat(400_000))).toMatchObject({ status: 413, answer: words });
    const parts = new ReadableStream({
      start: (controller) => {
        for (let part = 0; part < 40; part++) controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
        controller.close();
      },
    });
    const streamed = { body: parts, duplex: 'half' } as RequestInit;
    expect(await post('', streamed)).toMatchObject({ status: 413, answer: words });
  });

  it('that does not come gets 503, as its source would drop what got a 4xx, and the line is closed', async () => {
    const { port } = await door({ limits: { ...SMALL, withinMs: 50 } });
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk));
    socket.write(`${head(100)}{"ver`);
    await once(socket, 'close');
    expect(heard).toMatch(/^HTTP\/1.1 503 /);
    expect(heard).toContain('the body was not there after 0.05 s');
  });

  it('beyond the number that are read at once gets 503, and has room again when one goes', async () => {
    const { port, post } = await door({ limits: { ...SMALL, mostRead: 1 } });
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head(100)}{`);
    const full = await until('a full house', async () => {
      const answer = await post(alertmanagerBody([]));
      return answer.status === 503 ? answer : null;
    });
    expect(full.headers.get('retry-after')).toBe('1');
    // The sender hangs up in the middle of its body.
    socket.destroy();
    await until('room again', async () => (await post(alertmanagerBody([]))).status === 200);
  });

  it('beyond the number that may wait for the disk gets 503; those before it are answered', async () => {
    let settle: (result: CommandResult) => void = () => {};
    const durable = new Promise<CommandResult>((resolve) => {
      settle = resolve;
    });
    const { post, taken } = await door({ limits: { ...SMALL, mostRead: 1, mostWaiting: 3 }, result: () => durable });
    const waiting = [1, 2, 3].map(() => post(alertmanagerBody([highErrorRate])));
    await until('all that may wait', () => taken.length === 3);
    expect(await post(alertmanagerBody([highErrorRate]))).toMatchObject({
      status: 503,
      answer: { error: '3 bodies wait for the disk already' },
    });
    settle(ACCEPTED);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
