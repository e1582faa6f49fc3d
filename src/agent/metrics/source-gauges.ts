// Owns the gauges of the sources: how old the news of those we ask is, how long a poll takes, and which sources fail.
import type { Registry } from 'prom-client';
import { toEpochMs } from '../../incident/time.ts';
import type { SourceHealth } from '../signals/signal-board.ts';
import { boundedLabel } from './label-value.ts';
import { type Sample, scrapedGauge } from './scraped-gauge.ts';

export interface SourceParts {
  readonly health: () => readonly SourceHealth[];
  /** Epoch ms. */
  readonly now: () => number;
  readonly startedAtMs: number;
}

interface Worst {
  /** Null where no source of this name is polled. */
  readonly ageSeconds: number | null;
  readonly tookSeconds: number | null;
  readonly failing: 0 | 1;
  /** Of the clock that is furthest off; null where none tells its time. */
  readonly skewSeconds: number | null;
}

/** Returns the look at the sources that each scrape begins with: their health is asked for once, not for every gauge. */
export const registerSourceGauges = (registry: Registry, { health, now, startedAtMs }: SourceParts): (() => void) => {
  const label = boundedLabel();
  let worst: ReadonlyMap<string, Worst> = new Map();

  const seen = ({ kind, lastSuccessAt, tookMs, failing, skewMs }: SourceHealth): Worst => {
    const sinceMs = lastSuccessAt === null ? startedAtMs : toEpochMs(lastSuccessAt);
    // The silence of a source that tells by itself says nothing: it has no age and no polls.
    const isAsked = kind === 'asked';
    return {
      ageSeconds: isAsked ? Math.max(0, now() - sinceMs) / 1_000 : null,
      tookSeconds: isAsked ? tookMs / 1_000 : null,
      failing: failing ? 1 : 0,
      skewSeconds: skewMs === null ? null : skewMs / 1_000,
    };
  };
  const read = (of: (seen: Worst) => number | null) => () =>
    [...worst].flatMap(([source, its]): readonly Sample<'source'>[] => {
      const value = of(its);
      return value === null ? [] : [[{ source }, value]];
    });

  scrapedGauge(registry, {
    name: 'warroom_poll_age_seconds',
    // An age from the start on, not a gap: a source that never answered is what most needs an alert.
    help: "Seconds since a source's last successful poll; since the agent's start where none has succeeded.",
    labels: ['source'],
    read: read(({ ageSeconds }) => ageSeconds),
  });
  scrapedGauge(registry, {
    name: 'warroom_poll_duration_seconds',
    help: 'How long the latest poll of a source took.',
    labels: ['source'],
    read: read(({ tookSeconds }) => tookSeconds),
  });
  scrapedGauge(registry, {
    name: 'warroom_source_failing',
    help: 'Whether the latest poll of a source failed, or its latest message could not be read (1), or not (0).',
    labels: ['source'],
    read: read(({ failing }) => failing),
  });
  scrapedGauge(registry, {
    name: 'warroom_source_clock_skew_seconds',
    help: "How far a source's clock is ahead of the agent's; negative where it is behind; missing where it does not tell its time.",
    labels: ['source'],
    read: read(({ skewSeconds }) => skewSeconds),
  });

  return () => {
    const looked = new Map<string, Worst>();
    for (const one of health()) {
      const source = label(one.source);
      looked.set(source, worse(seen(one), looked.get(source)));
    }
    worst = looked;
  };
};

/** Sources that share a label value show the worst of them: none hides behind another. */
const worse = (a: Worst, b: Worst | undefined): Worst =>
  b === undefined
    ? a
    : {
        ageSeconds: highest(a.ageSeconds, b.ageSeconds),
        tookSeconds: highest(a.tookSeconds, b.tookSeconds),
        failing: a.failing === 1 ? 1 : b.failing,
        skewSeconds: furthest(a.skewSeconds, b.skewSeconds),
      };

const highest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

const furthest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null || Math.abs(a) >= Math.abs(b) ? a : b;
