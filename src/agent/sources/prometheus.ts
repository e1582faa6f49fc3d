// Owns watching services through Prometheus servers: services that ask alike are asked for together, in one query per signal.

import { SECOND, toTimestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { PrometheusWatch, ServiceWatch } from '../config/config.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { ask } from './ask.ts';
import { type Asked, clockAheadMs } from './clock-ahead.ts';
import { startAll } from './poll-loop.ts';
import { type QueryAnswer, readVector } from './prometheus-answer.ts';
import { promqlQueries, type QueryName } from './prometheus-query.ts';
import { readService } from './prometheus-reading.ts';
import { readableSelector } from './readable-selector.ts';
import type { Source, SourceListener } from './source.ts';

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface PrometheusSourceOptions {
  readonly watches: readonly ServiceWatch[];
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
}

/** All services with a Prometheus watch; throws OperatorError `bad-config` on a selector that cannot be read. */
export const prometheusSource = ({ watches, clock, fetch }: PrometheusSourceOptions): Source => {
  const groups = groupsOf(watches).map((group, index, all) => prepare(group, all.length === 1 ? '' : ` ${index + 1}`));
  return {
    name: 'prometheus',
    start: (listener) =>
      startAll(
        groups.map((group) => ({
          clock,
          everyMs: group.watch.pollEveryMs,
          poll: (stopping) => pollGroup(group, listener, { clock, stopping, ...(fetch && { fetch }) }),
        })),
      ),
  };
};

interface Member {
  readonly service: string;
  readonly watch: PrometheusWatch;
}

interface Group {
  readonly source: string;
  /** What all members share: address, rhythm, window and selectors. */
  readonly watch: PrometheusWatch;
  readonly members: readonly Member[];
  readonly queries: ReadonlyMap<QueryName, string>;
}

const groupsOf = (watches: readonly ServiceWatch[]): readonly (readonly Member[])[] => {
  const members = watches.flatMap(({ service, prometheus }) =>
    prometheus === null ? [] : [{ service, watch: prometheus }],
  );
  return [...Map.groupBy(members, ({ watch }) => sharedPart(watch)).values()];
};

const sharedPart = ({ labelValue: _, staleAfterMs: __, ...shared }: PrometheusWatch): string =>
  JSON.stringify({ ...shared, headers: Object.entries(shared.headers).sort() }, Object.keys(shared).sort());

const prepare = (members: readonly Member[], suffix: string): Group => {
  const [first] = members;
  if (first === undefined) throw new Error('a group has members');
  const { service, watch } = first;
  return {
    source: `prometheus${suffix}`,
    watch,
    members,
    queries: promqlQueries({
      serviceLabel: watch.serviceLabel,
      labelValues: [...new Set(members.map((member) => member.watch.labelValue))],
      windowMs: watch.windowMs,
      requests: readableSelector(service, watch.requests),
      errors: readableSelector(service, watch.errors),
      latency: readableSelector(service, watch.latency),
    }),
  };
};

const pollGroup = async (group: Group, listener: SourceListener, asking: Parameters<typeof ask>[1]): Promise<void> => {
  const { clock, stopping } = asking;
  const startedAt = clock.now();
  const answers = new Map(
    await Promise.all(
      [...group.queries].map(async ([name, query]) => [name, await askPrometheus(group.watch, query, asking)] as const),
    ),
  );
  if (stopping.aborted) return;
  const at = toTimestamp(clock.now());
  listener.readings(
    group.members.map(({ service, watch: { labelValue, staleAfterMs } }) =>
      readService(answers, { service, labelValue, staleAfterMs, at }),
    ),
  );
  const troubles = [...answers].map(([name, answer]) => troubleOf(name, answer)).filter((trouble) => trouble !== null);
  // What stands between may repeat in its answer what it was sent.
  const secrets = Object.values(group.watch.headers);
  const error = troubles[0] === undefined ? null : withoutSecrets(troubles[0], secrets, 300);
  const answeredAt = clock.now();
  const skewMs = clock.rate === 1 ? skewIn(answers, { askedAtMs: startedAt, answeredAtMs: answeredAt }) : null;
  listener.polled({ source: group.source, tookMs: answeredAt - startedAt, error, skewMs });
};

/** Every sample carries what `time()` would answer, so nothing more is asked; null where there is no sample. */
const skewIn = (answers: ReadonlyMap<QueryName, QueryAnswer>, asked: Asked): number | null => {
  for (const answer of answers.values()) {
    const [sample] = answer.ok ? answer.samples.values() : [];
    if (sample !== undefined) return clockAheadMs(sample.evaluatedAtSeconds * SECOND, asked);
  }
  return null;
};

const troubleOf = (name: QueryName, answer: QueryAnswer): string | null => {
  if (!answer.ok) return `${name}: ${answer.detail}`;
  return answer.warning === null ? null : `${name}: incomplete: ${answer.warning}`;
};

const askPrometheus = async (
  watch: PrometheusWatch,
  query: string,
  asking: Parameters<typeof ask>[1],
): Promise<QueryAnswer> => {
  const question = {
    url: `${watch.url.replace(/\/+$/, '')}/api/v1/query`,
    method: 'POST',
    headers: { ...watch.headers, accept: 'application/json' },
    // No `time`: Prometheus evaluates at its own now, and says in the answer when that was.
    form: { query, timeout: `${watch.timeoutMs}ms` },
    timeoutMs: watch.timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
    longer: 'refused',
  } as const;
  return readVector(await ask(question, asking), watch.serviceLabel);
};
