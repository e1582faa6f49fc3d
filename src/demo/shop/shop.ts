// Owns the demo shop as a whole: five services that call each other, their customers, the admin server and the fault.
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, systemClock } from '../../agent/clock.ts';
import { toTimestamp } from '../../incident/time.ts';
import { openAdmin } from './admin.ts';
import { startLoad } from './load.ts';
import { byName, openServices } from './open-services.ts';
import type { ScenarioName } from './scenarios/scenarios.ts';
import { SERVICE_NAMES, type ServiceName } from './service-specs.ts';
import type { ServiceSummary } from './shop-service.ts';
import { createTroubles } from './troubles.ts';
import type { Surroundings } from './work.ts';

export interface ShopOptions {
  /** Null: free ports. Otherwise the admin server takes this one and the services the ports after it. */
  readonly adminPort: number | null;
  /** What goes wrong by itself, so much shop time after somebody began to watch; null: only what the admin server is told. */
  readonly plan: { readonly scenario: ScenarioName; readonly afterMs: number } | null;
  /** The shop's time, the machine's unless told. Work and network take as long as they take, whatever the clock. */
  readonly clock?: Clock;
  /** Share of the usual load; 0 for none. */
  readonly loadFactor?: number;
  /** How long work takes, against the usual. */
  readonly workFactor?: number;
  readonly sleep?: Surroundings['sleep'];
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
  readonly scenario: ScenarioName | null;
  readonly services: Readonly<Record<ServiceName, ServiceSummary>>;
}

/** Opens every server on loopback and starts the load; the shop runs until `close`. */
export const openShop = async (options: ShopOptions): Promise<Shop> => {
  const { adminPort, plan, clock = systemClock(), loadFactor = 1 } = options;
  const { workFactor = 1, sleep = pause, random = Math.random } = options;
  const startedAt = toTimestamp(clock.now());
  const connections = new Agent({ keepAlive: true });
  let watchedAtMs = performance.now();
  let callOff: (() => void) | null = null;
  const onWatched = (): void => {
    watchedAtMs = performance.now();
    callOff ??= plan === null ? () => undefined : clock.after(plan.afterMs, () => setScenario(plan.scenario));
  };
  const { trouble, setScenario } = createTroubles(clock);
  const scenario = (): ScenarioName | null => trouble()?.scenario ?? null;

  const services = await openServices({
    surroundings: { random, connections, workFactor, sleep, standsFor: clock.rate },
    adminPort,
    trouble,
    onWatched,
    era: randomUUID().slice(0, 8),
  });
  const state = (): ShopState => ({
    shop: 'warroom-demo',
    pid: process.pid,
    startedAt,
    scenario: scenario(),
    services: byName((name) => services[name].summary()),
  });
  const admin = await openAdmin({
    port: adminPort ?? 0,
    services,
    state,
    scenario,
    setScenario,
    onWatched,
  });
  const stopLoads = SERVICE_NAMES.map((name) => {
    const { spec, url } = services[name];
    return startLoad({ spec, url: new URL(url), requestsPerSecond: spec.requestsPerSecond * loadFactor, random });
  });

  return {
    admin: admin.url,
    services: byName((name) => services[name].url),
    unwatchedForMs: () => performance.now() - watchedAtMs,
    close: async () => {
      callOff?.();
      setScenario(null);
      for (const stop of stopLoads) stop();
      await Promise.all([admin.close(), ...SERVICE_NAMES.map((name) => services[name].close())]);
      connections.destroy();
    },
  };
};
