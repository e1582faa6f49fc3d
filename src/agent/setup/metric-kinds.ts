// Owns what the names and labels of metrics say about them: which may count requests, how they tell failures, which measure time. Pure.
import { anyOf, type Matcher } from '../sources/selector.ts';

/** Labels that may name a service, the most telling first; `job` is on every series. */
export const SERVICE_LABELS = [
  'service',
  'app',
  'app_kubernetes_io_name',
  'application',
  'service_name',
  'k8s_app',
  'component',
  'job',
] as const;

/** Labels that may say how a request ended. */
export const STATUS_LABELS = [
  'status',
  'code',
  'status_code',
  'http_status',
  'http_status_code',
  'http_response_status_code',
  'response_code',
  'grpc_code',
  'outcome',
  'result',
] as const;

const REQUEST_WORDS = 'request|http|rpc|hits|calls|handled|served';

/** PromQL patterns, anchored by Prometheus itself. */
export const REQUEST_NAMES = `.*(${REQUEST_WORDS}).*(_total|_count)`;
export const DURATION_NAMES = '.*(duration|latency|seconds|time|took).*_bucket';

// What exporters, runtimes and Prometheus itself count about their own inner life, and requests that somebody else serves.
const NOISE = [
  'promhttp_',
  'go_',
  'process_',
  'scrape_',
  'net_conntrack_',
  'nodejs_',
  'python_',
  'jvm_',
  'container_',
  'kube_',
  'rest_client_',
  'workqueue_',
  'prometheus_(?!http_)',
  'alertmanager_(?!http_)',
  'grafana_(?!http_)',
];
const IS_NOISE = new RegExp(`^(?:${NOISE.join('|')})|_client_|_(?:bytes|size)(?:_|$)|_created$`);

export const mayCountRequests = (name: string): boolean => !IS_NOISE.test(name);

/** A histogram of seconds: p95 is shown in seconds, so one of milliseconds would be wrong by a thousand. */
export const mayMeasureLatency = (name: string): boolean =>
  !IS_NOISE.test(name) && !/(?:milliseconds|millis|microseconds|_ms)_bucket$/.test(name);

/** How much a name speaks for being the requests that customers make. */
export const requestNameScore = (name: string): number => {
  if (name === 'http_requests_total') return 3;
  if (/(?:^|_)http_(?:server_)?requests?(?:_|$)/.test(name)) return 2;
  return /requests?|handled/.test(name) ? 1 : 0;
};

/** How much a histogram speaks for measuring the very requests that `counter` counts. */
export const latencyNameScore = (histogram: string, counter: string): number => {
  const words = new Set(wordsOf(counter));
  const shared = wordsOf(histogram).filter((word) => words.has(word)).length;
  const isOfRequests = new RegExp(REQUEST_WORDS).test(histogram) ? 2 : 0;
  return shared + isOfRequests + (/(?:duration|latency)/.test(histogram) ? 1 : 0);
};

const wordsOf = (name: string): readonly string[] =>
  name
    .split('_')
    .filter((word) => !['total', 'count', 'bucket', 'seconds'].includes(word))
    .map((word) => word.replace(/s$/, ''));

const GRPC_FAILURES = ['Unknown', 'DeadlineExceeded', 'Unimplemented', 'Internal', 'Unavailable', 'DataLoss'];
const FAILURE_WORD = /^(?:(?:server_)?error|errors|fail|failed|failure|exception|timeout)$/i;
const SUCCESS_WORD = /^(?:ok|success|succeeded|successful)$/i;

/** Which values of a status label are failures of the service; null when the values do not look like outcomes of requests. */
export const failuresOf = (label: string, values: readonly string[]): Matcher | null => {
  const seen = values.filter((value) => value !== '');
  const all = (pattern: RegExp): boolean => seen.length > 0 && seen.every((value) => pattern.test(value));
  if (all(/^[0-9]{3}$/)) return { label, operator: '=~', value: '5..' };
  if (all(/^[0-9]xx$/)) return { label, operator: '=', value: '5xx' };
  if (all(/^[0-9]XX$/)) return { label, operator: '=', value: '5XX' };
  if (label === 'grpc_code' || (seen.includes('OK') && seen.some((value) => GRPC_FAILURES.includes(value))))
    return anyOf(label, GRPC_FAILURES);
  const failures = seen.filter((value) => FAILURE_WORD.test(value));
  return failures.length > 0 && seen.some((value) => SUCCESS_WORD.test(value)) ? anyOf(label, failures) : null;
};
