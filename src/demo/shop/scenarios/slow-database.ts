// Owns the scenario of a database that gets slow under the load of its callers, whose queues then build up. No version is to blame.
import { MINUTE, SECOND } from '../../../incident/time.ts';
import type { Scenario } from './scenario.ts';

export const slowDatabase: Scenario = {
  summary: "the catalog's database gets slow, and search queues up for it",
  faults: [{ kind: 'contention', service: 'catalog', peak: 0.5, growsForMs: 20 * SECOND }],
  relief: 'circuit-breaker of search or catalog, maintenance of search',
  endsAfterMs: 12 * MINUTE,
  wantsBaseline: true,
};
