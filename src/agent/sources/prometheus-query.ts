// Owns the PromQL we ask: one query per signal for all services of a group, never one per service.
import { anyOf, renderLabel, renderSelector, type Selector, withMatcher } from './selector.ts';

export type QueryName = 'requests' | 'errorRatio' | 'p95' | 'freshness';

export interface QueryPlan {
  readonly serviceLabel: string;
  readonly labelValues: readonly string[];
  readonly windowMs: number;
  readonly requests: Selector | null;
  readonly errors: Selector | null;
  readonly latency: Selector | null;
}

/** PromQL by name; a query that the configured selectors do not allow is left out. */
export const promqlQueries = (plan: QueryPlan): ReadonlyMap<QueryName, string> => {
  const label = renderLabel(plan.serviceLabel);
  const ofServices = (selector: Selector): string =>
    renderSelector(withMatcher(selector, anyOf(plan.serviceLabel, plan.labelValues)));
  const rate = (selector: Selector): string => `rate(${ofServices(selector)}[${plan.windowMs}ms])`;
  const total = (selector: Selector): string => `sum by (${label}) (${rate(selector)})`;

  const queries = new Map<QueryName, string>();
  const { requests, errors, latency } = plan;
  if (requests !== null) queries.set('requests', total(requests));
  // A service that never failed has no error series: it is clean, not unknown. An idle one would be 0/0 and is left out.
  if (requests !== null && errors !== null) {
    queries.set('errorRatio', `(${total(errors)} or 0 * ${total(requests)}) / (${total(requests)} > 0)`);
  }
  if (latency !== null) {
    queries.set('p95', `histogram_quantile(0.95, sum by (${label}, le) (${rate(latency)}))`);
  }
  const witness = requests ?? latency;
  if (witness !== null) queries.set('freshness', `max by (${label}) (timestamp(${ofServices(witness)}))`);
  return queries;
};
