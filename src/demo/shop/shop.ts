// Owns the demo shop as a whole: five services that call each other, their customers, the admin server and the fault.
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { openAdmin } from './admin.ts';
import { startLoad } from './load.ts';
import { byName, openServices } from './open-services.ts';
import type { Scenario } from './releases.ts';
import { SERVICE_NAMES, type ServiceName } from './service-specs.ts';
import type { ServiceSummary } from './shop-service.ts';

export interface ShopOptions {
  /** Null: free ports. Otherwise the admin server takes this one and the services the ports after it. */
  readonly adminPort: number | null;
  /** Null: only when told. */
  readonly faultAfterMs: number | null;
  /** Share of the usual load; 0 for none. */
  readonly loadFactor?: number;
  /** How long work takes, against the usual. */
  readonly workFactor?: number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

export interface Shop {
  readonly admin: string;
  readonly services: Readonly<Record<ServiceName, string>>;
  /** Time since anybody asked the admin server or read metrics. */
  unwatchedForMs(): number;
  close(): Promise<void>;
}

export interface ShopState {
  readonly shop: 'warroom-demo';
  readonly pid: number;
  readonly startedAt: string;
  readonly scenario: Scenario | null;
  readonly services: Readonly<Record<ServiceName, ServiceSummary>>;
}

/** Opens every server on loopback and starts the load; the shop runs until `close`. */
export const openShop = async (options: ShopOptions): Promise<Shop> => {
  const { adminPort, faultAfterMs, loadFactor = 1, workFactor = 1, random = Math.random } = options;
  const startedAt = new Date().toISOString();
  const connections = new Agent({ keepAlive: true });
  let watchedAtMs = performance.now();
  let scenario: Scenario | null = null;
  const onWatched = (): void => {
    watchedAtMs = performance.now();
  };
  const setScenario = (wanted: Scenario | null): void => {
    scenario = wanted;
  };

  const services = await openServices({
    surroundings: { random, connections, workFactor },
    adminPort,
    scenario: () => scenario,
    onWatched,
    era: randomUUID().slice(0, 8),
  });
  const state = (): ShopState => ({
    shop: 'warroom-demo',
    pid: process.pid,
    startedAt,
    scenario,
    services: byName((name) => services[name].summary()),
  });
  const admin = await openAdmin({
    port: adminPort ?? 0,
    services,
    state,
    scenario: () => scenario,
    setScenario,
    onWatched,
  });
  const stopLoads = SERVICE_NAMES.map((name) => {
    const { spec, url } = services[name];
    return startLoad({ spec, url: new URL(url), requestsPerSecond: spec.requestsPerSecond * loadFactor, random });
  });
  const fault = faultAfterMs === null ? undefined : setTimeout(() => setScenario('bad-deploy'), faultAfterMs);

  return {
    admin: admin.url,
    services: byName((name) => services[name].url),
    unwatchedForMs: () => performance.now() - watchedAtMs,
    close: async () => {
      clearTimeout(fault);
      for (const stop of stopLoads) stop();
      await Promise.all([admin.close(), ...SERVICE_NAMES.map((name) => services[name].close())]);
      connections.destroy();
    },
  };
};
