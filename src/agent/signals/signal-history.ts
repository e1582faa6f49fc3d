// Owns six hours of signals per service: every reading of the last 15 minutes, means of ten seconds before that.
import { type ServiceReading, valueOrNull } from '../../incident/signals.ts';
import { HOUR, MINUTE, SECOND, toEpochMs } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import { type HistoryLine, openHistoryFiles } from './history-files.ts';
import {
  createPointRing,
  type PointRing,
  SIGNAL_KEYS,
  type SignalKey,
  type SignalPoint,
  type SignalValues,
} from './point-ring.ts';

export interface SignalHistory {
  /** Keeps what a source read; a reading not newer than the last one of its service is a repetition and is left out. */
  record(readings: readonly ServiceReading[]): void;
  /** Points from `sinceMs` on, oldest first. Times without news have no point. */
  recent(service: string, sinceMs: number): readonly SignalPoint[];
  /**
   * What is usual: the median of known values (ten-second means) in the hour that ends 5 minutes before `upToMs`,
   * in the signal's own unit. Null unless known values span at least 10 minutes.
   */
  baseline(service: string, signal: SignalKey, upToMs: number): number | null;
  /** Writes what is not yet written and waits for it. */
  close(): Promise<void>;
}

export interface SignalHistoryOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** Each of the two files stays below this; 64 MiB unless told. */
  readonly maxFileBytes?: number;
  readonly onWriteError?: (cause: unknown) => void;
}

const KEPT_MS = 6 * HOUR;
const RAW_MS = 15 * MINUTE;
const STEP_MS = 10 * SECOND;
const MAX_RAW_POINTS = RAW_MS / SECOND + 100;
const MAX_MEANS = KEPT_MS / STEP_MS + 10;
// The same reading may arrive a little late; a clock that was really set back is further off.
const SET_BACK_MS = 30 * SECOND;
const BASELINE_SPAN_MS = HOUR;
const BASELINE_ENDS_BEFORE_MS = 5 * MINUTE;
const BASELINE_NEEDS_MS = 10 * MINUTE;

/** Opens the history kept in `directory`, with what is readable of it. */
export const openSignalHistory = async (options: SignalHistoryOptions): Promise<SignalHistory> => {
  const { clock, directory, maxFileBytes = 64 * 1024 * 1024, onWriteError = () => undefined } = options;
  const files = await openHistoryFiles({ directory, maxFileBytes, onWriteError });
  const curves = new Map<string, Curve>();
  const curveOf = (service: string): Curve => {
    const curve = curves.get(service) ?? createCurve();
    curves.set(service, curve);
    return curve;
  };
  await readBack(files.read(), { curveOf, nowMs: clock.now() });

  let stepMs: number | null = null;
  const closeStep = (): void => {
    if (stepMs === null) return;
    const means = [...curves].flatMap(([service, curve]) => {
      const mean = stepMs === null ? null : curve.closeStep(stepMs);
      return mean === null
        ? []
        : [[service, [rounded(mean.errorRatio), rounded(mean.p95Seconds), rounded(mean.requestsPerSecond)]] as const];
    });
    if (means.length > 0) files.add({ atMs: stepMs, services: Object.fromEntries(means) });
    stepMs = null;
  };

  return {
    record: (readings) => {
      for (const reading of readings) {
        const atMs = toEpochMs(reading.at);
        const curve = curveOf(reading.service);
        const lastMs = curve.lastAtMs();
        const isSetBack = lastMs !== null && lastMs - atMs >= SET_BACK_MS;
        if (lastMs !== null && atMs <= lastMs && !isSetBack) continue;
        if (isSetBack) {
          closeStep();
          for (const other of curves.values()) other.dropFrom(atMs);
        }
        // A service that is told a moment after the others counts into the step they began.
        if (stepMs !== null && stepOf(atMs) > stepMs) closeStep();
        stepMs ??= stepOf(atMs);
        curve.add(atMs, valuesOf(reading));
      }
    },
    recent: (service, sinceMs) => curves.get(service)?.recent(Math.max(sinceMs, clock.now() - KEPT_MS)) ?? [],
    baseline: (service, signal, upToMs) => curves.get(service)?.baseline(signal, upToMs) ?? null,
    close: async () => {
      closeStep();
      await files.close();
    },
  };
};

