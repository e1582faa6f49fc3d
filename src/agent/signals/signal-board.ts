// Owns the latest of everything the sources told: one board that all readers look at, on which old news is marked stale.
import {
  type CheckReading,
  type Reading,
  type ServiceReading,
  type Signals,
  type UnknownReason,
  unknown,
} from '../../incident/signals.ts';
import { safeText } from '../../incident/text.ts';
import { SECOND, toTimestamp } from '../../incident/time.ts';
import type { SourceHealth } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';
import type { ServiceWatch } from '../config/config.ts';
import type { SourceListener } from '../sources/source.ts';
import { createSourceHealth } from './source-health.ts';

export type { SourceHealth };

export interface SignalBoard extends SourceListener {
  /** Every configured service, also before anything was told; the same object until something changes. */
  current(): Signals;
  /** Every source that polled or told so far, by name. */
  health(): readonly SourceHealth[];
  /** A source told something by itself: so many at once, or why it could not be read. */
  told(told: {
    readonly source: string;
    readonly count: number;
    readonly tookMs: number;
    readonly error: string | null;
  }): void;
  /** A source that is configured no more. */
  forget(source: string): void;
  /** Another configuration: services that stay keep their readings, others go, new ones begin. */
  watch(watches: readonly ServiceWatch[]): void;
  /** Calls `listener` after each change with the services it touched; returns the way to stop. */
  subscribe(listener: (changed: readonly string[]) => void): () => void;
  /** Stops looking for stale readings. */
  close(): void;
}

interface Told<Value> {
  readonly value: Value;
  readonly toldAtMs: number;
  readonly staleAfterMs: number;
}

const SWEEP_EVERY_MS = SECOND;
const POLLS_BEFORE_STALE = 3;

/** Takes the clock and what is watched; a reading that its source does not renew for three polls becomes `stale`. */
export const createSignalBoard = (options: {
  readonly clock: Clock;
  readonly watches: readonly ServiceWatch[];
}): SignalBoard => {
  const { clock } = options;
  const readings = new Map<string, Told<ServiceReading>>();
  const checks = new Map<string, Map<string, Told<CheckReading>>>();
  const health = createSourceHealth(clock);
  const listeners = new Set<(changed: readonly string[]) => void>();
  let signals: Signals | null = null;

  const watch = (watches: readonly ServiceWatch[]): void => {
    const nowMs = clock.now();
    const before = { readings: new Map(readings), checks: new Map(checks) };
    readings.clear();
    checks.clear();
    for (const one of watches) {
      const { service } = one;
      const first = firstReading(one, nowMs);
      const kept = before.readings.get(service);
      readings.set(service, kept === undefined ? first : { ...kept, staleAfterMs: first.staleAfterMs });
      const its = [...firstChecks(one, nowMs)].map(([name, check]): [string, Told<CheckReading>] => {
        const earlier = before.checks.get(service)?.get(name);
        return [name, earlier === undefined ? check : { ...earlier, staleAfterMs: check.staleAfterMs }];
      });
      checks.set(service, new Map(its));
    }
    signals = null;
  };
  watch(options.watches);

  const announce = (changed: readonly string[]): void => {
    if (changed.length === 0) return;
    signals = null;
    for (const listener of [...listeners]) listener(changed);
  };

  const sweep = (): void => {
    const nowMs = clock.now();
    const isOld = ({ toldAtMs, staleAfterMs }: Told<unknown>): boolean => nowMs - toldAtMs > staleAfterMs;
    const changed = new Set<string>();
    for (const [service, told] of readings) {
      if (!isOld(told) || isStale(told.value)) continue;
      readings.set(service, { ...told, value: staleReading(told.value) });
      changed.add(service);
    }
    for (const [service, ofService] of checks) {
      for (const [name, told] of ofService) {
        if (!isOld(told) || told.value.state === 'unknown') continue;
        ofService.set(name, { ...told, value: staleCheck(told.value, nowMs) });
        changed.add(service);
      }
    }
    announce([...changed]);
  };
  let callOff = clock.after(SWEEP_EVERY_MS, function again() {
    callOff = clock.after(SWEEP_EVERY_MS, again);
    sweep();
  });

  return {
    readings: (told) => {
      const toldAtMs = clock.now();
      const changed: string[] = [];
      for (const value of told) {
        const before = readings.get(value.service);
        // What nobody configured is not shown: a source cannot add services to the room.
        if (before === undefined) continue;
        readings.set(value.service, { ...before, value, toldAtMs });
        changed.push(value.service);
      }
      announce(changed);
    },
    check: (value) => {
      const before = checks.get(value.service)?.get(value.name);
      if (before === undefined) return;
      checks.get(value.service)?.set(value.name, { ...before, value, toldAtMs: clock.now() });
      if (!isSameCheck(before.value, value)) announce([value.service]);
    },
    polled: (poll) => health.record({ ...poll, kind: 'asked', count: 1 }),
    forget: health.forget,
    told: (told) => health.record({ ...told, kind: 'tells' }),
    watch: (watches) => {
      const before = [...readings.keys()];
      health.forget();
      watch(watches);
      announce([...new Set([...before, ...readings.keys()])]);
    },
    current: () => {
      signals ??= Object.fromEntries(
        [...readings].map(([service, { value }]) => [
          service,
          { reading: value, checks: [...(checks.get(service)?.values() ?? [])].map((told) => told.value) },
        ]),
      );
      return signals;
    },
    health: health.all,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => callOff(),
  };
};

