import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/agent/clock.ts';
import { discoverServices } from '../../../src/agent/setup/discover.ts';
import { type Discovery, missingIn } from '../../../src/agent/setup/discovery.ts';
import { servicesYaml } from '../../../src/agent/setup/services-yaml.ts';
import { renderSelector } from '../../../src/agent/sources/selector.ts';
import { OperatorError } from '../../../src/protocol/operator-error.ts';
import { load } from '../config/load.ts';
import { type FakePrometheus, type FakeSeries, series, startFakePrometheus } from './fake-prometheus.ts';

let prometheus: FakePrometheus;
beforeEach(async () => {
  prometheus = await startFakePrometheus();
});
afterEach(() => prometheus.stop());

const discover = (timeoutMs = 2_000): Promise<Discovery> =>
  discoverServices(
    { url: prometheus.url, headers: {}, timeoutMs },
    { clock: systemClock(), stopping: new AbortController().signal },
  );

/** What the agent would watch once it reads what was written. */
const watched = async (discovery: Discovery) => {
  const { watches } = await load({ 'services.yaml': servicesYaml(discovery, '2026-11-22T03:00:00Z') });
  return Object.fromEntries(
    watches.map(({ service, prometheus: watch }) => [
      service,
      watch && [`${watch.serviceLabel}=${watch.labelValue}`, watch.requests, watch.errors, watch.latency],
    ]),
  );
};

const http = (labels: Record<string, string>, rate = 10): readonly FakeSeries[] => [
  series('http_requests_total', { ...labels, status: '200' }, rate),
  series('http_requests_total', { ...labels, status: '500' }, 0),
  series('http_request_duration_seconds_bucket', { ...labels, le: '0.5' }, rate),
  series('http_request_duration_seconds_bucket', { ...labels, le: '+Inf' }, rate),
  series('http_request_duration_seconds_count', labels, rate),
  series('up', { job: labels.job ?? 'x', service: labels.service ?? '' }, 0),
];

describe('discovery', () => {
  it('finds services by their own label, the busiest first, and what is scraped besides', async () => {
    prometheus.series = [
      ...http({ job: 'shop', service: 'payments' }, 3),
      ...http({ job: 'shop', service: 'checkout' }, 30),
      series('promhttp_metric_handler_requests_total', { job: 'node', code: '200' }),
      series('up', { job: 'node' }),
    ];
    const found = await discover();
    expect(found.services.map(({ name, requestsPerSecond }) => [name, requestsPerSecond])).toEqual([
      ['checkout', 30],
      ['payments', 3],
    ]);
    expect(found.bare).toEqual([{ name: 'node', label: 'job', labelValue: 'node' }]);
    expect(found.windowMs).toBe(120_000);
    expect(missingIn(found)).toEqual(['node: no counter of requests found; add requests: and errors:, or checks:']);
    const usual = ['http_requests_total', 'http_requests_total{status=~"5.."}', 'http_request_duration_seconds_bucket'];
    expect(await watched(found)).toEqual({
      checkout: ['service=checkout', ...usual],
      payments: ['service=payments', ...usual],
    });
  });

  it('takes the job where no better label is on nearly all series', async () => {
    prometheus.series = [
      ...http({ job: 'checkout', app: 'a' }),
      ...http({ job: 'checkout' }),
      ...http({ job: 'payments' }),
    ];
    expect(Object.keys(await watched(await discover())).sort()).toEqual(['checkout', 'payments']);
  });

  it('chooses for each service what has traffic, then what tells failures apart, then the more usual name', async () => {
    prometheus.series = [
      series('http_requests_total', { job: 'a', code: '200' }, 0),
      series('rpc_handled_total', { job: 'a', grpc_code: 'OK' }, 5),
      series('rpc_handling_seconds_bucket', { job: 'a', le: '+Inf' }, 5),
      series('http_request_duration_seconds_bucket', { job: 'a', le: '+Inf' }, 0),
      series('b_requests_total', { job: 'b' }, 9),
      series('b_hits_total', { job: 'b', outcome: 'ok' }, 9),
      series('b_hits_total', { job: 'b', outcome: 'failed' }, 9),
    ];
    const found = await watched(await discover());
    expect(found.a?.[1]).toBe('rpc_handled_total');
    expect(found.a?.[3]).toBe('rpc_handling_seconds_bucket');
    expect(found.b?.slice(1)).toEqual(['b_hits_total', 'b_hits_total{outcome=~"failed"}', null]);
  });

  it('says of each service what it did not find, and leaves that switched off', async () => {
    prometheus.series = [series('basket_requests_total', { job: 'basket' }), ...http({ job: 'shop' })];
    const found = await discover();
    expect(missingIn(found)).toEqual([
      'basket: nothing tells failed requests apart; add errors: COUNTER{status=~"5.."} (a counter of failures)',
      'basket: no latency histogram found; add latency: NAME_bucket (a histogram of seconds)',
    ]);
    expect((await watched(found)).basket).toEqual(['job=basket', 'basket_requests_total', null, null]);
    const text = servicesYaml(found, 'now');
    expect(text).toContain('# errors: basket_requests_total{status=~"5.."}\n');
    expect(text).toContain('# latency: my_request_duration_seconds_bucket\n');
  });

  it.each([
    'quotes " and \' and `',
    `\${HOME} {file: /etc/passwd}`,
    '*alias &anchor !!js/function #comment: x',
    'back\\slash "} or vector(1) #',
    '- a: [b, {c}]',
    '\u202eüñ 漢字 🚨',
    'constructor',
    'null',
    '.*',
    ' spaces ',
  ])('a label value of %j comes out as itself and nothing more', async (value) => {
    prometheus.series = [...http({ job: value }), ...http({ job: 'plain' }), series('up', { job: `${value}!` })];
    const found = await watched(await discover());
    expect(Object.values(found).map((its) => its?.[0])).toContain(`job=${value}`);
    expect(Object.keys(found)).toHaveLength(2);
  });

  it.each(['two\nlines', '\u001b]0;title\u0007', 'x'.repeat(600), 'a\r- b', 'a\u2028b'])(
    'a label value of %j, which no configuration takes, is left out and breaks nothing',
    async (value) => {
      prometheus.series = [...http({ job: value }), ...http({ job: 'plain' })];
      expect(Object.keys(await watched(await discover()))).toEqual(['plain']);
    },
  );

  it('a metric with a name beyond letters and digits can be watched', async () => {
    prometheus.series = [series('http.server.requests_total', { job: 'a', code: '200' })];
    const [service] = (await discover()).services;
    expect(service && renderSelector(service.requests)).toBe('{"http.server.requests_total"}');
    expect((await watched(await discover())).a?.[1]).toBe('{"http.server.requests_total"}');
  });

  it('of nothing is a configuration that watches nothing', async () => {
    const found = await discover();
    expect(found.services).toEqual([]);
    expect(await watched(found)).toEqual({});
  });

  it('of five hundred services asks no more questions than of one', async () => {
    prometheus.series = http({ job: 'one' });
    await discover();
    const questions = prometheus.asked.length;
    prometheus.series = Array.from({ length: 600 }, (_, index) => http({ job: `job-${index}` })).flat();
    prometheus.asked.length = 0;
    const found = await discover();
    expect(prometheus.asked).toHaveLength(questions);
    expect(found.services).toHaveLength(500);
    expect(found.notes).toEqual(['100 more services, less busy than these, were left out']);
    expect(Object.keys(await watched(found))).toHaveLength(500);
  });

  it('goes on without a question that Prometheus refuses, and says so', async () => {
    prometheus.series = http({ job: 'a' });
    const error = JSON.stringify({ status: 'error', errorType: 'execution', error: 'too many \u001b[2Jsamples' });
    prometheus.answer = (query) =>
      query.includes('_bucket') ? { status: 422, type: 'application/json', body: error } : null;
    const found = await discover();
    expect(found.services).toMatchObject([{ name: 'a', latency: null }]);
    expect(found.notes).toContain(
      'Prometheus did not say which series have the label job: execution: too many samples',
    );
  });
});

