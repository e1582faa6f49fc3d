// Owns how each source does: its last success, its last error, and how much it told in the last minute.
import { safeText } from '../../incident/text.ts';
import { MINUTE, SECOND, toEpochMs, toTimestamp } from '../../incident/time.ts';
import type { SourceHealth } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';

/** One try: so many answers, or alerts, and what went wrong. */
export interface Heard {
  readonly source: string;
  readonly kind: SourceHealth['kind'];
  readonly count: number;
  readonly tookMs: number;
  readonly error: string | null;
  /** Where it tells its time. */
  readonly skewMs?: number | null;
}

interface Kept {
  readonly health: Omit<SourceHealth, 'perMinute'>;
  /** How much came in each of the last seconds, oldest first. */
  readonly seconds: readonly { readonly second: number; readonly count: number }[];
}

// Whoever has the token names alert sources only from the configuration; polls are ours. Both are few.
const MOST_SOURCES = 2_000;

export interface SourceHealths {
  record(heard: Heard): void;
  all(): readonly SourceHealth[];
  /** Another configuration: who is still asked tells so soon. Who tells us by itself stays. With a name: this one alone. */
  forget(source?: string): void;
}

export const createSourceHealth = (clock: Clock): SourceHealths => {
  const sources = new Map<string, Kept>();

  return {
    record: ({ source, kind, count, tookMs, error, skewMs = null }) => {
      const nowMs = clock.now();
      const at = toTimestamp(nowMs);
      const before = sources.get(source);
      if (before === undefined && sources.size >= MOST_SOURCES) return;
      const health = {
        source,
        kind,
        tookMs,
        skewMs,
        failing: error !== null,
        lastSuccessAt: error === null ? at : (before?.health.lastSuccessAt ?? null),
        lastError: error === null ? (before?.health.lastError ?? null) : { at, text: safeText(error, 300) },
      };
      sources.set(source, {
        health,
        seconds: error === null ? counted(before, nowMs, count) : (before?.seconds ?? []),
      });
    },
    forget: (source) => {
      if (source !== undefined) return void sources.delete(source);
      for (const [source, { health }] of sources) if (health.kind === 'asked') sources.delete(source);
    },
    all: () =>
      [...sources.values()]
        .map(({ health, seconds }) => ({
          ...health,
          failing: health.failing && !isForgiven(health, clock.now()),
          perMinute: perMinute(seconds, clock.now()),
        }))
        .sort((a, b) => a.source.localeCompare(b.source)),
  };
};

/** Who tells by themself may never tell again: one bad body is no trouble for ever. */
const FORGIVEN_AFTER_MS = 5 * MINUTE;

const isForgiven = ({ kind, lastError }: Kept['health'], nowMs: number): boolean =>
  kind === 'tells' && lastError !== null && nowMs - toEpochMs(lastError.at) > FORGIVEN_AFTER_MS;

const recent = (seconds: Kept['seconds'], nowMs: number): Kept['seconds'] =>
  seconds.filter(({ second }) => second * SECOND > nowMs - MINUTE);

const counted = (before: Kept | undefined, nowMs: number, count: number): Kept['seconds'] => {
  const second = Math.floor(nowMs / SECOND);
  const kept = recent(before?.seconds ?? [], nowMs);
  const last = kept.at(-1);
  return last?.second === second
    ? [...kept.slice(0, -1), { second, count: last.count + count }]
    : [...kept, { second, count }];
};

const perMinute = (seconds: Kept['seconds'], nowMs: number): number =>
  recent(seconds, nowMs).reduce((sum, { count }) => sum + count, 0);
