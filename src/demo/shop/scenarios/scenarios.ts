// Owns the list of scenarios.
import { badDeploy } from './bad-deploy.ts';
import { dependencyDown } from './dependency-down.ts';
import type { Scenario } from './scenario.ts';
import { slowDatabase } from './slow-database.ts';

export const SCENARIO_NAMES = ['bad-deploy', 'slow-database', 'dependency-down'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  'bad-deploy': badDeploy,
  'slow-database': slowDatabase,
  'dependency-down': dependencyDown,
};
