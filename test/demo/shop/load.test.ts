import { Agent, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callHttp } from '../../../src/demo/shop/http-call.ts';
import { startLoad } from '../../../src/demo/shop/load.ts';
import { openLoopbackServer } from '../../../src/demo/shop/loopback-server.ts';
import { SERVICE_NAMES, SERVICE_SPECS } from '../../../src/demo/shop/service-specs.ts';
import { luckOf, openQuietShop, requestsCounted } from '../shop-client.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe('the load', () => {
  it('reaches every service, and dependencies through their callers', async () => {
    const shop = await openQuietShop({ loadFactor: 4 });
    endings.push(shop.close);
    await vi.waitFor(
      async () => {
        for (const name of SERVICE_NAMES) expect(await requestsCounted(shop, name)).toBeGreaterThanOrEqual(5);
        expect(await requestsCounted(shop, 'payments')).toBeGreaterThanOrEqual(30);
      },
      { timeout: 5_000, interval: 50 },
    );
  });

  it('never has more than so many requests outstanding when a service hangs', async () => {
    const hanging: ServerResponse[] = [];
    const server = await openLoopbackServer((_, response) => {
      hanging.push(response);
    });
    endings.push(server.close);
    let sent = 0;
    const random = luckOf(1);
    endings.push(
      startLoad({
        spec: SERVICE_SPECS.checkout,
        url: new URL(server.url),
        requestsPerSecond: 2_000,
        random: () => {
          sent += 1;
          return random();
        },
      }),
    );
    await vi.waitFor(() => expect(sent).toBeGreaterThan(150), { timeout: 5_000 });
    expect(hanging.length).toBeGreaterThan(0);
    expect(hanging.length).toBeLessThanOrEqual(60);
  });

  it('sends nothing when switched off', async () => {
    const shop = await openQuietShop();
    endings.push(shop.close);
    expect(await requestsCounted(shop, 'checkout')).toBe(0);
  });
});

describe('a call', () => {
  const call = (url: string) => callHttp(new Agent(), { url: new URL(url), method: 'GET', timeoutMs: 100 });

  it('ends in time when nothing answers', async () => {
    const server = await openLoopbackServer(() => undefined);
    endings.push(server.close);
    expect(await call(server.url)).toEqual({ ok: false, reason: 'timeout' });
  });

  it('ends in time when an answer never finishes', async () => {
    const server = await openLoopbackServer((_, response) => {
      response.write('half');
    });
    endings.push(server.close);
    expect(await call(server.url)).toEqual({ ok: false, reason: 'timeout' });
  });

  it('says unreachable where no server is', async () => {
    const server = await openLoopbackServer(() => undefined);
    await server.close();
    expect(await call(server.url)).toEqual({ ok: false, reason: 'unreachable' });
  });

  it('says unreachable when the answer is cut off', async () => {
    const server = await openLoopbackServer((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    endings.push(server.close);
    expect(await call(server.url)).toEqual({ ok: false, reason: 'unreachable' });
  });

  it('keeps no endless answer', async () => {
    const server = await openLoopbackServer((_, response) => {
      response.end('x'.repeat(100_000));
    });
    endings.push(server.close);
    expect(await call(server.url)).toEqual({ ok: false, reason: 'too-large' });
  });
});
