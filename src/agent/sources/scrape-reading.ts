// Owns the judgement of one round of scrapes: the signals of a service from all its replicas, or why there are none.
import { known, type Reading, type ServiceReading, type UnknownReason, unknown } from '../../incident/signals.ts';
import type { Timestamp } from '../../incident/time.ts';
import type { MetricSelectors } from '../config/config.ts';
import type { AskFailure } from './ask.ts';
import type { CounterRates, ScrapedCounters } from './counter-window.ts';
import { histogramQuantile } from './histogram-quantile.ts';

export type SignalOfPage = keyof ScrapedCounters;

export type ReplicaRound =
  | {
      readonly ok: true;
      /** Null until the replica was scraped twice within a window. */
      readonly rates: CounterRates | null;
      /** Signals of which this page had at least one series. */
      readonly present: ReadonlySet<SignalOfPage>;
      readonly strange: ReadonlySet<SignalOfPage>;
    }
  | { readonly ok: false; readonly why: AskFailure; readonly detail: string };

export interface ScrapeRound {
  readonly service: string;
  readonly at: Timestamp;
  readonly selectors: MetricSelectors;
  readonly replicas: readonly ReplicaRound[];
}

export const readRound = ({ service, at, selectors, replicas }: ScrapeRound): ServiceReading => {
  const sum = sumReplicas(replicas);
  const allUnknown = (why: UnknownReason): ServiceReading => ({
    service,
    at,
    requestsPerSecond: unknown(selectors.requests === null ? 'not-configured' : why),
    errorRatio: unknown(selectors.requests === null || selectors.errors === null ? 'not-configured' : why),
    p95Seconds: unknown(selectors.latency === null ? 'not-configured' : why),
  });
  if (!sum.ok) return allUnknown(sum.why);
  const requests = readRequests(sum, selectors);
  return {
    service,
    at,
    requestsPerSecond: requests,
    errorRatio: readErrorRatio(sum, selectors, requests),
    p95Seconds: readP95(sum, selectors, requests),
  };
};

interface Sum {
  readonly ok: true;
  readonly rates: readonly CounterRates[];
  readonly present: ReadonlySet<SignalOfPage>;
  readonly strange: ReadonlySet<SignalOfPage>;
}

const sumReplicas = (replicas: readonly ReplicaRound[]): Sum | { readonly ok: false; readonly why: UnknownReason } => {
  const failures = replicas.filter((replica) => !replica.ok);
  const pages = replicas.filter((replica) => replica.ok);
  const reasons = new Set(failures.map(({ why }) => why));
  const [onlyReason] = reasons;
  if (pages.length > 0 && failures.length > 0) return { ok: false, why: 'partial' };
  if (failures.length > 0) return { ok: false, why: reasons.size === 1 && onlyReason ? onlyReason : 'unreachable' };
  const rates = pages.map((page) => page.rates).filter((rate) => rate !== null);
  if (rates.length < pages.length) return { ok: false, why: rates.length === 0 ? 'not-yet-measured' : 'partial' };
  if (pages.length === 0) return { ok: false, why: 'not-configured' };
  return {
    ok: true,
    rates,
    present: new Set(pages.flatMap(({ present }) => [...present])),
    strange: new Set(pages.flatMap(({ strange }) => [...strange])),
  };
};

const total = (sum: Sum, signal: 'requests' | 'errors'): number =>
  sum.rates.reduce((all, rates) => all + rates[signal], 0);

const readRequests = (sum: Sum, selectors: MetricSelectors): Reading => {
  if (selectors.requests === null) return unknown('not-configured');
  if (sum.strange.has('requests')) return unknown('not-a-number');
  return sum.present.has('requests') ? known(total(sum, 'requests')) : unknown('missing');
};

const readErrorRatio = (sum: Sum, selectors: MetricSelectors, requests: Reading): Reading => {
  if (selectors.errors === null || selectors.requests === null) return unknown('not-configured');
  if (sum.strange.has('errors')) return unknown('not-a-number');
  if (!requests.known) return requests;
  // No error series at all is a clean service; only its requests must be there.
  return requests.value === 0 ? unknown('idle') : known(Math.min(1, total(sum, 'errors') / requests.value));
};

const readP95 = (sum: Sum, selectors: MetricSelectors, requests: Reading): Reading => {
  if (selectors.latency === null) return unknown('not-configured');
  if (sum.strange.has('latency')) return unknown('not-a-number');
  if (!sum.present.has('latency')) return unknown('missing');
  if (requests.known && requests.value === 0) return unknown('idle');
  const buckets = new Map<number, number>();
  for (const { latency } of sum.rates) {
    for (const [bound, rate] of latency) buckets.set(bound, (buckets.get(bound) ?? 0) + rate);
  }
  if (!buckets.values().some((rate) => rate > 0)) return unknown('idle');
  const seconds = histogramQuantile(0.95, buckets);
  return Number.isFinite(seconds) ? known(seconds) : unknown('not-a-number');
};
