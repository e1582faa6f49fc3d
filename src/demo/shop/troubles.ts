// Owns which scenario is on in the shop, since when, and its end.
import type { Clock } from '../../agent/clock.ts';
import { SCENARIOS, type ScenarioName } from './scenarios/scenarios.ts';
import type { Trouble } from './trouble.ts';

export interface Troubles {
  readonly trouble: () => Trouble | null;
  readonly setScenario: (scenario: ScenarioName | null) => void;
}

/** At most one scenario at a time, each until it is taken away, another comes, or its own end. */
export const createTroubles = (clock: Clock): Troubles => {
  let begun: { readonly scenario: ScenarioName; readonly atMs: number } | null = null;
  let callOffEnd = (): void => undefined;
  const setScenario = (scenario: ScenarioName | null): void => {
    callOffEnd();
    begun = scenario === null ? null : { scenario, atMs: clock.elapsedMs() };
    const endsAfterMs = scenario === null ? null : SCENARIOS[scenario].endsAfterMs;
    callOffEnd = endsAfterMs === null ? () => undefined : clock.after(endsAfterMs, () => setScenario(null));
  };
  return {
    trouble: () => (begun === null ? null : { scenario: begun.scenario, elapsedMs: clock.elapsedMs() - begun.atMs }),
    setScenario,
  };
};
