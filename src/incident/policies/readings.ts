// Owns what a rule looks at: one service's numbers at one moment, where null is unknown and never zero.
import { type CheckReading, type ServiceSignals, valueOrNull } from '../signals.ts';

export interface Readings {
  /** Failed over all requests, 0 to 1. */
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
  readonly requestsPerSecond: number | null;
  /** What is normal for this service; null while too little is known about it. */
  readonly baseline: { readonly errorRatio: number | null; readonly p95Seconds: number | null };
  /** False where there are no checks: nothing that fails. */
  readonly allChecksDown: boolean | null;
  readonly core: boolean;
  /** What a person or an alert stated, e.g. `data-exposed`. */
  readonly facts: ReadonlySet<string>;
}

/** The readings of a service from its latest signals; the rest of what a rule may ask comes from `beside`. */
export const readingsOf = (
  signals: ServiceSignals,
  beside: Pick<Readings, 'baseline' | 'core' | 'facts'>,
): Readings => ({
  errorRatio: valueOrNull(signals.reading.errorRatio),
  p95Seconds: valueOrNull(signals.reading.p95Seconds),
  requestsPerSecond: valueOrNull(signals.reading.requestsPerSecond),
  allChecksDown: allChecksDown(signals.checks),
  baseline: beside.baseline,
  core: beside.core,
  facts: beside.facts,
});

/** True when every check is down, false when one is up or there is none, null while that is not known. */
export const allChecksDown = (checks: readonly CheckReading[]): boolean | null => {
  if (checks.length === 0 || checks.some((check) => check.state === 'up')) return false;
  return checks.every((check) => check.state === 'down') ? true : null;
};

/** With too little traffic a ratio or a percentile says nothing: one failed request would be 100 %. */
export const withEnoughTraffic = (readings: Readings, minimumRequestsPerSecond: number): Readings =>
  readings.requestsPerSecond !== null && readings.requestsPerSecond >= minimumRequestsPerSecond
    ? readings
    : { ...readings, errorRatio: null, p95Seconds: null };
