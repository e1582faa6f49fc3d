// Owns which version each instance runs, and which versions are broken.
import { SCENARIO_NAMES, type ScenarioName } from './scenarios/scenarios.ts';
import type { ServiceName, ServiceSpec } from './service-specs.ts';
import { faultOf } from './trouble.ts';

/** `previous` while the service is rolled back. */
export type ReleaseTarget = 'current' | 'previous';

export interface Release {
  readonly scenario: ScenarioName | null;
  readonly target: ReleaseTarget;
}

/** The version that instance number `instanceNumber` (1 is the oldest) runs. */
export const versionOf = (spec: ServiceSpec, instanceNumber: number, { scenario, target }: Release): string => {
  const deploy = scenario === null ? null : faultOf('deploy', spec.name, { scenario });
  if (deploy === null) return spec.versions[target];
  // While a deploy rolls, the version before it is the one that was current until then.
  const reached = target === 'current' && deploy.instanceNumbers.includes(instanceNumber);
  return reached ? deploy.version : spec.versions.current;
};

export const isFaulty = (service: ServiceName, version: string): boolean =>
  SCENARIO_NAMES.some((scenario) => faultOf('deploy', service, { scenario })?.version === version);
