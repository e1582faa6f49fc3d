// Owns choosing, from what Prometheus said about its series, the services and the metrics that speak best for each. Pure.
import type { Selector } from '../sources/selector.ts';
import type { BareService, FoundService } from './discovery.ts';
import { failuresOf, latencyNameScore, requestNameScore, SERVICE_LABELS } from './metric-kinds.ts';
import { isConfigurable, serviceNameFor } from './service-name.ts';

/** One metric that may count requests or time them. */
export interface MetricEvidence {
  readonly name: string;
  readonly series: number;
  /** Series by value, for each label that may name a service. */
  readonly byLabel: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface CounterEvidence extends MetricEvidence {
  /** The values of each label that may say how a request ended. */
  readonly statuses: ReadonlyMap<string, readonly string[]>;
}

// A label that is missing on more than a tenth of the series does not name the services of that metric.
const COVERED = 0.9;

/** The label by which the series of a metric belong to services: the most telling one that nearly all of them have. */
export const serviceLabelOf = ({ series, byLabel }: MetricEvidence): string =>
  SERVICE_LABELS.find((label) => total(byLabel.get(label)) >= COVERED * series) ?? 'job';

const total = (values: ReadonlyMap<string, number> | undefined): number =>
  [...(values?.values() ?? [])].reduce((sum, count) => sum + count, 0);

/** Requests per second by metric and service label value. */
export type Rates = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface Evidence {
  readonly counters: readonly CounterEvidence[];
  readonly histograms: readonly MetricEvidence[];
  readonly rates: Rates;
}

/** The services there are, the busiest first, each with the best of its counters and histograms. */
export const chooseServices = ({ counters, histograms, rates }: Evidence): readonly FoundService[] => {
  const candidates = counters.flatMap((counter) => {
    const label = serviceLabelOf(counter);
    return [...(counter.byLabel.get(label) ?? [])].map(([labelValue, series]) =>
      candidate({ counter, label, labelValue, series, rates }),
    );
  });
  const best = [...Map.groupBy(candidates, ({ label, labelValue }) => `${label}\0${labelValue}`).values()]
    .flatMap((rivals) => rivals.toSorted(byMerit).slice(0, 1))
    .filter(({ labelValue }) => isConfigurable(labelValue))
    .toSorted((a, b) => (b.rate ?? -1) - (a.rate ?? -1) || (a.labelValue < b.labelValue ? -1 : 1));
  const taken = new Set<string>();
  return onePerService(best).map(({ counter, label, labelValue, series, rate, errors }): FoundService => {
    const name = serviceNameFor(labelValue, taken);
    taken.add(name);
    const latency = bestHistogram(counter.name, { label, labelValue, histograms, rates });
    const requests = plain(counter.name);
    return { name, label, labelValue, series, requestsPerSecond: rate, requests, errors, latency };
  });
};

interface Candidate {
  readonly counter: CounterEvidence;
  readonly label: string;
  readonly labelValue: string;
  readonly series: number;
  readonly rate: number | null;
  readonly errors: Selector | null;
  readonly merit: number;
}

const candidate = (
  given: Pick<Candidate, 'counter' | 'label' | 'labelValue' | 'series'> & Pick<Evidence, 'rates'>,
): Candidate => {
  const { counter, labelValue, rates } = given;
  const rate = rates.get(counter.name)?.get(labelValue) ?? null;
  const errors = errorsOf(counter);
  const merit = (rate !== null && rate > 0 ? 8 : 0) + (errors === null ? 0 : 4) + requestNameScore(counter.name);
  return { ...given, rate, errors, merit };
};

const byMerit = (a: Candidate, b: Candidate): number =>
  b.merit - a.merit ||
  (b.rate ?? 0) - (a.rate ?? 0) ||
  b.series - a.series ||
  (a.counter.name < b.counter.name ? -1 : 1);

/** The same word under two labels, such as `job` and `app`, is one service: the better metric decides. */
const onePerService = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const winners = new Map<string, Candidate>();
  for (const one of candidates) {
    const rival = winners.get(one.labelValue);
    if (rival === undefined || byMerit(one, rival) < 0) winners.set(one.labelValue, one);
  }
  return candidates.filter((one) => winners.get(one.labelValue) === one);
};

const errorsOf = ({ name, statuses }: CounterEvidence): Selector | null => {
  for (const [label, values] of statuses) {
    const failures = failuresOf(label, values);
    if (failures !== null) return { name, matchers: [failures] };
  }
  return null;
};

const bestHistogram = (
  counter: string,
  its: Pick<Candidate, 'label' | 'labelValue'> & Pick<Evidence, 'histograms' | 'rates'>,
): Selector | null => {
  const { label, labelValue, histograms, rates } = its;
  const rateOf = (name: string): number => rates.get(name)?.get(labelValue) ?? 0;
  const [best] = histograms
    .filter(({ byLabel }) => (byLabel.get(label)?.get(labelValue) ?? 0) > 0)
    .map(({ name }) => ({ name, merit: latencyNameScore(name, counter) + (rateOf(name) > 0 ? 4 : 0) }))
    .toSorted((a, b) => b.merit - a.merit || rateOf(b.name) - rateOf(a.name) || (a.name < b.name ? -1 : 1));
  return best === undefined ? null : plain(best.name);
};

const plain = (name: string): Selector => ({ name, matchers: [] });

/** Targets that are scraped and belong to no found service. `jobs` are those whose series count requests under another label. */
export const bareServices = (
  targets: readonly { readonly label: string; readonly labelValue: string; readonly job: string }[],
  found: { readonly services: readonly FoundService[]; readonly jobs: ReadonlySet<string> },
): readonly BareService[] => {
  const taken = new Set(found.services.map(({ name }) => name));
  const known = new Set(found.services.map(({ labelValue }) => labelValue));
  const bare: BareService[] = [];
  for (const { label, labelValue, job } of targets) {
    if (known.has(labelValue) || found.jobs.has(job) || !isConfigurable(labelValue)) continue;
    known.add(labelValue);
    const name = serviceNameFor(labelValue, taken);
    taken.add(name);
    bare.push({ name, label, labelValue });
  }
  return bare;
};
