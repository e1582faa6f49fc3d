import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpProfile } from '../../../src/agent/config/config.ts';
import type { ActionRequest, Driver } from '../../../src/agent/drivers/driver.ts';
import { httpDriver } from '../../../src/agent/drivers/http.ts';
import type { ActionPlan } from '../../../src/incident/events.ts';
import type { Action } from '../../../src/incident/state.ts';
import { type LoopbackServer, loopbackServer } from './loopback-server.ts';

const never = new AbortController().signal;

/** A document behind GET and PUT, with strong versions when asked for. */
const makeShop = async (document: unknown) => {
  const shop = { document, version: 1, sendsVersions: false, minds: true };
  const server = await loopbackServer((request, response) => {
    if (shop.sendsVersions) response.setHeader('etag', `"v${shop.version}"`);
    const condition = request.headers['if-match'];
    if (request.method === 'GET') return void response.end(JSON.stringify(shop.document));
    if (shop.minds && condition !== undefined && condition !== `"v${shop.version}"`) {
      return void response.writeHead(412).end('moved');
    }
    shop.document = JSON.parse(request.body);
    shop.version += 1;
    response.end('{}');
  });
  return { shop, server };
};

/** Whoever does not wait for silence waits for a busy machine. */
const patience = (answer: string): number => (answer.startsWith('silence') ? 500 : 10_000);