describe('what is no Prometheus', () => {
  const failure = async (timeoutMs?: number): Promise<OperatorError> => {
    const error = await discover(timeoutMs).catch((thrown: unknown) => thrown);
    if (!(error instanceof OperatorError)) throw new Error('no operator error');
    expect(error.code).toBe('no-prometheus');
    expect(error.nextStep).not.toBe('');
    return error;
  };

  it.each<[string, number, string, string, string]>([
    ['a web page', 200, 'text/html', '<html>Grafana</html>', 'is not the API of a Prometheus: not JSON but text/html'],
    ['another JSON', 200, 'application/json', '{"ok":true}', 'is not the API of a Prometheus: JSON'],
    ['a list of JSON', 200, 'application/json', '[]', 'is not the API of a Prometheus: JSON'],
    ['half a JSON', 200, 'application/json', '{"status":"succ', 'not JSON but application/json'],
    ['a login', 401, 'text/plain', 'no', 'asks for a login: HTTP 401'],
    ['a redirect', 302, 'text/plain', '', 'HTTP 302, a redirect'],
    ['a missing page', 404, 'text/plain', '404', 'is not the API of a Prometheus: HTTP 404'],
    [
      'a matrix',
      200,
      'application/json',
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[]}]}}',
      'no instant vector',
    ],
    [
      'words for numbers',
      200,
      'application/json',
      '{"status":"success","data":{"resultType":"scalar","result":[1,"many"]}}',
      'values that are no numbers',
    ],
    [
      'an error',
      503,
      'application/json',
      '{"status":"error","errorType":"unavailable","error":"starting"}',
      'refuses to answer: unavailable: starting',
    ],
  ])('%s says so', async (_name, status, type, body, words) => {
    prometheus.answer = () => ({ status, type, body });
    expect((await failure()).message).toContain(words);
  });

  it('nobody, and silence, say so', async () => {
    prometheus.answer = () => 'hang';
    expect((await failure(50)).message).toContain('no Prometheus answers at');
    await prometheus.stop();
    expect((await failure()).message).toContain('connection refused');
  });
});
