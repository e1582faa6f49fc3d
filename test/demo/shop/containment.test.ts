import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SERVICE_NAMES, SERVICE_SPECS } from '../../../src/demo/shop/service-specs.ts';
import type { Shop } from '../../../src/demo/shop/shop.ts';
import {
  ask,
  askOften,
  failureRatio,
  openQuietShop,
  putControl,
  putFault,
  readControl,
  requestsCounted,
  stateOf,
} from '../shop-client.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openQuietShop();
});
afterEach(() => shop.close());

/** Writes the document, runs `during`, then writes back exactly what was there. */
const contained = async (
  target: { readonly service: (typeof SERVICE_NAMES)[number]; readonly control: string },
  document: unknown,
  during: () => Promise<void>,
): Promise<void> => {
  const before = await readControl(shop, target.service, target.control);
  expect(before.document).not.toEqual(document);
  const applied = await putControl(shop, { ...target, etag: before.etag }, document);
  expect(applied.status).toBe(200);
  await during();
  const undone = await putControl(shop, { ...target, etag: applied.headers.get('etag') ?? '' }, before.document);
  expect(undone.status).toBe(200);
};

describe('a bad deploy of checkout', () => {
  it('fails about two requests in five, and none once it is gone', async () => {
    expect(failureRatio(await askOften(shop, 'checkout'))).toBe(0);
    await putFault(shop, 'bad-deploy');
    const answers = await askOften(shop, 'checkout', { count: 200 });
    expect(failureRatio(answers)).toBeGreaterThan(0.3);
    expect(failureRatio(answers)).toBeLessThan(0.5);
    expect(new Set(answers.filter(({ status }) => status === 500).map(({ version }) => version))).toEqual(
      new Set(['2026.11.22-3']),
    );
    await putFault(shop, null);
    expect(failureRatio(await askOften(shop, 'checkout'))).toBe(0);
  });

  it('is still healthy by its own account and leaves the other services alone', async () => {
    await putFault(shop, 'bad-deploy');
    for (const name of SERVICE_NAMES) {
      expect((await fetch(`${shop.services[name]}/health`)).status).toBe(200);
      if (name !== 'checkout') expect(failureRatio(await askOften(shop, name, { count: 40, atOnce: 4 }))).toBe(0);
    }
  });

  it.each([
    ['circuit-breaker', { enabled: true }, 0.05],
    ['scale-down', { replicas: 2 }, 0],
    ['rollback', { target: 'previous' }, 0],
    ['isolate', { mode: 'unhealthy' }, 0],
  ])('%s contains it, and undo brings it back', async (control, document, limit) => {
    await putFault(shop, 'bad-deploy');
    const broken = failureRatio(await askOften(shop, 'checkout'));
    await contained({ service: 'checkout', control }, document, async () => {
      expect(failureRatio(await askOften(shop, 'checkout', { count: 150 }))).toBeLessThanOrEqual(limit);
    });
    expect(broken).toBeGreaterThan(0.3);
    expect(failureRatio(await askOften(shop, 'checkout'))).toBeGreaterThan(0.3);
  });
});

describe.each(SERVICE_NAMES)('containing %s', (service) => {
  const { replicas, versions } = SERVICE_SPECS[service];

  it('by circuit breaker gives degraded answers without calling dependencies', async () => {
    const dependencies = SERVICE_SPECS[service].dependsOn;
    await contained({ service, control: 'circuit-breaker' }, { enabled: true }, async () => {
      const before = await Promise.all(dependencies.map((name) => requestsCounted(shop, name)));
      expect(JSON.parse((await ask(shop, service)).body)).toEqual({ service, degraded: true });
      expect(await Promise.all(dependencies.map((name) => requestsCounted(shop, name)))).toEqual(before);
    });
    expect(JSON.parse((await ask(shop, service)).body)).toEqual({ service });
    for (const name of dependencies) expect(await requestsCounted(shop, name)).toBeGreaterThan(0);
  });

  it('by scaling down keeps the oldest instances', async () => {
    const names = async () =>
      new Set((await askOften(shop, service, { count: 20, atOnce: 2 })).map(({ instance }) => instance));
    await contained({ service, control: 'scale-down' }, { replicas: 2 }, async () => {
      expect(await names()).toEqual(new Set([`${service}-1`, `${service}-2`]));
    });
    expect((await names()).size).toBe(replicas);
    expect((await stateOf(shop)).services[service].instances).toHaveLength(replicas);
  });

  it('by rollback runs the previous version', async () => {
    await contained({ service, control: 'rollback' }, { target: 'previous' }, async () => {
      expect((await ask(shop, service)).version).toBe(versions.previous);
    });
    expect((await ask(shop, service)).version).toBe(versions.current);
  });

  it('by maintenance answers a page that no instance made and no metric counts', async () => {
    await contained({ service, control: 'maintenance' }, { enabled: true }, async () => {
      const page = await ask(shop, service);
      expect(page).toMatchObject({ status: 503, instance: null });
      expect(page.body).toContain('<title>Maintenance</title>');
      expect(await requestsCounted(shop, service)).toBe(0);
      expect((await fetch(`${shop.services[service]}/health`)).status).toBe(200);
    });
    expect((await ask(shop, service)).status).toBe(200);
    expect(await requestsCounted(shop, service)).toBe(1);
  });

  it('by isolation leaves healthy instances in rotation', async () => {
    await contained({ service, control: 'isolate' }, { mode: 'unhealthy' }, async () => {
      expect((await stateOf(shop)).services[service].isolated).toEqual([]);
      expect((await ask(shop, service)).status).toBe(200);
    });
  });
});

describe('containment that hurts', () => {
  it('one instance alone queues and refuses what three carry', async () => {
    const slow = await openQuietShop({ workFactor: 0.3 });
    const burst = { count: 18, atOnce: 18 };
    expect(failureRatio(await askOften(slow, 'catalog', burst))).toBe(0);
    await putControl(slow, { service: 'catalog', control: 'scale-down' }, { replicas: 1 });
    const answers = await askOften(slow, 'catalog', burst);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(6);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(6);
    await slow.close();
  });

  it('maintenance of payments fails checkout, until its circuit breaker spares it the call', async () => {
    await contained({ service: 'payments', control: 'maintenance' }, { enabled: true }, async () => {
      expect((await ask(shop, 'checkout')).status).toBe(502);
      await contained({ service: 'checkout', control: 'circuit-breaker' }, { enabled: true }, async () => {
        expect((await ask(shop, 'checkout')).status).toBe(200);
      });
    });
    expect((await ask(shop, 'checkout')).status).toBe(200);
  });

  it('isolated instances stay alive and are named in the state', async () => {
    await putFault(shop, 'bad-deploy');
    await askOften(shop, 'checkout');
    await contained({ service: 'checkout', control: 'isolate' }, { mode: 'unhealthy' }, async () => {
      const { isolated, instances } = (await stateOf(shop)).services.checkout;
      expect(isolated).toEqual(['checkout-4', 'checkout-5']);
      const alive = instances.filter(({ name }) => isolated.includes(name)).map(({ url }) => fetch(`${url}/health`));
      expect((await Promise.all(alive)).map(({ status }) => status)).toEqual([200, 200]);
    });
  });
});
