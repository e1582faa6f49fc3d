import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/agent/config/config.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { httpDriver } from '../../src/agent/drivers/http.ts';
import { demoConfigFiles } from '../../src/demo/demo-config.ts';
import { CONTROL_NAMES } from '../../src/demo/shop/controls.ts';
import { SERVICE_NAMES } from '../../src/demo/shop/service-specs.ts';
import type { Shop } from '../../src/demo/shop/shop.ts';
import type { Action } from '../../src/incident/state.ts';
import { openQuietShop, readControl } from './shop-client.ts';

let shop: Shop;
let directory: string;
let config: Config;
beforeAll(async () => {
  shop = await openQuietShop();
  directory = await mkdtemp(join(tmpdir(), 'demo-'));
  for (const [name, text] of Object.entries(demoConfigFiles(shop))) await writeFile(join(directory, name), text);
  const defaultsDirectory = fileURLToPath(new URL('../../config', import.meta.url));
  config = await loadConfig({ directory, defaultsDirectory, env: {} });
});
afterAll(async () => {
  await shop.close();
  await rm(directory, { recursive: true, force: true });
});

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
    const driver = httpDriver({ profile: (name) => config.actions[name] ?? null });
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
