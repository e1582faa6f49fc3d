// Owns which version each instance runs, and which versions are broken. A scenario is a release that went wrong.
import type { ServiceName, ServiceSpec } from './service-specs.ts';

export const SCENARIOS = ['bad-deploy'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** `previous` while the service is rolled back. */
export type ReleaseTarget = 'current' | 'previous';

interface RollingDeploy {
  readonly service: ServiceName;
  readonly version: string;
  /** The deploy is stuck: only these instances run the new version. */
  readonly instanceNumbers: readonly number[];
}

const DEPLOYS: Readonly<Record<Scenario, RollingDeploy>> = {
  'bad-deploy': { service: 'checkout', version: '2026.11.22-3', instanceNumbers: [4, 5] },
};

export interface Release {
  readonly scenario: Scenario | null;
  readonly target: ReleaseTarget;
}

/** The version that instance number `instanceNumber` (1 is the oldest) runs. */
export const versionOf = (spec: ServiceSpec, instanceNumber: number, release: Release): string => {
  const deploy = release.scenario === null ? null : DEPLOYS[release.scenario];
  if (deploy === null || deploy.service !== spec.name) return spec.versions[release.target];
  // While a deploy rolls, the version before it is the one that was current until then.
  const reached = release.target === 'current' && deploy.instanceNumbers.includes(instanceNumber);
  return reached ? deploy.version : spec.versions.current;
};

export const isFaulty = (service: ServiceName, version: string): boolean =>
  Object.values(DEPLOYS).some((deploy) => deploy.service === service && deploy.version === version);
