// Owns measuring one poll of 500 services through a real Prometheus, against one single query to the same server.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../src/agent/clock.ts';
import type { ServiceWatch } from '../src/agent/config/config.ts';
import { prometheusSource } from '../src/agent/sources/prometheus.ts';
import { hasPrometheus, type PrometheusServer, startPrometheus } from '../test/support/prometheus-server.ts';
import type { Benchmark, Effort, Outcome } from './benchmark.ts';
import { startChild, whileRunning } from './child.ts';
import { bareQuery, type Question, requestRates, seriesIn } from './limits/bare-query.ts';
import { median, takeTurns, timed } from './measure.ts';

const SERVICES = 500;
const NEVER_AGAIN_MS = 3_600_000;

const watchesOf = (url: string): readonly ServiceWatch[] =>
  Array.from({ length: SERVICES }, (_, index) => {
    const service = `service-${String(index).padStart(4, '0')}`;
    return {
      service,
      scrape: null,
      checks: [],
      prometheus: {
        url,
        headers: {},
        windowMs: 60_000,
        pollEveryMs: NEVER_AGAIN_MS,
        timeoutMs: 10_000,
        staleAfterMs: 30_000,
        serviceLabel: 'service',
        labelValue: service,
        requests: 'http_requests_total',
        errors: 'http_requests_total{status=~"5.."}',
        latency: 'http_request_duration_seconds_bucket',
      },
    };
  });

/** One whole poll: every query, every answer read, a reading for each service. */
const ourPoll = (
  watches: readonly ServiceWatch[],
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<number> =>
  new Promise((resolve, reject) => {
    let known = 0;
    const source = prometheusSource({ watches, clock: systemClock(), fetch });
    const startedAt = performance.now();
    const stop = source.start({
      readings: (readings) => {
        known = readings.filter(({ errorRatio, p95Seconds }) => errorRatio.known && p95Seconds.known).length;
      },
      check: () => undefined,
      polled: ({ error }) => {
        const tookMs = performance.now() - startedAt;
        stop();
        if (error === null && known === SERVICES) resolve(tookMs);
        else reject(new Error(`the poll knows ${known} of ${SERVICES} services: ${error ?? 'no error'}`));
      },
    });
  });

/** What a poll asks, word for word. */
const questionsOf = async (watches: readonly ServiceWatch[]): Promise<readonly Question[]> => {
  const questions: Question[] = [];
  await ourPoll(watches, (input, init) => {
    questions.push({ url: String(input), body: String(init?.body) });
    return globalThis.fetch(input, init);
  });
  return questions;
};

const untilThereAreRates = async (question: Question): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (seriesIn(await bareQuery(question)) === SERVICES) return;
    await sleep(200);
  }
  throw new Error('Prometheus has no rates of the services after 20 s');
};

const measure = async ({ url }: PrometheusServer, { isQuick }: Effort): Promise<Outcome> => {
  const one = requestRates(url);
  await untilThereAreRates(one);
  // More samples in the window, more work for the server: nearer to what it is in a room.
  await sleep(isQuick ? 4_000 : 30_000);
  const watches = watchesOf(url);
  const questions = await questionsOf(watches);
  const { ours, single, same } = await takeTurns(
    {
      ours: () => ourPoll(watches),
      single: () => timed(() => bareQuery(one)),
      same: () => timed(() => Promise.all(questions.map(bareQuery))),
    },
    { turns: isQuick ? 15 : 60, warmUp: 5 },
  );
  const name = `poll of ${SERVICES} services`;
  const alone = await timesAlone(questions);
  return {
    kind: 'measured',
    rows: [
      {
        name,
        ours,
        limit: single,
        against: 'one bare query',
        note: `a poll is ${questions.length} queries; each alone, bare: ${alone}`,
      },
      {
        name: `${name}, same queries`,
        ours,
        limit: same,
        against: `the same ${questions.length} queries, bare`,
        note: 'the same samples of ours',
      },
    ],
  };
};

/** What each question of a poll costs by itself, in words. */
const timesAlone = async (questions: readonly Question[]): Promise<string> => {
  const parts: string[] = [];
  for (const question of questions) {
    const samples: number[] = [];
    for (let turn = 0; turn < 5; turn++) samples.push(await timed(() => bareQuery(question)));
    const query = new URLSearchParams(question.body).get('query') ?? '';
    parts.push(`${query.slice(0, 18)}... ${median(samples).toFixed(0)} ms`);
  }
  return parts.join(', ');
};

export const poll: Benchmark = {
  name: 'poll',
  about: `error ratio, p95 and request rate of ${SERVICES} services from a real Prometheus`,
  run: async (effort) => {
    if (!hasPrometheus())
      return { kind: 'not-run', reason: 'no prometheus binary on the PATH (Debian package: prometheus)' };
    const endpoint = await startChild<{ readonly target: string }>(
      new URL('programs/metrics-endpoint.ts', import.meta.url),
      [`${SERVICES}`],
    );
    return whileRunning(endpoint, async ({ target }) => {
      const prometheus = await startPrometheus({
        scrapeInterval: '2s',
        scrapeConfigs: [{ job: 'bench', targets: [target] }],
      });
      try {
        return await measure(prometheus, effort);
      } finally {
        await prometheus.stop();
      }
    });
  },
};
