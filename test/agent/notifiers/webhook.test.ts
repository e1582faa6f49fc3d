import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebhookOptions, webhookNotifier } from '../../../src/agent/notifiers/webhook.ts';
import { type Channel, notifierContract, outgoingMessage } from '../../contract/notifier-contract.ts';
import { type LoopbackServer, loopbackServer } from '../drivers/loopback-server.ts';

const SECRET_PATH = '/hooks/s3cr3t-in-the-path/x';

const channel = async (): Promise<Channel> => {
  const bodies: string[] = [];
  const server = await loopbackServer((request, response) => {
    bodies.push(request.body);
    response.end();
  });
  const url = `${server.url}${SECRET_PATH}?token=s3cr3t-in-the-query`;
  return {
    notifier: webhookNotifier({ address: () => ({ url, headers: { authorization: 'Bearer s3cr3t-token' } }) }),
    arrived: () => bodies,
    secrets: ['s3cr3t'],
    farEnd: {
      breakDown: () => server.answer(({ path }, response) => response.writeHead(503).end(`no ${path}`)),
      hang: () => server.answer(() => undefined),
      refuse: () =>
        server.answer(({ path, headers }, response) =>
          response.writeHead(404).end(`Cannot POST http://${headers.host}${path} as ${headers.authorization}`),
        ),
      drop: () => server.answer((_, response) => response.destroy()),
      limitRate: () => server.answer((_, response) => response.writeHead(429, { 'retry-after': '30' }).end()),
    },
    close: server.close,
  };
};

notifierContract('webhook', channel, ['refuse', 'drop', 'limitRate']);

describe('webhook', () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await loopbackServer((_, response) => response.end());
  });
  afterEach(() => server.close());

  const NOW = Date.parse('2026-11-22T03:00:00.000Z');
  const secretHeaders = { authorization: 'Bearer s3cr3t-token' };

  const send = (options: Partial<WebhookOptions> = {}) =>
    webhookNotifier({
      address: () => ({ url: `${server.url}/hook`, headers: secretHeaders }),
      now: () => NOW,
      ...options,
    }).send(outgoingMessage(), new AbortController().signal);

  it('is one POST of JSON with the key and the configured headers', async () => {
    expect(await send()).toEqual({ ok: true });
    const [request] = server.seen;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'INC-2026-0042%2Fsev1%2F15min%2F1%2Fana',
        authorization: 'Bearer s3cr3t-token',
      },
    });
    expect(JSON.parse(request!.body)).toEqual({
      id: 'INC-2026-0042/sev1/15min/1/ana',
      kind: 'page',
      text: 'SEV1 INC-2026-0042: checkout: 41 % of requests fail',
      incident: 'INC-2026-0042',
      severity: 'SEV1',
      title: 'checkout: 41 % of requests fail',
      services: ['checkout'],
      links: [{ title: 'Runbook of checkout', url: 'https://wiki.example/checkout?a=1&b=2' }],
      contact: 'ana',
      sink: null,
      level: 'sev1/15min',
      attempt: 1,
      possibleDuplicate: false,
      unrecorded: false,
    });
  });

  it('reaches a contact whose name no header can carry', async () => {
    const notifier = webhookNotifier({ address: () => ({ url: `${server.url}/hook`, headers: {} }) });
    const outgoing = outgoingMessage({ id: 'INC-1/sev1/initial/1/Łukasz 李\ud800/webhook' });
    expect(await notifier.send(outgoing, new AbortController().signal)).toEqual({ ok: true });
    const key = server.seen[0]?.headers['idempotency-key'];
    expect(decodeURIComponent(String(key))).toBe(outgoing.id.toWellFormed());
  });

  it.each([
    [204, undefined, { ok: true }],
    [302, undefined, { ok: false, reason: 'rejected', retry: false, retryAfterMs: null }],
    [400, undefined, { ok: false, reason: 'rejected', retry: false, retryAfterMs: null }],
    [410, '30', { ok: false, reason: 'rejected', retry: false, retryAfterMs: null }],
    [429, undefined, { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: null }],
    [429, '30', { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: 30_000 }],
    [429, 'Sun, 22 Nov 2026 03:00:07 GMT', { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: 7_000 }],
    [429, 'Sun, 22 Nov 2026 02:00:00 GMT', { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: 0 }],
    [429, 'soon', { ok: false, reason: 'rate-limited', retry: true, retryAfterMs: null }],
    [503, '999999999', { ok: false, reason: 'unreachable', retry: true, retryAfterMs: 3_600_000 }],
    [500, undefined, { ok: false, reason: 'unreachable', retry: true, retryAfterMs: null }],
  ])('an answer of %i with Retry-After %s', async (status, retryAfter, expected) => {
    server.answer((_, response) => {
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await send()).toMatchObject(expected);
    expect(server.seen).toHaveLength(1);
  });

  it('no address is not configured, and no reason to try again', async () => {
    expect(await send({ address: () => null })).toMatchObject({ ok: false, reason: 'not-configured', retry: false });
  });

  it('a far end that hangs is a timeout', async () => {
    server.answer(() => undefined);
    expect(await send({ timeoutMs: 50 })).toMatchObject({ ok: false, reason: 'timeout', retry: true });
  });

  it('a connection that is refused or reset is unreachable', async () => {
    server.answer((_, response) => response.destroy());
    expect(await send()).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
    const gone = await loopbackServer((_, response) => response.end());
    await gone.close();
    const address = () => ({ url: gone.url, headers: {} });
    expect(await send({ address })).toMatchObject({ ok: false, reason: 'unreachable', retry: true });
  });

  it('no secret gets into a result, not even one that the far end sends back or that cannot be sent', async () => {
    server.answer((request, response) => response.writeHead(400).end(`bad ${request.headers.authorization}`));
    const echoed = await send();
    expect(echoed).toMatchObject({ ok: false, detail: 'answered 400: bad ***' });
    const unsendable = await send({ address: () => ({ url: server.url, headers: { 'x-key': 's3cr3t\n-token' } }) });
    expect(unsendable).toMatchObject({ ok: false, reason: 'not-configured', retry: false });
    expect(JSON.stringify([echoed, unsendable])).not.toContain('s3cr3t');
  });
});
