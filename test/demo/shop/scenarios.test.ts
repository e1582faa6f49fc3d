import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SERVICE_NAMES, type ServiceName } from '../../../src/demo/shop/service-specs.ts';
import type { Shop } from '../../../src/demo/shop/shop.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/until.ts';
import {
  ask,
  askOften,
  failureRatio,
  openQuietShop,
  putControl,
  putFault,
  requestsCounted,
  stateOf,
} from '../shop-client.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const CALM_MS = 8 * SECOND;

let clock: ManualClock;
let shop: Shop;
afterEach(() => shop.close());

describe('slow-database', () => {
  let asked: number[] = [];
  let release: () => void = () => undefined;
  beforeEach(async () => {
    clock = manualClock();
    const sleep = (ms: number): Promise<void> => {
      asked.push(ms);
      return new Promise((resolve) => {
        const before = release;
        release = () => {
          before();
          resolve();
        };
      });
    };
    const plan = { scenario: 'slow-database', afterMs: CALM_MS } as const;
    shop = await openQuietShop({ clock, plan, sleep, workFactor: 1, random: () => 0.5 });
    await stateOf(shop);
  });
  afterEach(() => release());

  /** How long each query takes when the catalog's six places are taken one after the other. */
  const crowd = async (): Promise<readonly number[]> => {
    asked = [];
    const answers = Array.from({ length: 6 }, () => ask(shop, 'catalog'));
    await until('six requests to be at work', () => asked.length === 6);
    release();
    release = () => undefined;
    expect(failureRatio(await Promise.all(answers))).toBe(0);
    return asked;
  };

  const CALM = [125, 125, 125, 125, 125, 125];
  const SLOW = [125, 187.5, 250, 312.5, 375, 437.5];

  it('makes catalog slower and slower under its callers, and is over by itself after twelve minutes', async () => {
    expect(await crowd()).toEqual(CALM);
    await clock.advance(CALM_MS);
    expect(await crowd()).toEqual(CALM);
    await clock.advance(10 * SECOND);
    expect(await crowd()).toEqual([125, 156.25, 187.5, 218.75, 250, 281.25]);
    await clock.advance(10 * SECOND);
    expect(await crowd()).toEqual(SLOW);
    for (const name of SERVICE_NAMES) expect((await fetch(`${shop.services[name]}/health`)).status).toBe(200);
    await clock.advance(12 * MINUTE);
    expect((await stateOf(shop)).scenario).toBeNull();
    expect(await crowd()).toEqual(CALM);
  });

  it.each([['catalog'], ['search']] as const)('is not helped by rolling %s back', async (service) => {
    await clock.advance(CALM_MS + MINUTE);
    await putControl(shop, { service, control: 'rollback' }, { target: 'previous' });
    expect(await crowd()).toEqual(SLOW);
  });

  it('spares whom the circuit breaker of catalog answers', async () => {
    await clock.advance(CALM_MS + MINUTE);
    await putControl(shop, { service: 'catalog', control: 'circuit-breaker' }, { enabled: true });
    expect(await crowd()).toEqual([20, 20, 20, 20, 20, 20]);
  });

  it('is over when somebody repairs it', async () => {
    await clock.advance(CALM_MS + MINUTE);
    await putFault(shop, null);
    expect(await crowd()).toEqual(CALM);
  });
});

describe('dependency-down', () => {
  beforeEach(async () => {
    clock = manualClock();
    shop = await openQuietShop({ clock, plan: { scenario: 'dependency-down', afterMs: CALM_MS } });
    await stateOf(shop);
  });

  const answers = (service: ServiceName, path: string): Promise<number | 'nothing'> =>
    fetch(`${shop.services[service]}${path}`).then(
      ({ status }) => status,
      () => 'nothing',
    );

  it('leaves nothing of inventory, fails every checkout, and is over by itself after six minutes', async () => {
    expect(failureRatio(await askOften(shop, 'checkout'))).toBe(0);
    await clock.advance(CALM_MS);
    for (const path of ['/', '/health', '/metrics']) expect(await answers('inventory', path)).toBe('nothing');
    const failed = await askOften(shop, 'checkout', { count: 15 });
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([502]));
    expect(await answers('checkout', '/health')).toBe(200);
    for (const name of ['payments', 'search', 'catalog'] as const) {
      expect(failureRatio(await askOften(shop, name, { count: 20, atOnce: 4 }))).toBe(0);
    }
    await clock.advance(6 * MINUTE - 1);
    expect((await ask(shop, 'checkout')).status).toBe(502);
    await clock.advance(1);
    expect(await answers('inventory', '/health')).toBe(200);
    expect(failureRatio(await askOften(shop, 'checkout'))).toBe(0);
  });

  it('waits for somebody to watch', async () => {
    const unwatched = await openQuietShop({ clock, plan: { scenario: 'dependency-down', afterMs: CALM_MS } });
    await clock.advance(MINUTE);
    expect((await ask(unwatched, 'checkout')).status).toBe(200);
    await fetch(`${unwatched.services.search}/metrics`);
    await clock.advance(CALM_MS - 1);
    expect((await ask(unwatched, 'checkout')).status).toBe(200);
    await clock.advance(1);
    expect((await ask(unwatched, 'checkout')).status).toBe(502);
    await unwatched.close();
  });

  it('is contained by the circuit breaker of checkout, and by nothing that is done to inventory', async () => {
    await clock.advance(CALM_MS);
    await putControl(shop, { service: 'inventory', control: 'rollback' }, { target: 'previous' });
    await putControl(shop, { service: 'inventory', control: 'circuit-breaker' }, { enabled: true });
    expect(failureRatio(await askOften(shop, 'checkout', { count: 15 }))).toBe(1);
    await putControl(shop, { service: 'checkout', control: 'circuit-breaker' }, { enabled: true });
    expect(failureRatio(await askOften(shop, 'checkout'))).toBe(0);
  });

  it('is over when somebody repairs it', async () => {
    await clock.advance(CALM_MS);
    expect((await ask(shop, 'checkout')).status).toBe(502);
    await putFault(shop, null);
    expect((await ask(shop, 'checkout')).status).toBe(200);
  });
});

describe('at twenty times the speed', () => {
  it('one request counts as the twenty customers it stands for', async () => {
    shop = await openQuietShop({ clock: { ...manualClock(), rate: 20 } });
    for (let count = 0; count < 5; count++) await ask(shop, 'inventory');
    expect(await requestsCounted(shop, 'inventory')).toBe(100);
    const exposition = await (await fetch(`${shop.services.inventory}/metrics`)).text();
    expect(exposition).toMatch(/^http_request_duration_seconds_count\{.*\} 100$/m);
  });
});
