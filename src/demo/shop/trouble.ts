// Owns what a scenario that has begun does to a service by now.
import type { Fault } from './scenarios/scenario.ts';
import { SCENARIOS, type ScenarioName } from './scenarios/scenarios.ts';
import type { ServiceName } from './service-specs.ts';

/** A scenario that has begun. */
export interface Trouble {
  readonly scenario: ScenarioName;
  /** Shop time since then. */
  readonly elapsedMs: number;
}

/** How many times longer each running query makes the next one; 0 where the database is well. */
export const contentionOf = (service: ServiceName, trouble: Trouble | null): number => {
  const fault = faultOf('contention', service, trouble);
  return fault === null || trouble === null ? 0 : fault.peak * Math.min(1, trouble.elapsedMs / fault.growsForMs);
};

export const isDown = (service: ServiceName, trouble: Trouble | null): boolean =>
  faultOf('down', service, trouble) !== null;

type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

/** What of that kind the scenario does to the service. */
export const faultOf = <Kind extends Fault['kind']>(
  kind: Kind,
  service: ServiceName,
  trouble: Pick<Trouble, 'scenario'> | null,
): FaultOf<Kind> | null => {
  const faults = trouble === null ? [] : SCENARIOS[trouble.scenario].faults;
  return faults.find((fault): fault is FaultOf<Kind> => fault.kind === kind && fault.service === service) ?? null;
};
