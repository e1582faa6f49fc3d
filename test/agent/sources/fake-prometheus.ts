// Owns a server that speaks Prometheus's query API and answers each of our four queries as a test says, faults included.
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

export type QueryKind = 'requests' | 'errorRatio' | 'p95' | 'freshness';

/** A value by label value, or what stands in the place of an answer. */
export type FakeAnswer =
  | { readonly values: Readonly<Record<string, string>>; readonly warnings?: readonly string[] }
  | { readonly status: number; readonly contentType?: string; readonly body: string }
  | 'hang'
  | 'reset';

export interface FakePrometheus extends LoopbackServer {
  answers: Record<QueryKind, FakeAnswer>;
  readonly asked: {
    readonly kind: QueryKind;
    readonly query: string;
    readonly form: URLSearchParams;
    readonly method: string;
  }[];
  readonly headers: Record<string, string | string[] | undefined>[];
}

export const EVALUATED_AT_SECONDS = 1_795_000_000;

/** Label value to number, all fresh: what a healthy Prometheus says about one service. */
export const healthyAnswers = (service = 'checkout'): Record<QueryKind, FakeAnswer> => ({
  requests: { values: { [service]: '20' } },
  errorRatio: { values: { [service]: '0.4' } },
  p95: { values: { [service]: '0.25' } },
  freshness: { values: { [service]: `${EVALUATED_AT_SECONDS - 5}` } },
});

export const startFakePrometheus = async (serviceLabel = 'service'): Promise<FakePrometheus> => {
  const asked: FakePrometheus['asked'] = [];
  const headers: FakePrometheus['headers'] = [];
  const server = await startLoopbackServer((request, response, body) => {
    const form = new URLSearchParams(body);
    const query = form.get('query') ?? '';
    const kind = kindOf(query);
    asked.push({ kind, query, form, method: `${request.method} ${request.url}` });
    headers.push(request.headers);
    const answer = fake.answers[kind];
    if (answer === 'hang') return;
    if (answer === 'reset') request.socket.resetAndDestroy();
    else if ('status' in answer) {
      response.writeHead(answer.status, { 'content-type': answer.contentType ?? 'application/json' }).end(answer.body);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(vector(answer, serviceLabel)));
    }
  });
  const fake: FakePrometheus = { ...server, asked, headers, answers: healthyAnswers() };
  return fake;
};

const vector = ({ values, warnings }: Extract<FakeAnswer, { values: unknown }>, label: string) => ({
  status: 'success',
  ...(warnings && { warnings }),
  data: {
    resultType: 'vector',
    result: Object.entries(values).map(([service, value]) => ({
      metric: { [label]: service },
      value: [EVALUATED_AT_SECONDS, value],
    })),
  },
});

const kindOf = (query: string): QueryKind => {
  if (query.startsWith('histogram_quantile')) return 'p95';
  if (query.startsWith('max by')) return 'freshness';
  return query.includes(' / ') ? 'errorRatio' : 'requests';
};
