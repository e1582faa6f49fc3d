import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/agent/config/config.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { httpDriver } from '../../src/agent/drivers/http.ts';
import { demoConfigFiles, patientEscalation } from '../../src/demo/demo-config.ts';
import { CONTROL_NAMES } from '../../src/demo/shop/controls.ts';
import { SERVICE_NAMES } from '../../src/demo/shop/service-specs.ts';
import type { Shop } from '../../src/demo/shop/shop.ts';
import type { Action } from '../../src/incident/state.ts';
import { openQuietShop, readControl } from './shop-client.ts';

const defaultsDirectory = fileURLToPath(new URL('../../config', import.meta.url));

let shop: Shop;
let directory: string;
let config: Config;
beforeAll(async () => {
  shop = await openQuietShop();
  directory = await mkdtemp(join(tmpdir(), 'demo-'));
  config = await load(1);
});
afterAll(async () => {
  await shop.close();
  await rm(directory, { recursive: true, force: true });
});

const load = async (speed: number): Promise<Config> => {
  const shipped = await readFile(join(defaultsDirectory, 'escalation.yaml'), 'utf8');
  const files = { ...demoConfigFiles(shop, speed), 'escalation.yaml': patientEscalation(shipped, speed) };
  const own = await mkdtemp(join(directory, 'config-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(own, name), text);
  return loadConfig({ directory: own, defaultsDirectory, env: {} });
};

describe('the configuration of the demo', () => {
  it('watches every service by scraping, at addresses that answer', async () => {
    expect(config.watches.map((watch) => watch.service)).toEqual([...SERVICE_NAMES]);
    for (const { prometheus, scrape, checks } of config.watches) {
      expect(prometheus).toBeNull();
      expect(scrape).toMatchObject({ scrapeEveryMs: 1_000, windowMs: 20_000 });
      const checked = checks.flatMap((check) => (check.kind === 'http' ? [check.url] : []));
      expect(checked).toHaveLength(1);
      for (const url of [...(scrape?.urls ?? []), ...checked]) expect((await fetch(url)).status).toBe(200);
    }
  });

  it.each([
    // Real intervals stay at 100 and 200 ms at least, the window at two real seconds, timeouts as long as they may be.
    [1, { scrapeEveryMs: 1_000, windowMs: 20_000, timeoutMs: 1_000 }, { everyMs: 2_000, timeoutMs: 2_000 }],
    [5, { scrapeEveryMs: 1_000, windowMs: 20_000, timeoutMs: 5_000 }, { everyMs: 2_000, timeoutMs: 10_000 }],
    [20, { scrapeEveryMs: 2_000, windowMs: 40_000, timeoutMs: 20_000 }, { everyMs: 4_000, timeoutMs: 40_000 }],
    [60, { scrapeEveryMs: 6_000, windowMs: 120_000, timeoutMs: 60_000 }, { everyMs: 12_000, timeoutMs: 60_000 }],
  ])('at speed %d watches as often as the machine can, in its own time', async (speed, scraping, checking) => {
    const [watch] = (await load(speed)).watches;
    expect(watch?.scrape).toMatchObject(scraping);
    expect(watch?.checks[0]).toMatchObject(checking);
  });

  it.each([
    [1, 30_000],
    [20, 600_000],
  ])('at speed %d leaves people half a real minute to confirm, and the ladder as it ships', async (speed, armForMs) => {
    const { armForMs: armFor, ...others } = (await load(speed)).policy;
    expect(armFor).toBe(armForMs);
    expect(others).toEqual({ ...config.policy, armForMs: undefined });
  });

  it('says how long an arm lasts also where the shipped file does not', () => {
    expect(patientEscalation('escalation: {}', 10)).toBe('escalation: {}\narmFor: 300s\n');
  });

  it('knows who depends on whom, what the core is, and that nothing here is production', () => {
    const { checkout, payments, search } = config.policy.services;
    expect(checkout).toMatchObject({ core: true, dependsOn: ['payments', 'inventory'] });
    expect(payments).toMatchObject({ core: true, dependsOn: [] });
    expect(search).toMatchObject({ core: false, dependsOn: ['catalog'] });
    for (const name of SERVICE_NAMES) {
      expect(config.policy.services[name]?.environment).toEqual({ name: 'demo', production: false });
      expect([...(config.policy.services[name]?.actions ?? [])].sort()).toEqual([...CONTROL_NAMES].sort());
    }
  });

  it.each(SERVICE_NAMES)('contains %s by every action through the http driver, and takes it back', async (service) => {
    const driver = httpDriver({
      profile: (name) => {
        const profile = config.actions[name];
        return profile?.driver === 'http' ? profile : null;
      },
    });
    const { signal } = new AbortController();
    for (const name of CONTROL_NAMES) {
      const usual = (await readControl(shop, service, name)).document;
      const planned = await driver.plan({ action: 'A1', service, name, params: {} }, signal);
      if (!planned.ok) throw new Error(planned.detail);
      expect(planned.plan.changes).toHaveLength(1);
      expect(await driver.apply(planned.plan, signal)).toEqual({ ok: true });
      expect(await driver.observe(planned.plan, signal)).toBe('applied');
      expect((await readControl(shop, service, name)).document).not.toEqual(usual);

      const undo = await driver.planUndo({ plan: planned.plan } as Action, signal);
      if (!undo.ok) throw new Error(undo.detail);
      expect(await driver.apply(undo.plan, signal)).toEqual({ ok: true });
      expect((await readControl(shop, service, name)).document).toEqual(usual);
    }
  });
});
