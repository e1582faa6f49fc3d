import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shop } from '../../../src/demo/shop/shop.ts';
import { controlUrl, openQuietShop, putControl, readControl, stateOf } from '../shop-client.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openQuietShop();
});
afterAll(() => shop.close());

const breaker = { service: 'search', control: 'circuit-breaker' } as const;

describe('writing a control document', () => {
  it('with the ETag just read succeeds once, and gives the next ETag', async () => {
    const { etag } = await readControl(shop, 'search', 'circuit-breaker');
    const first = await putControl(shop, { ...breaker, etag }, { enabled: true });
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ enabled: true });
    const second = await putControl(shop, { ...breaker, etag }, { enabled: false });
    expect(second.status).toBe(412);
    const now = await readControl(shop, 'search', 'circuit-breaker');
    expect(now).toEqual({ document: { enabled: true }, etag: first.headers.get('etag') });
    expect(second.headers.get('etag')).toBe(now.etag);
  });

  it('lets exactly one of two writers win who read the same', async () => {
    const { etag } = await readControl(shop, 'catalog', 'scale-down');
    const target = { service: 'catalog', control: 'scale-down', etag } as const;
    const responses = await Promise.all([
      putControl(shop, target, { replicas: 2 }),
      putControl(shop, target, { replicas: 1 }),
    ]);
    expect(responses.map((response) => response.status).sort()).toEqual([200, 412]);
  });

  it.each([['*'], ['"other", ETAG']])('with If-Match %s succeeds', async (condition) => {
    const { etag } = await readControl(shop, 'search', 'maintenance');
    const target = { service: 'search', control: 'maintenance', etag: condition.replace('ETAG', etag) } as const;
    expect((await putControl(shop, target, { enabled: false })).status).toBe(200);
  });

  it.each([['W/ETAG'], ['""'], ['nonsense']])('with If-Match %s is refused', async (condition) => {
    const { etag, document } = await readControl(shop, 'search', 'isolate');
    const target = { service: 'search', control: 'isolate', etag: condition.replace('ETAG', etag) } as const;
    expect((await putControl(shop, target, { mode: 'unhealthy' })).status).toBe(412);
    expect((await readControl(shop, 'search', 'isolate')).document).toEqual(document);
  });

  it('bound to an ETag of another document of the same service is refused once they differ', async () => {
    const { etag } = await readControl(shop, 'payments', 'maintenance');
    await putControl(shop, { service: 'payments', control: 'maintenance' }, { enabled: true });
    await putControl(shop, { service: 'payments', control: 'maintenance' }, { enabled: false });
    const late = await putControl(shop, { service: 'payments', control: 'maintenance', etag }, { enabled: true });
    expect(late.status).toBe(412);
  });
});

describe('hostile input', () => {
  it.each([
    ['an unknown service', 'GET', '/control/billing/maintenance', undefined, 404],
    ['an unknown action', 'GET', '/control/checkout/reboot', undefined, 404],
    ['a name every object has', 'GET', '/control/constructor/toString', undefined, 404],
    ['a longer path', 'GET', '/control/checkout/maintenance/x', undefined, 404],
    ['an encoded traversal', 'GET', '/control/checkout/%2e%2e%2fmaintenance', undefined, 404],
    ['no path at all', 'GET', '//', undefined, 404],
    ['a body that is no JSON', 'PUT', '/control/checkout/maintenance', '{"enabled":', 400],
    ['an empty body', 'PUT', '/control/checkout/maintenance', '', 400],
    ['a body that is no UTF-8', 'PUT', '/control/checkout/maintenance', new Uint8Array([0x22, 0xff, 0x22]), 400],
    ['a document of another shape', 'PUT', '/control/checkout/maintenance', '{"replicas":1}', 400],
    ['a prototype in the document', 'PUT', '/control/checkout/maintenance', '{"__proto__":{"enabled":true}}', 400],
    ['an unknown scenario', 'PUT', '/fault', '{"scenario":"meteor"}', 400],
    ['a fault without a scenario', 'PUT', '/fault', '{}', 400],
    [
      'a body beyond the limit',
      'PUT',
      '/control/checkout/maintenance',
      `{"enabled":true,"x":"${'y'.repeat(50_000)}"}`,
      413,
    ],
    ['another method', 'DELETE', '/control/checkout/maintenance', undefined, 405],
    ['writing the state', 'PUT', '/state', '{}', 405],
  ])('%s', async (_, method, path, body, status) => {
    const response = await fetch(`${shop.admin}${path}`, { method, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect((await readControl(shop, 'checkout', 'maintenance')).document).toEqual({ enabled: false });
  });

  it('from a web page is refused', async () => {
    const status = await new Promise((resolve) => {
      const headers = { origin: 'https://evil.example' };
      request(controlUrl(shop, 'checkout', 'maintenance'), { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  it('that is not HTTP costs only its own connection', async () => {
    const { port } = new URL(shop.admin);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\u0000\u001b[2J nonsense\r\n\r\n'));
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await stateOf(shop)).shop).toBe('warroom-demo');
  });

  it('a sender who hangs up in the middle of a body changes nothing', async () => {
    const { port } = new URL(shop.admin);
    await new Promise<void>((resolve) => {
      const head =
        'PUT /control/checkout/maintenance HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"enabled":true}';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(head, () => socket.destroy()));
      socket.on('close', () => resolve());
    });
    expect((await readControl(shop, 'checkout', 'maintenance')).document).toEqual({ enabled: false });
  });
});
