// Owns the shape of what was found in a Prometheus: services with their evidence, and what is missing of each.
import type { Selector } from '../sources/selector.ts';

export interface Discovery {
  readonly url: string;
  /** Over how long rates are taken, for how often it scrapes. */
  readonly windowMs: number;
  /** With requests to count, the busiest first. */
  readonly services: readonly FoundService[];
  /** Scraped, and nothing there that counts requests. */
  readonly bare: readonly BareService[];
  /** What could not be asked, or was left aside, in whole sentences. */
  readonly notes: readonly string[];
}

export interface FoundService {
  readonly name: string;
  readonly label: string;
  readonly labelValue: string;
  readonly requests: Selector;
  readonly series: number;
  /** Null where Prometheus gave no rate. */
  readonly requestsPerSecond: number | null;
  /** Null: nothing tells failures apart. */
  readonly errors: Selector | null;
  readonly latency: Selector | null;
}

export interface BareService {
  readonly name: string;
  readonly label: string;
  readonly labelValue: string;
}

/** What a person has to fill in, one sentence for each signal of each service. */
export const missingIn = ({ services, bare }: Discovery): readonly string[] => [
  ...services.flatMap(({ name, errors, latency }) => [
    ...(errors === null
      ? [`${name}: nothing tells failed requests apart; add errors: COUNTER{status=~"5.."} (a counter of failures)`]
      : []),
    ...(latency === null
      ? [`${name}: no latency histogram found; add latency: NAME_bucket (a histogram of seconds)`]
      : []),
  ]),
  ...bare.map(({ name }) => `${name}: no counter of requests found; add requests: and errors:, or checks:`),
];
