// Owns the agent's own numbers: one registry for one agent, and the text that Prometheus reads.
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Commit } from '../../incident/commit.ts';
import type { Room } from '../../incident/state.ts';
import { type Timestamp, toEpochMs } from '../../incident/time.ts';
import type { SourceHealth } from '../signals/signal-board.ts';
import { commitMetrics } from './commit-metrics.ts';
import { boundedLabel } from './label-value.ts';
import { registerRoomGauges } from './room-gauges.ts';
import { scrapedGauge, scrapedNumber } from './scraped-gauge.ts';
import { registerSourceGauges } from './source-gauges.ts';

export interface MetricsParts {
  /** The room as it is committed. */
  readonly room: () => Room;
  readonly health: () => readonly SourceHealth[];
  readonly clients: () => number;
  /** How far the clock is off that is furthest off among those of the clients; null where there is none. */
  readonly clientSkewMs: () => number | null;
  readonly writable: () => boolean;
  /** The agent's clock, epoch ms. */
  readonly now: () => number;
  readonly version: string;
  readonly startedAt: Timestamp;
}

export interface Metrics {
  /** For each commit as it becomes durable, never for replayed ones; `room` is as it is after the commit. */
  observeCommit(commit: Commit, room: Room): void;
  /** How long an append took to be durable or to fail, in milliseconds. */
  observeAppend(tookMs: number): void;
  /** Alerts that a source sent, whatever became of them. */
  observeAlerts(source: string, count: number): void;
  /** A token that nobody knows, or one that was not looked at after too many of those. */
  observeFailedLogin(outcome: 'wrong' | 'not-checked'): void;
  /** The exposition, with everything that follows from state read now. */
  text(): Promise<string>;
  readonly contentType: string;
}

// 0.1 ms to 5 s.
const APPEND_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

// Measured: the usual 10 ms costs an idle agent 0.8 % of a core, 100 ms costs 0.1 %.
const EVENT_LOOP_LOOK_MS = 100;

export const createMetrics = (parts: MetricsParts): Metrics => {
  const registry = new Registry();
  registerAgentGauges(registry, parts);
  registerRoomGauges(registry, parts.room);
  const lookAtSources = registerSourceGauges(registry, { ...parts, startedAtMs: toEpochMs(parts.startedAt) });
  const observeCommit = commitMetrics(registry);
  const appends = new Histogram({
    name: 'warroom_append_duration_seconds',
    help: 'How long an append to the log took, until it was durable or had failed.',
    buckets: APPEND_BUCKETS,
    registers: [registry],
  });
  const alerts = new Counter({
    name: 'warroom_alerts_total',
    help: 'Alerts received, repeats and all clears included, by source.',
    labelNames: ['source'] as const,
    registers: [registry],
  });
  const failedLogins = new Counter({
    name: 'warroom_failed_logins_total',
    help: 'Tokens that let nobody in: wrong ones, and those not looked at after too many wrong ones.',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  for (const outcome of ['wrong', 'not-checked']) failedLogins.inc({ outcome }, 0);
  const alertSource = boundedLabel();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });

  return {
    observeCommit,
    observeAppend: (tookMs) => {
      if (tookMs >= 0 && Number.isFinite(tookMs)) appends.observe(tookMs / 1_000);
    },
    observeAlerts: (source, count) => {
      if (count >= 0 && Number.isFinite(count)) alerts.inc({ source: alertSource(source) }, count);
    },
    observeFailedLogin: (outcome) => failedLogins.inc({ outcome }),
    text: async () => {
      lookAtSources();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
};

const registerAgentGauges = (
  registry: Registry,
  { clients, clientSkewMs, writable, version, startedAt }: MetricsParts,
): void => {
  scrapedGauge(registry, {
    name: 'warroom_build_info',
    help: 'Always 1; its label is the version of the agent.',
    labels: ['version'],
    read: () => [[{ version }, 1]],
  });
  scrapedNumber(registry, 'warroom_start_time_seconds', {
    help: 'When the agent started, by its own clock, in seconds since the epoch.',
    read: () => toEpochMs(startedAt) / 1_000,
  });
  scrapedNumber(registry, 'warroom_clients', {
    help: 'Rooms and commands that are connected.',
    read: clients,
  });
  scrapedNumber(registry, 'warroom_client_clock_skew_seconds', {
    help: "How far the clock that is furthest off among those of the clients is ahead of the agent's; negative where it is behind.",
    read: () => (clientSkewMs() ?? 0) / 1_000,
  });
  scrapedNumber(registry, 'warroom_log_writable', {
    help: 'Whether the log takes writes (1), or the agent is read-only (0).',
    read: () => (writable() ? 1 : 0),
  });
};
