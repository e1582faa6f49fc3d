import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/agent/clock.ts';
import type { ServiceWatch } from '../../../src/agent/config/config.ts';
import { prometheusSource } from '../../../src/agent/sources/prometheus.ts';
import type { UnknownReason } from '../../../src/incident/signals.ts';
import { EVERYTHING, payloadIn, steering } from '../../support/hostile-texts.ts';
import {
  EVALUATED_AT_SECONDS,
  type FakeAnswer,
  type FakePrometheus,
  healthyAnswers,
  type QueryKind,
  startFakePrometheus,
} from './fake-prometheus.ts';
import { recordingListener } from './recording-listener.ts';
import { prometheusWatch, serviceWatch } from './watches.ts';

let server: FakePrometheus;
let stop: () => void = () => undefined;

beforeEach(async () => {
  server = await startFakePrometheus();
});
afterEach(async () => {
  stop();
  stop = () => undefined;
  await server.stop();
});

const watching = (parts: Parameters<typeof prometheusWatch>[0] = {}): ServiceWatch[] => [
  serviceWatch('checkout', { prometheus: prometheusWatch({ url: server.url, ...parts }) }),
];

const pollOnce = async (watches: readonly ServiceWatch[] = watching()) => {
  const listener = recordingListener();
  stop = prometheusSource({ watches, clock: systemClock() }).start(listener);
  await listener.polledTimes(1);
  stop();
  return listener;
};

/** Numbers for known readings, reasons for unknown ones. */
const read = async (answers: Partial<Record<QueryKind, FakeAnswer>>, watches?: readonly ServiceWatch[]) => {
  server.answers = { ...server.answers, ...answers };
  const listener = await pollOnce(watches);
  const { requestsPerSecond, errorRatio, p95Seconds } = listener.last('checkout')!;
  const shown = [requestsPerSecond, errorRatio, p95Seconds].map((each) => (each.known ? each.value : each.why));
  return { shown, error: listener.polls[0]!.error };
};

