// Owns what a demo plays: which scenario, how fast, and how long all is well before it.
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './shop/scenarios/scenarios.ts';
import type { ShopAddress } from './shop/shop-address.ts';
import type { Story } from './shop/start-shop.ts';

export interface WantedStory {
  /** Null: that of the shop that is still there, else the first. */
  readonly scenario: ScenarioName | null;
  /** Seconds of shop and agent in a real one, 1 to 60. Null: that of the shop that is still there, else 1. */
  readonly speed: number | null;
}

type Playing = Pick<ShopAddress, 'scenario' | 'speed'>;

/** Real seconds: long enough to see what calm looks like. */
const CALM_SECONDS = 8;
/** What the room needs to know what is normal, in its own time, and how long anybody waits for that, in real time. */
const BASELINE_SECONDS = 16 * 60;
const PATIENCE_SECONDS = 60;

export const storyOf = ({ scenario, speed }: WantedStory): Story => {
  const played = { scenario: scenario ?? SCENARIO_NAMES[0], speed: speed ?? 1 };
  return { ...played, faultAfterSeconds: calmSeconds(played.scenario, played.speed) };
};

/** Whether what is still playing is what is wanted: who asks for nothing goes on with what is there. */
export const goesOn = (wanted: WantedStory, playing: Playing): boolean =>
  (wanted.scenario ?? playing.scenario) === playing.scenario && (wanted.speed ?? playing.speed) === playing.speed;

/** One line for the log. */
export const storyWords = ({ scenario, speed, wasFound }: Playing & { readonly wasFound: boolean }): string => {
  const what = scenario === null ? 'nothing goes wrong by itself' : `${scenario}: ${SCENARIOS[scenario].summary}`;
  const when = scenario === null || wasFound ? '' : `, in ${Math.round(calmSeconds(scenario, speed) / speed)} s`;
  return `${what}${when}${speed === 1 ? '' : `; time runs ${speed} times as fast`}`;
};

/** Shop time before the fault. */
const calmSeconds = (scenario: ScenarioName, speed: number): number =>
  SCENARIOS[scenario].wantsBaseline && BASELINE_SECONDS <= PATIENCE_SECONDS * speed
    ? Math.max(BASELINE_SECONDS, CALM_SECONDS * speed)
    : CALM_SECONDS * speed;