describe('http driver', () => {
  let server: LoopbackServer;
  let shop: Awaited<ReturnType<typeof makeShop>>['shop'];
  let profiles: Record<string, HttpProfile>;
  let driver: Driver;

  const before = { mode: 'custom ü"', limits: { rps: 750, burst: [1, 2, null] }, breaker: false };

  beforeEach(async () => {
    ({ shop, server } = await makeShop(structuredClone(before)));
    profiles = { 'circuit-breaker': profile() };
    driver = httpDriver({ profile: (name) => profiles[name] ?? null });
  });
  afterEach(() => server.close());

  const profile = (changes: Partial<HttpProfile> = {}): HttpProfile => {
    const url = `${server.url}/services/{service}/config`;
    const headers = { authorization: 'Bearer s3cr3t' };
    return {
      driver: 'http',
      read: { method: 'GET', url, headers, body: null },
      apply: { method: 'PUT', url, headers, body: '{after}' },
      undo: { method: 'PUT', url, headers, body: '{before}' },
      pointer: '',
      set: { breaker: true, limits: { rps: 10 } },
      touches: ['all requests of {service}'],
      timeoutMs: 1_000,
      secrets: ['Bearer s3cr3t'],
      ...changes,
    };
  };

  const request = (params: Record<string, string> = {}): ActionRequest => ({
    action: 'A7',
    service: 'checkout',
    name: 'circuit-breaker',
    params,
  });

  const planned = async (): Promise<ActionPlan> => {
    const result = await driver.plan(request(), never);
    if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
    return result.plan;
  };

  /** An applied action, as the log would give it back. */
  const entryOf = (plan: ActionPlan): Action => JSON.parse(JSON.stringify({ id: 'A7', plan })) as Action;
  const writes = () => server.seen.filter((seen) => seen.method !== 'GET');

  it('plan reads and says what would change, touches, the command and the way back', async () => {
    const plan = await planned();
    expect(plan).toMatchObject({
      driver: 'http',
      target: `${server.url}/services/checkout/config`,
      changes: [
        { path: 'limits.rps', before: '750', after: '10' },
        { path: 'breaker', before: 'false', after: 'true' },
      ],
      touches: ['all requests of checkout'],
      before,
      after: { ...before, breaker: true, limits: { rps: 10, burst: [1, 2, null] } },
      version: null,
    });
    expect(plan.command).toContain(`curl -X PUT`);
    expect(plan.inverse).toContain('puts back limits.rps = 750, breaker = false');
    expect(JSON.stringify(plan)).not.toContain('s3cr3t');
    expect(server.seen[0]?.headers.authorization).toBe('Bearer s3cr3t');
    expect(writes()).toEqual([]);
  });

  it('a part of the document, parameters and a body of its own shape', async () => {
    shop.document = { flags: { 'new/checkout': 'on' } };
    const flag = `${server.url}/flags/{param.flag}`;
    profiles['circuit-breaker'] = profile({
      pointer: '/flags/new~1checkout',
      set: '{param.to}',
      apply: {
        method: 'POST',
        url: flag,
        headers: {},
        body: { state: '{after}', was: '{before}', by: 'for {service}' },
      },
      undo: { method: 'POST', url: flag, headers: {}, body: { state: '{before}', was: '{after}' } },
    });
    const params = { flag: 'new/checkout', to: 'öff "x"' };
    const result = await driver.plan(request(params), never);
    if (!result.ok) throw new Error(result.detail);
    expect(result.plan.changes).toEqual([{ path: '$', before: '"on"', after: '"öff \\"x\\""' }]);
    await driver.apply(result.plan, never);
    expect(writes()[0]?.path).toBe('/flags/new%2Fcheckout');
    expect(JSON.parse(writes()[0]!.body)).toEqual({ state: 'öff "x"', was: 'on', by: 'for checkout' });

    shop.document = { flags: { 'new/checkout': 'öff "x"' } };
    const undo = await driver.planUndo(entryOf(result.plan), never);
    if (!undo.ok) throw new Error(undo.detail);
    await driver.apply(undo.plan, never);
    expect(JSON.parse(writes()[1]!.body)).toEqual({ state: 'on', was: 'öff "x"' });
  });

  describe('a target that moves between plan and apply', () => {
    it('is not overwritten where there are no versions', async () => {
      const plan = await planned();
      shop.document = { ...before, mode: 'somebody else' };
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason: 'target-changed' });
      expect(writes()).toEqual([]);
    });

    it('is not overwritten when it moves after the last look: the server says 412', async () => {
      shop.sendsVersions = true;
      const plan = await planned();
      expect(plan.version).toBe('"v1"');
      shop.version = 2;
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason: 'target-changed' });
      expect(writes()[0]?.headers['if-match']).toBe('"v1"');
      expect(shop.document).toEqual(before);
    });

    it('is not overwritten on a server that ignores If-Match', async () => {
      Object.assign(shop, { sendsVersions: true, minds: false });
      const plan = await planned();
      Object.assign(shop, { document: { ...before, mode: 'somebody else' }, version: 2 });
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason: 'target-changed' });
      expect(writes()).toEqual([]);
    });

    it('a configuration that changed since makes the plan void', async () => {
      const plan = await planned();
      profiles['circuit-breaker'] = profile({ apply: { ...profile().apply, method: 'DELETE' } });
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason: 'target-changed' });
      expect(server.seen).toHaveLength(1);
    });

    it('a weak version is none', async () => {
      server.answer((_, response) => response.setHeader('etag', 'W/"1"').end('{"breaker":false}'));
      expect(await planned()).toMatchObject({ version: null });
    });
  });

  describe('a read that fails is a value with its reason', () => {
    it.each<[string, string, Parameters<LoopbackServer['answer']>[0]]>([
      ['500', 'rejected', (_, response) => response.writeHead(500).end('oops')],
      ['404', 'rejected', (_, response) => response.writeHead(404).end()],
      ['a redirect', 'rejected', (_, response) => response.writeHead(302, { location: '/x' }).end()],
      ['malformed JSON', 'malformed-answer', (_, response) => response.end('{"breaker": fal')],
      ['nothing', 'malformed-answer', (_, response) => response.end()],
      ['text that is not UTF-8', 'malformed-answer', (_, response) => response.end(Buffer.from([0x22, 0xff, 0x22]))],
      [
        'a number that cannot be restored',
        'malformed-answer',
        (_, response) => response.end('{"id":9007199254740993}'),
      ],
      ['more than 1 MiB', 'malformed-answer', (_, response) => response.end(`"${'x'.repeat(1024 * 1024)}"`)],
      ['a reset', 'unreachable', (_, response) => response.destroy()],
      [
        'a reset in the middle',
        'unreachable',
        (_, response) => response.writeHead(200, { 'content-length': 100 }).write('{"bre', () => response.destroy()),
      ],
      ['silence', 'timeout', () => undefined],
      ['silence in the middle', 'timeout', (_, response) => response.writeHead(200).write('{"bre')],
    ])('%s is %s', async (what, reason, answering) => {
      profiles['circuit-breaker'] = profile({ timeoutMs: patience(what) });
      const plan = await planned();
      server.answer(answering);
      const failed = await driver.plan(request(), never);
      expect(failed).toMatchObject({ ok: false, reason });
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason });
      expect(await driver.planUndo(entryOf(plan), never)).toMatchObject({ ok: false, reason });
      expect(await driver.observe(plan, never)).toBe('unknown');
      expect(writes()).toEqual([]);
    });

    it('a refused connection is unreachable', async () => {
      const port = await unusedPort();
      profiles['circuit-breaker'] = profile({ read: { ...profile().read, url: `http://127.0.0.1:${port}/` } });
      expect(await driver.plan(request(), never)).toMatchObject({ ok: false, reason: 'unreachable' });
    });

    it('being called off is a timeout', async () => {
      server.answer(() => undefined);
      const calledOff = AbortSignal.timeout(20);
      expect(await driver.plan(request(), calledOff)).toMatchObject({ ok: false, reason: 'timeout' });
      expect(await driver.plan(request(), calledOff)).toMatchObject({ ok: false, reason: 'timeout' });
    });

    it('a missing parameter, a pointer into nothing and an unknown action say so', async () => {
      profiles['circuit-breaker'] = profile({ set: { to: '{param.to}' } });
      const missing = await driver.plan(request(), never);
      expect(missing).toMatchObject({
        ok: false,
        reason: 'not-configured',
        detail: expect.stringMatching(/param\.to/),
      });
      profiles['circuit-breaker'] = profile({ pointer: '/none' });
      expect(await driver.plan(request(), never)).toMatchObject({ reason: 'malformed-answer' });
      profiles = {};
      expect(await driver.plan(request(), never)).toMatchObject({ reason: 'not-configured' });
    });

    it('what the answer says is quoted without escapes and without the secrets that were sent', async () => {
      server.answer((seen, response) => response.writeHead(403).end(`\u001b[2Jno, ${seen.headers.authorization}`));
      expect(await driver.plan(request(), never)).toMatchObject({ detail: 'read: answered 403: no, ***' });
    });

    it('a target that holds a secret that was sent is none: it would be kept', async () => {
      server.answer((_, response) => response.end('{"breaker":false,"token":"s3cr3t","limits":{}}'));
      const reason = { ok: false, reason: 'malformed-answer', detail: 'the answer holds a secret of `headers:`' };
      expect(await driver.plan(request(), never)).toEqual(reason);
      // What is beside the target is not kept.
      profiles['circuit-breaker'] = profile({ pointer: '/limits' });
      expect(await driver.plan(request(), never)).toMatchObject({ ok: true });
    });
  });

  describe('a write', () => {
    /** Reads are answered from `document`, writes as told. */
    const answerWrites = (answering: Parameters<LoopbackServer['answer']>[0]): void =>
      server.answer((seen, response) => {
        if (seen.method === 'GET') response.end(JSON.stringify(shop.document));
        else answering(seen, response);
      });

    it.each<[string, string, Parameters<LoopbackServer['answer']>[0]]>([
      ['412', 'target-changed', (_, response) => response.writeHead(412).end()],
      ['409', 'target-changed', (_, response) => response.writeHead(409).end()],
      ['403', 'rejected', (_, response) => response.writeHead(403).end()],
      ['a redirect', 'rejected', (_, response) => response.writeHead(307, { location: '/x' }).end()],
      ['500 and nothing changed', 'rejected', (_, response) => response.writeHead(500).end()],
      ['504, which may still be passed on', 'unknown', (_, response) => response.writeHead(504).end()],
      ['silence', 'unknown', () => undefined],
      ['a reset', 'unknown', (_, response) => response.destroy()],
    ])('that is answered with %s is %s', async (what, reason, answering) => {
      profiles['circuit-breaker'] = profile({ timeoutMs: patience(what) });
      const plan = await planned();
      answerWrites(answering);
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason });
      expect(writes()).toHaveLength(1);
    });

    it('that answers 500 and took effect all the same is done', async () => {
      const plan = await planned();
      answerWrites((seen, response) => {
        shop.document = JSON.parse(seen.body);
        response.writeHead(500).end();
      });
      expect(await driver.apply(plan, never)).toEqual({ ok: true });
    });

    it('that answers 500 and left something else is unknown', async () => {
      const plan = await planned();
      answerWrites((_, response) => {
        shop.document = { half: 'done' };
        response.writeHead(500).end();
      });
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason: 'unknown' });
    });

    it('whose good status came but whose text broke off is done', async () => {
      const plan = await planned();
      answerWrites((_, response) =>
        response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy()),
      );
      expect(await driver.apply(plan, never)).toEqual({ ok: true });
    });

    it('to a port where nobody listens is unreachable, not unknown', async () => {
      const port = await unusedPort();
      profiles['circuit-breaker'] = profile({ apply: { ...profile().apply, url: `http://127.0.0.1:${port}/` } });
      expect(await driver.apply(await planned(), never)).toMatchObject({ ok: false, reason: 'unreachable' });
    });
  });
});

const unusedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
