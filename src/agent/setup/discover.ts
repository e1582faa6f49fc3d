// Owns asking a Prometheus which services there are and by which metrics they can be watched: few questions, each bounded.
import { HOUR, MINUTE, SECOND } from '../../incident/time.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { Asking } from '../sources/ask.ts';
import { anyOf, renderLabel, renderSelector, type Selector, withMatcher } from '../sources/selector.ts';
import {
  bareServices,
  type CounterEvidence,
  chooseServices,
  type MetricEvidence,
  serviceLabelOf,
} from './choose-signals.ts';
import type { Discovery } from './discovery.ts';
import { inTurns } from './in-turns.ts';
import {
  DURATION_NAMES,
  mayCountRequests,
  mayMeasureLatency,
  REQUEST_NAMES,
  SERVICE_LABELS,
  STATUS_LABELS,
} from './metric-kinds.ts';
import { type PrometheusDoor, queryPrometheus, type Sample, type Told } from './prometheus-api.ts';

const MOST_METRICS = 40;
const MOST_SERVICES = 500;
const RATE_WINDOW = '5m';
const AT_ONCE = 4;

/** What can be watched there. Throws `no-prometheus` when what answers at that address, or does not, is no Prometheus. */
export const discoverServices = async (door: PrometheusDoor, asking: Asking): Promise<Discovery> => {
  const proof = await queryPrometheus(door, 'time()', asking);
  if (!proof.ok) throw notThere(door.url, proof);
  const notes: string[] = [];
  const askFor: Question = async (what, query) => {
    const told = await queryPrometheus(door, query, asking);
    if (told.ok) return told.value;
    notes.push(`Prometheus did not say ${what}: ${told.detail}`);
    return [];
  };
  const counters = await findCounters(askFor);
  if (counters.left > 0) notes.push(`${counters.left} more metrics look like counters of requests and were left aside`);
  const labels = [...new Set(counters.metrics.map(serviceLabelOf))];
  const histograms = await findHistograms(askFor, labels);
  const rates = await ratesOf(askFor, [
    ...counters.metrics.map((metric) => ({ metric, label: serviceLabelOf(metric), only: [] })),
    ...histograms.flatMap((metric) =>
      labels.filter((label) => metric.byLabel.has(label)).map((label) => ({ metric, label, only: [WHOLE] })),
    ),
  ]);
  const services = chooseServices({ counters: counters.metrics, histograms, rates });
  if (services.length > MOST_SERVICES)
    notes.push(`${services.length - MOST_SERVICES} more services, less busy than these, were left out`);
  const jobs = new Set(counters.metrics.flatMap(({ byLabel }) => [...(byLabel.get('job')?.keys() ?? [])]));
  const kept = services.slice(0, MOST_SERVICES);
  const targets = await findTargets(askFor, labels[0] ?? 'job');
  const bare = bareServices(targets, { services, jobs });
  return { url: door.url, windowMs: await windowFor(askFor), services: kept, bare, notes };
};

type Question = (what: string, query: string) => Promise<readonly Sample[]>;

const WHOLE = { label: 'le', operator: '=', value: '+Inf' } as const;

const named = (pattern: string): Selector => ({
  name: null,
  matchers: [{ label: '__name__', operator: '=~', value: pattern }],
});
const present = (selector: Selector, label: string): Selector =>
  withMatcher(selector, { label, operator: '!=', value: '' });
const anyNamed = (names: readonly string[]): Selector => ({ name: null, matchers: [anyOf('__name__', names)] });
const countBy = (labels: readonly string[], selector: Selector): string =>
  `count by (${labels.map(renderLabel).join(', ')}) (${renderSelector(selector)})`;

const findCounters = async (
  askFor: Question,
): Promise<{ readonly metrics: readonly CounterEvidence[]; readonly left: number }> => {
  const counted = await askFor('which counters of requests it has', countBy(['__name__'], named(REQUEST_NAMES)));
  const found = counted
    .map(({ labels, value }) => ({ name: labels.__name__ ?? '', series: value }))
    .filter(({ name }) => name !== '' && mayCountRequests(name))
    .toSorted((a, b) => b.series - a.series);
  const kept = found.slice(0, MOST_METRICS);
  const names = kept.map(({ name }) => name);
  if (names.length === 0) return { metrics: [], left: 0 };
  const [byLabel, statuses] = await Promise.all([
    seriesByLabel(askFor, SERVICE_LABELS, anyNamed(names)),
    valuesByLabel(askFor, STATUS_LABELS, anyNamed(names)),
  ]);
  return {
    metrics: kept.map((metric) => ({
      ...metric,
      byLabel: byLabel.get(metric.name) ?? new Map(),
      statuses: statuses.get(metric.name) ?? new Map(),
    })),
    left: found.length - kept.length,
  };
};

