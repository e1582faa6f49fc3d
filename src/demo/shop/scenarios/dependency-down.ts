// Owns the scenario of a service that is gone, and takes its caller with it.
import { MINUTE } from '../../../incident/time.ts';
import type { Scenario } from './scenario.ts';

export const dependencyDown: Scenario = {
  summary: 'inventory is down, and every checkout that asks it fails',
  faults: [{ kind: 'down', service: 'inventory' }],
  relief: 'circuit-breaker of checkout; nothing that is done to inventory',
  endsAfterMs: 6 * MINUTE,
  wantsBaseline: false,
};