interface Onto {
  readonly curveOf: (service: string) => Curve;
  readonly nowMs: number;
}

const readBack = async (lines: AsyncIterable<HistoryLine>, { curveOf, nowMs }: Onto): Promise<void> => {
  const kept: HistoryLine[] = [];
  for await (const line of lines) if (line.atMs >= nowMs - KEPT_MS && line.atMs <= nowMs) kept.push(line);
  for (const { atMs, services } of kept.sort((a, b) => a.atMs - b.atMs)) {
    for (const [service, [errorRatio, p95Seconds, requestsPerSecond]] of Object.entries(services)) {
      curveOf(service).addMean(atMs, { errorRatio, p95Seconds, requestsPerSecond });
    }
  }
};

type Curve = ReturnType<typeof createCurve>;

const createCurve = () => {
  const raw = createPointRing(MAX_RAW_POINTS);
  const means = createPointRing(MAX_MEANS);
  const baselines = new Map<SignalKey, { readonly key: number; readonly value: number | null }>();
  let step: SignalValues[] = [];
  const addMean = (atMs: number, mean: SignalValues): void => {
    if (atMs <= (means.lastAtMs() ?? Number.NEGATIVE_INFINITY)) return;
    means.push(atMs, mean);
    means.dropBefore(atMs - KEPT_MS);
  };
  return {
    addMean,
    add: (atMs: number, values: SignalValues): void => {
      raw.push(atMs, values);
      raw.dropBefore(atMs - RAW_MS);
      step.push(values);
    },
    closeStep: (atMs: number): SignalValues | null => {
      if (step.length === 0) return null;
      const mean = meanOf(step);
      step = [];
      addMean(atMs, mean);
      return mean;
    },
    dropFrom: (atMs: number): void => {
      raw.dropFrom(atMs);
      means.dropFrom(atMs);
      baselines.clear();
    },
    lastAtMs: () => raw.lastAtMs(),
    recent: (sinceMs: number): SignalPoint[] => {
      const rawFromMs = raw.firstAtMs() ?? Number.POSITIVE_INFINITY;
      const before = means.points(sinceMs, rawFromMs - STEP_MS + 1);
      return [...before, ...raw.points(sinceMs, Number.POSITIVE_INFINITY)];
    },
    baseline: (signal: SignalKey, upToMs: number): number | null => {
      // Means change every ten seconds and no sooner: all questions within one step have one answer.
      const key = stepOf(upToMs);
      const cached = baselines.get(signal);
      if (cached?.key === key) return cached.value;
      const value = baselineOf(means, signal, key - BASELINE_ENDS_BEFORE_MS);
      baselines.set(signal, { key, value });
      return value;
    },
  };
};

const baselineOf = (means: PointRing, signal: SignalKey, endMs: number): number | null => {
  const values = means.known(signal, endMs - BASELINE_SPAN_MS, endMs);
  const spanMs = (values.at(-1)?.atMs ?? 0) + STEP_MS - (values[0]?.atMs ?? 0);
  return values.length === 0 || spanMs < BASELINE_NEEDS_MS ? null : median(values.map(({ value }) => value));
};

const median = (values: readonly number[]): number => {
  const ordered = Float64Array.from(values).sort();
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? upper) + upper) / 2;
};

const meanOf = (all: readonly SignalValues[]): SignalValues => {
  const [errorRatio, p95Seconds, requestsPerSecond] = SIGNAL_KEYS.map((key) => {
    const values = all.map((each) => each[key]).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  return {
    errorRatio: errorRatio ?? null,
    p95Seconds: p95Seconds ?? null,
    requestsPerSecond: requestsPerSecond ?? null,
  };
};

const valuesOf = ({ errorRatio, p95Seconds, requestsPerSecond }: ServiceReading): SignalValues => ({
  errorRatio: valueOrNull(errorRatio),
  p95Seconds: valueOrNull(p95Seconds),
  requestsPerSecond: valueOrNull(requestsPerSecond),
});

const stepOf = (atMs: number): number => Math.floor(atMs / STEP_MS) * STEP_MS;

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)));
