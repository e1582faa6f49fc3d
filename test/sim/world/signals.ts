// Owns the services of a simulation and what is measured of them: well, failing, or not to be known.
import type { SignalFeed } from '../../../src/agent/agent.ts';
import { known, type Reading, type ServiceSignals, type Signals, unknown } from '../../../src/incident/signals.ts';
import { toTimestamp } from '../../../src/incident/time.ts';
import type { Life } from './life.ts';
import type { SimulatedTime } from './time.ts';

export type Condition =
  | { readonly name: 'well' }
  | { readonly name: 'failing'; readonly errorRatio: number }
  /** The source does not answer: the service may be anything. */
  | { readonly name: 'unknown'; readonly why: 'stale' | 'unreachable' | 'missing' }
  /** Hardly any requests: a ratio would say nothing. */
  | { readonly name: 'idle' };

export interface SimulatedSignals {
  become(service: string, condition: Condition): void;
  condition(service: string): Condition;
  /** Since when, in elapsed time, a service has been well; null while it is not. */
  wellSinceMs(service: string): number | null;
  /** As the agent of that life is told. */
  feedFor(life: Life): SignalFeed;
  /** One poll of every source: what is measured now is told. */
  poll(): void;
}

export const simulatedSignals = (services: readonly string[], time: SimulatedTime): SimulatedSignals => {
  const conditions = new Map<string, { readonly its: Condition; readonly sinceMs: number }>();
  const listeners = new Map<(changed: readonly string[]) => void, Life>();
  let measured: Signals = {};
  for (const service of services) conditions.set(service, { its: { name: 'well' }, sinceMs: 0 });

  const condition = (service: string): Condition => conditions.get(service)?.its ?? { name: 'well' };

  const reading = (service: string): ServiceSignals => {
    const its = condition(service);
    const at = toTimestamp(time.wallMs());
    const read = (value: number): Reading => (its.name === 'unknown' ? unknown(its.why) : known(value));
    const failing = its.name === 'failing';
    return {
      reading: {
        service,
        at,
        errorRatio: its.name === 'idle' ? unknown('idle') : read(failing ? its.errorRatio : 0.001),
        p95Seconds: its.name === 'idle' ? unknown('idle') : read(failing ? 0.9 : 0.1),
        requestsPerSecond: read(its.name === 'idle' ? 0 : 120),
      },
      checks: [],
    };
  };

  return {
    become: (service, next) => {
      const before = conditions.get(service);
      const sinceMs = before?.its.name === next.name ? before.sinceMs : time.elapsedMs();
      conditions.set(service, { its: next, sinceMs });
    },
    condition,
    wellSinceMs: (service) => {
      const its = conditions.get(service);
      return its?.its.name === 'well' ? its.sinceMs : null;
    },
    feedFor: (life) => ({
      current: () => measured,
      subscribe: (listener) => {
        listeners.set(listener, life);
        return () => listeners.delete(listener);
      },
      baseline: (_service, signal) => (signal === 'errorRatio' ? 0.001 : 0.1),
    }),
    poll: () => {
      measured = Object.fromEntries(services.map((service) => [service, reading(service)]));
      for (const [listener, life] of listeners) {
        if (life.isAlive()) listener(services);
        else listeners.delete(listener);
      }
    },
  };
};
