// Owns the scenario of a release that fails two requests in five, stuck halfway through its rollout.
import type { Scenario } from './scenario.ts';

export const badDeploy: Scenario = {
  summary: 'a release of checkout fails on two of its five instances',
  faults: [{ kind: 'deploy', service: 'checkout', version: '2026.11.22-3', instanceNumbers: [4, 5] }],
  relief: 'rollback, isolate, scale-down of checkout; almost its circuit-breaker',
  endsAfterMs: null,
  wantsBaseline: false,
};