const staleAfter = (everyMs: number, timeoutMs: number): number => POLLS_BEFORE_STALE * everyMs + timeoutMs;

const firstReading = ({ service, prometheus, scrape }: ServiceWatch, nowMs: number): Told<ServiceReading> => {
  const source = prometheus ?? scrape;
  const why = (...selectors: readonly (string | null | undefined)[]): Reading =>
    unknown(selectors.every((selector) => typeof selector === 'string') ? 'not-yet-measured' : 'not-configured');
  const everyMs = prometheus?.pollEveryMs ?? scrape?.scrapeEveryMs ?? SECOND;
  return {
    toldAtMs: nowMs,
    staleAfterMs: source === null ? Number.POSITIVE_INFINITY : staleAfter(everyMs, source.timeoutMs),
    value: {
      service,
      at: toTimestamp(nowMs),
      errorRatio: why(source?.requests, source?.errors),
      p95Seconds: why(source?.latency),
      requestsPerSecond: why(source?.requests),
    },
  };
};

const firstChecks = ({ service, checks }: ServiceWatch, nowMs: number): Map<string, Told<CheckReading>> =>
  new Map(
    checks.map(({ name, everyMs, timeoutMs }) => [
      name,
      {
        toldAtMs: nowMs,
        staleAfterMs: staleAfter(everyMs, timeoutMs),
        value: { service, name, state: 'unknown', since: toTimestamp(nowMs), detail: safeText('') },
      },
    ]),
  );

const isStale = ({ errorRatio, p95Seconds, requestsPerSecond }: ServiceReading): boolean =>
  [errorRatio, p95Seconds, requestsPerSecond].every((reading) => isStaleOr(reading, 'not-configured'));

const isStaleOr = (reading: Reading, other: UnknownReason): boolean =>
  !reading.known && (reading.why === 'stale' || reading.why === other);

const stale = (reading: Reading): Reading => (isStaleOr(reading, 'not-configured') ? reading : unknown('stale'));

// `at` stays: it says how old the news is.
const staleReading = (reading: ServiceReading): ServiceReading => ({
  ...reading,
  errorRatio: stale(reading.errorRatio),
  p95Seconds: stale(reading.p95Seconds),
  requestsPerSecond: stale(reading.requestsPerSecond),
});

const staleCheck = (check: CheckReading, nowMs: number): CheckReading => ({
  ...check,
  state: 'unknown',
  since: toTimestamp(nowMs),
  detail: safeText(`no news; was ${check.state}: ${check.detail}`, 100),
});

const isSameCheck = (a: CheckReading, b: CheckReading): boolean =>
  a.state === b.state && a.since === b.since && a.detail === b.detail;
