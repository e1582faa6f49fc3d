// Owns a Prometheus of a few made-up series, for questions that count, rate and list them: a small part of PromQL, spoken over HTTP.
import { parseSelector } from '../../../src/agent/sources/selector.ts';
import { compileFilter, type Labels } from '../../../src/agent/sources/series-filter.ts';
import { type LoopbackServer, startLoopbackServer } from '../sources/loopback-server.ts';

export interface FakeSeries {
  readonly labels: Labels & { readonly __name__: string };
  readonly rate: number;
}

export interface FakePrometheus extends LoopbackServer {
  readonly url: string;
  readonly asked: string[];
  series: readonly FakeSeries[];
  /** Answers a question in another way; null for the usual one. */
  answer: (query: string) => { readonly status: number; readonly type: string; readonly body: string } | 'hang' | null;
  nowSeconds: () => number;
}

export const series = (name: string, labels: Labels, rate = 1): FakeSeries => ({
  labels: { ...labels, __name__: name },
  rate,
});

const AGGREGATION = /^(count|sum) by \(([^)]*)\) \((?:rate\()?(.*?)(?:\[\w+\]\))?\)$/s;

export const startFakePrometheus = async (...given: readonly FakeSeries[]): Promise<FakePrometheus> => {
  const asked: string[] = [];
  const server = await startLoopbackServer((request, response, body) => {
    const query = new URLSearchParams(body).get('query') ?? '';
    asked.push(query);
    const other = fake.answer(query);
    if (other === 'hang') return;
    if (other !== null) response.writeHead(other.status, { 'content-type': other.type }).end(other.body);
    else if (request.url !== '/api/v1/query') response.writeHead(404).end('404 page not found');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(resultOf(query, fake)));
  });
  const fake: FakePrometheus = {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    asked,
    series: given,
    answer: () => null,
    nowSeconds: () => Date.now() / 1_000,
  };
  return fake;
};

const resultOf = (query: string, { series: all, nowSeconds }: FakePrometheus) => {
  const at = nowSeconds();
  const vector = (samples: readonly { readonly metric: Labels; readonly value: number }[]) => ({
    status: 'success',
    data: {
      resultType: 'vector',
      result: samples.map(({ metric, value }) => ({ metric, value: [at, String(value)] })),
    },
  });
  if (query === 'time()') return { status: 'success', data: { resultType: 'scalar', result: [at, String(at)] } };
  if (query.startsWith('min(count_over_time(')) return vector([{ metric: {}, value: 20 }]);
  const [, how, by = '', written = ''] = AGGREGATION.exec(query) ?? [];
  const parsed = parseSelector(written);
  if (!parsed.ok) return { status: 'error', errorType: 'bad_data', error: `expected ${parsed.expected} in ${query}` };
  const compiled = compileFilter(parsed.selector);
  if (!compiled.ok) return { status: 'error', errorType: 'bad_data', error: compiled.expected };
  const labels = by.split(', ');
  const matching = all.filter((one) => compiled.filter(one.labels.__name__, one.labels));
  const groups = Map.groupBy(matching, (one) =>
    JSON.stringify(labels.map((label) => [label, one.labels[label] ?? ''])),
  );
  return vector(
    [...groups].map(([key, its]) => ({
      metric: Object.fromEntries((JSON.parse(key) as [string, string][]).filter(([, value]) => value !== '')),
      value: how === 'count' ? its.length : its.reduce((sum, one) => sum + one.rate, 0),
    })),
  );
};
