// Owns what one replica's counters did over the last window: how much each signal grew between scrapes, resets and first errors included.

/** The counters of one scrape that matter, by series. */
export interface ScrapedCounters {
  readonly requests: readonly Counter[];
  readonly errors: readonly Counter[];
  readonly latency: readonly (Counter & { readonly upperBound: number })[];
}

export interface Counter {
  readonly series: string;
  readonly value: number;
}

/** Growth per second over the window. */
export interface CounterRates {
  readonly requests: number;
  readonly errors: number;
  readonly latency: ReadonlyMap<number, number>;
}

export interface CounterWindow {
  add(atMs: number, scraped: ScrapedCounters): void;
  /** Null until two scrapes lie within the window that ends at `nowMs`. */
  rates(nowMs: number): CounterRates | null;
}

interface Growth {
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
  readonly errors: number;
  readonly latency: ReadonlyMap<number, number>;
}

// A series that is away longer than this many windows is forgotten, so that labels that come and go do not pile up.
const FORGET_AFTER_WINDOWS = 10;

/** `everyMs` is the scrape interval: a wake-up half of it late still counts into the window. */
export const createCounterWindow = (windowMs: number, everyMs: number): CounterWindow => {
  const reachMs = windowMs + everyMs / 2;
  const counted = createLastValues(windowMs * FORGET_AFTER_WINDOWS);
  let growths: readonly Growth[] = [];
  let scrapedAtMs: number | null = null;
  return {
    add: (atMs, scraped) => {
      const fromMs = scrapedAtMs;
      // A wall clock set back makes every span before it meaningless; the counters themselves stay good.
      if (fromMs !== null && atMs < fromMs) growths = [];
      const growth = { ...counted.grow(atMs, scraped), fromMs: fromMs ?? atMs, toMs: atMs };
      scrapedAtMs = atMs;
      if (fromMs !== null && atMs > fromMs)
        growths = [...growths, growth].filter((kept) => kept.fromMs >= atMs - reachMs);
    },
    rates: (nowMs) => ratesOf(growths.filter(({ fromMs }) => fromMs >= nowMs - reachMs)),
  };
};

const ratesOf = (growths: readonly Growth[]): CounterRates | null => {
  const seconds = growths.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0) / 1000;
  if (seconds <= 0) return null;
  const latency = new Map<number, number>();
  for (const growth of growths) {
    for (const [bound, count] of growth.latency) latency.set(bound, (latency.get(bound) ?? 0) + count / seconds);
  }
  return {
    requests: growths.reduce((sum, { requests }) => sum + requests, 0) / seconds,
    errors: growths.reduce((sum, { errors }) => sum + errors, 0) / seconds,
    latency,
  };
};

const createLastValues = (forgetAfterMs: number) => {
  const last = new Map<string, { readonly value: number; readonly seenAtMs: number }>();
  let isFirst = true;
  const growthOf = (signal: string, { series, value }: Counter, atMs: number): number => {
    const key = `${signal} ${series}`;
    const before = last.get(key)?.value;
    last.set(key, { value, seenAtMs: atMs });
    // A series that appears on a replica scraped before began at 0 since: its first errors count.
    if (before === undefined) return isFirst ? 0 : value;
    return value < before ? value : value - before;
  };
  return {
    grow: (atMs: number, { requests, errors, latency }: ScrapedCounters) => {
      const sum = (signal: string, counters: readonly Counter[]): number =>
        counters.reduce((total, counter) => total + growthOf(signal, counter, atMs), 0);
      const byBound = new Map<number, number>();
      for (const counter of latency) {
        const { upperBound } = counter;
        byBound.set(upperBound, (byBound.get(upperBound) ?? 0) + growthOf('latency', counter, atMs));
      }
      const grown = { requests: sum('requests', requests), errors: sum('errors', errors), latency: byBound };
      for (const [key, { seenAtMs }] of last) if (atMs - seenAtMs > forgetAfterMs) last.delete(key);
      isFirst = false;
      return grown;
    },
  };
};