const findHistograms = async (askFor: Question, labels: readonly string[]): Promise<readonly MetricEvidence[]> => {
  const whole = withMatcher(named(DURATION_NAMES), WHOLE);
  const byLabel = await seriesByLabel(askFor, labels, whole);
  return [...byLabel]
    .filter(([name]) => mayMeasureLatency(name))
    .map(([name, its]) => ({ name, series: Math.max(...[...its.values()].map((values) => values.size)), byLabel: its }))
    .slice(0, MOST_METRICS);
};

type ByMetric<Value> = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/** Series by metric, label and value. */
const seriesByLabel = async (
  askFor: Question,
  labels: readonly string[],
  selector: Selector,
): Promise<ByMetric<ReadonlyMap<string, number>>> => {
  const answers = await inTurns(labels, AT_ONCE, async (label) => ({
    label,
    samples: await askFor(
      `which series have the label ${label}`,
      countBy(['__name__', label], present(selector, label)),
    ),
  }));
  const byMetric = new Map<string, Map<string, Map<string, number>>>();
  for (const { label, samples } of answers) {
    for (const { labels: its, value } of samples) {
      const { __name__: name = '', [label]: labelValue = '' } = its;
      const ofMetric = byMetric.get(name) ?? new Map<string, Map<string, number>>();
      byMetric.set(name, ofMetric);
      const ofLabel = ofMetric.get(label) ?? new Map<string, number>();
      ofMetric.set(label, ofLabel);
      ofLabel.set(labelValue, value);
    }
  }
  return byMetric;
};

const valuesByLabel = async (
  askFor: Question,
  labels: readonly string[],
  selector: Selector,
): Promise<ByMetric<readonly string[]>> => {
  const series = await seriesByLabel(askFor, labels, selector);
  return new Map(
    [...series].map(([name, byLabel]) => [
      name,
      new Map([...byLabel].map(([label, values]) => [label, [...values.keys()]])),
    ]),
  );
};

interface Rated {
  readonly metric: MetricEvidence;
  readonly label: string;
  readonly only: Selector['matchers'];
}

const ratesOf = async (
  askFor: Question,
  rated: readonly Rated[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> => {
  const answers = await inTurns(rated, AT_ONCE, async ({ metric: { name }, label, only }) => {
    const selector = renderSelector(present({ name, matchers: only }, label));
    const query = `sum by (${renderLabel(label)}) (rate(${selector}[${RATE_WINDOW}]))`;
    return { name, label, samples: await askFor(`the rate of ${name}`, query) };
  });
  const rates = new Map<string, Map<string, number>>();
  for (const { name, label, samples } of answers) {
    const ofMetric = rates.get(name) ?? new Map<string, number>();
    rates.set(name, ofMetric);
    for (const { labels, value } of samples) ofMetric.set(labels[label] ?? '', value);
  }
  return rates;
};

const findTargets = async (askFor: Question, label: string) => {
  const targets = await askFor(
    'which targets it scrapes',
    countBy([...new Set(['job', label])], { name: 'up', matchers: [] }),
  );
  return targets.map(({ labels: { job = '', [label]: value = '' } }) =>
    value === '' ? { label: 'job', labelValue: job, job } : { label, labelValue: value, job },
  );
};

/** A rate needs some scrapes in its window, also those of the target that is scraped least often. */
const windowFor = async (askFor: Question): Promise<number> => {
  const [scrapes] = await askFor('how often it scrapes', 'min(count_over_time(up[10m]) and up offset 10m)');
  const everyMs = scrapes === undefined || !(scrapes.value > 0) ? 0 : (10 * MINUTE) / scrapes.value;
  const needed = Math.ceil((4 * everyMs) / (30 * SECOND)) * 30 * SECOND;
  return Math.min(Math.max(needed, MINUTE), HOUR);
};

const notThere = (url: string, { why, detail }: Extract<Told<never>, { ok: false }>): OperatorError => {
  switch (why) {
    case 'no-answer':
      return noPrometheus(
        `no Prometheus answers at ${url}: ${detail}`,
        'give its address: warroom init --prometheus http://HOST:9090',
      );
    case 'no-prometheus':
      return noPrometheus(
        `what answers at ${url} is not the API of a Prometheus: ${detail}`,
        'give the address under which /api/v1/query answers, with its path if it has one: warroom init --prometheus http://HOST:9090/PATH',
      );
    case 'login':
      return noPrometheus(
        `the Prometheus at ${url} asks for a login: ${detail}`,
        'write services.yaml by hand from the shipped example, with `headers:` under `prometheus:`, or give an address inside of the login',
      );
    case 'refused':
      return noPrometheus(`the Prometheus at ${url} refuses to answer: ${detail}`, 'see its own log for why');
    default:
      return why satisfies never;
  }
};

const noPrometheus = (message: string, nextStep: string): OperatorError =>
  new OperatorError('no-prometheus', message, nextStep);