describe('a Prometheus source', () => {
  it('reads rate, error ratio and p95 of a service', async () => {
    expect(await read({})).toEqual({ shown: [20, 0.4, 0.25], error: null });
  });

  it('knows from every answer how far the clock of Prometheus is off, and nothing from an empty one', async () => {
    const before = Date.now();
    const listener = await pollOnce();
    const skewMs = listener.polls[0]?.skewMs ?? Number.NaN;
    // It said a moment of its own; ours lay between question and answer.
    const itsNow = EVALUATED_AT_SECONDS * 1_000;
    expect(itsNow - skewMs).toBeGreaterThanOrEqual(before);
    expect(itsNow - skewMs).toBeLessThanOrEqual(Date.now());
    const none: FakeAnswer = { values: {} };
    server.answers = { requests: none, errorRatio: none, p95: none, freshness: none };
    expect((await pollOnce()).polls[0]?.skewMs).toBeNull();
  });

  it.each([
    [
      'in an error',
      { status: 422, body: JSON.stringify({ status: 'error', errorType: EVERYTHING, error: EVERYTHING }) },
    ],
    [
      'in the value of a label, and in place of a number',
      { values: { [EVERYTHING]: EVERYTHING, checkout: EVERYTHING } },
    ],
    ['instead of JSON', { status: 200, body: EVERYTHING }],
  ])('makes words of what is hostile %s', async (_, answer) => {
    const { shown, error } = await read({ requests: answer });
    expect(shown[0]).toBe('bad-answer');
    expect(error).not.toBeNull();
    expect(steering(error ?? '')).toBeNull();
    expect(payloadIn(error ?? '')).toBeNull();
  });

  it('tells what is wrong without the headers that it sent, also where an answer repeats them', async () => {
    const login = Buffer.from('scraper:hunter22').toString('base64');
    const body = JSON.stringify({
      status: 'error',
      errorType: 'execution',
      error: `${'.'.repeat(260)} ${login} hunter22`,
    });
    const watches = watching({ headers: { Authorization: `Basic ${login}` } });
    const { error } = await read({ requests: { status: 422, body } }, watches);
    expect(error).toMatch(/^requests: execution: \.+ \*/);
    expect(error).not.toMatch(/hunter|c2Nye/);
  });

  const values = (value: string): FakeAnswer => ({ values: { checkout: value } });
  const none: FakeAnswer = { values: {} };
  const error = (status: number, errorType: string): FakeAnswer => ({
    status,
    body: JSON.stringify({ status: 'error', errorType, error: 'query failed' }),
  });
  const html: FakeAnswer = { status: 200, contentType: 'text/html', body: '<html>log in</html>' };
  const warned: FakeAnswer = { values: { checkout: '20' }, warnings: ['a store is down'] };
  const old = values(`${EVALUATED_AT_SECONDS - 31}`);
  const all = (answer: FakeAnswer) => ({ requests: answer, errorRatio: answer, p95: answer, freshness: answer });

  type Shown = readonly [number | UnknownReason, number | UnknownReason, number | UnknownReason];
  const table: readonly (readonly [string, Partial<Record<QueryKind, FakeAnswer>>, Shown])[] = [
    ['a clean service', { errorRatio: values('0') }, [20, 0, 0.25]],
    ['a ratio that extrapolation lifts above 1', { errorRatio: values('1.004') }, [20, 1, 0.25]],
    ['an idle service', { requests: values('0'), errorRatio: none, p95: values('NaN') }, [0, 'idle', 'idle']],
    ['a service nobody knows', all(none), ['missing', 'missing', 'missing']],
    [
      'a service with one sample so far',
      { requests: none, errorRatio: none, p95: none },
      ['not-yet-measured', 'not-yet-measured', 'not-yet-measured'],
    ],
    ['a service without a histogram', { p95: none }, [20, 0.4, 'missing']],
    [
      'NaN',
      { requests: values('NaN'), errorRatio: values('NaN'), p95: values('NaN') },
      ['not-a-number', 'not-a-number', 'not-a-number'],
    ],
    [
      '+Inf',
      { requests: values('+Inf'), errorRatio: values('-Inf'), p95: values('+Inf') },
      ['not-a-number', 'not-a-number', 'not-a-number'],
    ],
    ['small numbers in exponents', { errorRatio: values('1e-05') }, [20, 0.00001, 0.25]],
    ['samples older than allowed', { freshness: old }, ['stale', 'stale', 'stale']],
    ['samples just young enough', { freshness: values(`${EVALUATED_AT_SECONDS - 30}`) }, [20, 0.4, 0.25]],
    ['rates of a target that vanished', { freshness: none }, ['stale', 'stale', 'stale']],
    ['a freshness that is no number', { freshness: values('NaN') }, ['stale', 'stale', 'stale']],
    ['warnings on the rate', { requests: warned }, ['partial', 'partial', 0.25]],
    ['warnings on the freshness', { freshness: warned }, ['partial', 'partial', 'partial']],
    ['HTTP 500 for everything', all({ status: 500, body: 'no' }), ['bad-answer', 'bad-answer', 'bad-answer']],
    ['HTTP 500 for the rate only', { requests: { status: 500, body: 'no' } }, ['bad-answer', 'partial', 0.25]],
    ['HTTP 500 for the ratio only', { errorRatio: { status: 500, body: 'no' } }, [20, 'bad-answer', 0.25]],
    [
      'HTTP 500 for half of the queries',
      { errorRatio: { status: 500, body: '' }, freshness: { status: 500, body: '' } },
      ['partial', 'bad-answer', 'partial'],
    ],
    ['a query Prometheus refuses', { p95: error(422, 'execution') }, [20, 0.4, 'bad-answer']],
    ['a query Prometheus gives up', { p95: error(503, 'timeout') }, [20, 0.4, 'timeout']],
    ['a login page', all(html), ['bad-answer', 'bad-answer', 'bad-answer']],
    ['a redirect', all({ status: 302, body: '' }), ['bad-answer', 'bad-answer', 'bad-answer']],
    [
      'another result type',
      { p95: { status: 200, body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' } },
      [20, 0.4, 'bad-answer'],
    ],
    ['a value that is no number', { p95: values('fast') }, [20, 0.4, 'bad-answer']],
    ['a connection that breaks', all('reset'), ['unreachable', 'unreachable', 'unreachable']],
  ];
  it.each(table)('reads %s', async (_, answers, shown) => {
    expect((await read(answers)).shown).toEqual(shown);
  });

  it('says timeout when a query hangs, and what does not hang is partial at most', async () => {
    const { shown, error } = await read({ requests: 'hang' }, watching({ timeoutMs: 60 }));
    expect(shown).toEqual(['timeout', 'partial', 0.25]);
    expect(error).toBe('requests: timeout after 0.06 s');
  });

  it('says unreachable when nobody listens', async () => {
    const watches = watching();
    await server.stop();
    const { shown, error } = await read({}, watches);
    expect(shown).toEqual(['unreachable', 'unreachable', 'unreachable']);
    expect(error).toBe('requests: connection refused');
  });

  it('keeps terminal escapes of an answer out of its error', async () => {
    const body = JSON.stringify({ status: 'error', errorType: 'execution', error: 'a\u001b[31mred\u0007' });
    expect((await read({ requests: { status: 422, body } })).error).toBe('requests: execution: ared');
  });

  it('says which signals are not configured', async () => {
    const { shown } = await read({}, watching({ pollEveryMs: 60_000, errors: null, latency: null }));
    expect(shown).toEqual([20, 'not-configured', 'not-configured']);
    expect(server.asked.map(({ kind }) => kind).sort()).toEqual(['freshness', 'requests']);
    expect((await read({}, watching({ requests: null }))).shown).toEqual(['not-configured', 'not-configured', 0.25]);
  });

  it('asks each signal once for all services, by POST, with headers, timeout and no time of its own', async () => {
    const services = Array.from({ length: 50 }, (_, index) => `service-${index}`);
    const shared = { url: server.url, pollEveryMs: 60_000, headers: { authorization: 'Bearer x' } };
    const listener = await pollOnce(
      services.map((service) =>
        serviceWatch(service, { prometheus: prometheusWatch({ ...shared, labelValue: service }) }),
      ),
    );
    expect(server.asked.map(({ kind }) => kind).sort()).toEqual(['errorRatio', 'freshness', 'p95', 'requests']);
    expect(listener.told.map(({ service }) => service)).toEqual(services);
    for (const [index, { method, form, query }] of server.asked.entries()) {
      expect(method).toBe('POST /api/v1/query');
      expect([...form.keys()].sort()).toEqual(['query', 'timeout']);
      expect(server.headers[index]!.authorization).toBe('Bearer x');
      expect(query).toContain('service-0|service-1|');
    }
  });

  it('asks apart for services with another selector, window or label', async () => {
    const watch = prometheusWatch({ url: server.url, pollEveryMs: 60_000 });
    const listener = recordingListener();
    const differing = [
      watch,
      { ...watch, windowMs: 1_000 },
      { ...watch, requests: 'hits' },
      { ...watch, serviceLabel: 'app' },
    ];
    const watches = differing.map((prometheus, index) => serviceWatch(`s${index}`, { prometheus }));
    stop = prometheusSource({ watches, clock: systemClock() }).start(listener);
    await listener.polledTimes(4);
    expect(new Set(listener.polls.map(({ source }) => source)).size).toBe(4);
  });

  it('writes PromQL that narrows the selectors of the team to the services of the group', async () => {
    await pollOnce([
      serviceWatch('a', { prometheus: prometheusWatch({ url: server.url, labelValue: 'a.b"c' }) }),
      serviceWatch('d', { prometheus: prometheusWatch({ url: server.url, labelValue: 'd' }) }),
    ]);
    const only = 'service=~"a\\\\.b\\"c|d"';
    const requests = `sum by (service) (rate(http_requests_total{${only}}[60000ms]))`;
    const errors = `sum by (service) (rate(http_requests_total{status=~"5..",${only}}[60000ms]))`;
    expect(Object.fromEntries(server.asked.map(({ kind, query }) => [kind, query]))).toEqual({
      requests,
      errorRatio: `(${errors} or 0 * ${requests}) / (${requests} > 0)`,
      p95: `histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket{${only}}[60000ms])))`,
      freshness: `max by (service) (timestamp(http_requests_total{${only}}))`,
    });
  });

  it('tells every service of the group a reading when the poll fails', async () => {
    server.answers = all({ status: 500, body: '' });
    const listener = await pollOnce(
      ['a', 'b', 'c'].map((service) =>
        serviceWatch(service, { prometheus: prometheusWatch({ url: server.url, labelValue: service }) }),
      ),
    );
    expect(listener.told.map(({ service }) => service)).toEqual(['a', 'b', 'c']);
  });

  it('never polls twice at a time, and comes back when answers do', async () => {
    server.answers = { ...healthyAnswers(), requests: 'hang' };
    const listener = recordingListener();
    let inFlight = 0;
    let mostInFlight = 0;
    const counting: typeof fetch = async (...call) => {
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      return fetch(...call).finally(() => {
        inFlight -= 1;
      });
    };
    const watches = watching({ pollEveryMs: 10, timeoutMs: 120 });
    stop = prometheusSource({ watches, clock: systemClock(), fetch: counting }).start(listener);
    await listener.polledTimes(1);
    server.answers = healthyAnswers();
    await listener.polledTimes(5);
    expect(mostInFlight).toBe(4);
    expect(listener.last('checkout')!.errorRatio).toEqual({ known: true, value: 0.4 });
  });

  it('tells nothing after it was stopped', async () => {
    server.answers = { ...healthyAnswers(), p95: 'hang' };
    const listener = recordingListener();
    stop = prometheusSource({ watches: watching({ timeoutMs: 50 }), clock: systemClock() }).start(listener);
    stop();
    const other = recordingListener();
    stop = prometheusSource({ watches: watching({ timeoutMs: 50 }), clock: systemClock() }).start(other);
    await other.polledTimes(2);
    expect(listener.told).toEqual([]);
    expect(listener.polls).toEqual([]);
  });

  it('refuses a selector that it cannot read, naming service and place', () => {
    const watches = watching({ errors: 'rate(errors[1m])' });
    expect(() => prometheusSource({ watches, clock: systemClock() })).toThrow(
      'checkout: expected "{" or the end at character 5 of rate(errors[1m])',
    );
  });
});
