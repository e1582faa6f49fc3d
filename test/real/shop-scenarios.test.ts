import { afterEach, describe, expect, it } from 'vitest';
import { scaledClock } from '../../src/agent/clock.ts';
import type { Shop } from '../../src/demo/shop/shop.ts';
import { askSteadily, openQuietShop, putControl, putFault, type Steadily } from '../demo/shop-client.ts';

let shop: Shop;
afterEach(() => shop.close());

/** Faster than life, with a third more customers, so that queues fill within a test; slow enough for a busy machine. */
const WORK_FACTOR = 0.4;
const customers = { perSecond: 50, count: 120 };

const searched = (): Promise<Steadily> => askSteadily(shop, 'search', customers);

describe('a slow database under a steady stream of customers', { timeout: 60_000 }, () => {
  it('makes search slow and refusing; its circuit breaker helps, a rollback does not, and undone it is back', async () => {
    // Its growth takes two seconds, its end comes after the test.
    shop = await openQuietShop({ workFactor: WORK_FACTOR, clock: scaledClock(10) });
    const calm = await searched();
    expect(calm.failureRatio).toBeLessThan(0.02);

    await putFault(shop, 'slow-database');
    await expect.poll(async () => (await searched()).failureRatio, { timeout: 40_000 }).toBeGreaterThan(0.1);
    const slow = await searched();
    expect(slow.p95Ms).toBeGreaterThan(1.5 * calm.p95Ms);

    await putControl(shop, { service: 'catalog', control: 'rollback' }, { target: 'previous' });
    expect((await searched()).failureRatio).toBeGreaterThan(0.05);

    await putControl(shop, { service: 'search', control: 'circuit-breaker' }, { enabled: true });
    expect(await searched()).toMatchObject({ failureRatio: 0 });
    await putControl(shop, { service: 'search', control: 'circuit-breaker' }, { enabled: false });
    await searched();
    expect((await searched()).failureRatio).toBeGreaterThan(0.05);
  });
});
