// Owns the curve of one service on the wall: the recent error ratios, the limit, and when containment changed.
import type { RoomView } from '../../client/room-client.ts';
import { own } from '../../incident/own.ts';
import type { Incident } from '../../incident/state.ts';
import { MINUTE, toEpochMs } from '../../incident/time.ts';

export interface ChartModel {
  readonly service: string;
  /** How long the curve is. */
  readonly minutes: number;
  /** The worst percentage of each stretch, oldest first, up to now; null where unknown. */
  readonly percentages: readonly (number | null)[];
  /** Stretches, as indexes into `percentages`, in which a containment was applied or undone. */
  readonly marks: readonly number[];
  readonly limitPercent: number | null;
  /** What the height stands for. */
  readonly topPercent: number;
}

/** Stretches stand still on the clock, so that the curve moves only when one is full. */
export const STRETCHES = 120;
/** A young incident is looked at more closely. */
const CLOSE_MINUTES = 12;
const FAR_MINUTES = 30;
const YOUNG_MS = 10 * MINUTE;

const TOPS = [5, 10, 20, 50, 100] as const;

export const chartModel = (
  view: RoomView,
  incident: Incident,
  moment: { readonly service: string; readonly now: number },
): ChartModel => {
  const { service, now } = moment;
  const minutes = now - toEpochMs(incident.declaredAt) < YOUNG_MS ? CLOSE_MINUTES : FAR_MINUTES;
  const stretchOf = (ms: number): number => Math.floor((ms * STRETCHES) / (minutes * MINUTE));
  const backOf = (at: string): number => stretchOf(now) - stretchOf(toEpochMs(at));
  const percentages = percentagesOf(view, service, backOf);
  const ratio = own(view.policy.services, service)?.errorRatioLimit ?? null;
  const limitPercent = ratio === null ? null : ratio * 100;
  const highest = Math.max(2 * (limitPercent ?? 0), ...percentages.map((percentage) => percentage ?? 0));
  return {
    service,
    minutes,
    percentages,
    marks: marksOf(incident, service, backOf),
    limitPercent,
    topPercent: TOPS.find((top) => top >= highest) ?? 100,
  };
};

/** Stretches from the newest back to a moment. */
type BackOf = (at: string) => number;

const percentagesOf = (view: RoomView, service: string, backOf: BackOf): readonly (number | null)[] => {
  const points = own(view.history, service) ?? [];
  const worst: (number | null)[] = Array.from({ length: STRETCHES }, () => null);
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index];
    if (point === undefined) continue;
    const back = backOf(point.at);
    if (back >= STRETCHES) break;
    if (back < 0 || point.errorRatio === null || !Number.isFinite(point.errorRatio)) continue;
    const at = STRETCHES - 1 - back;
    worst[at] = Math.max(worst[at] ?? 0, Math.min(100, point.errorRatio * 100));
  }
  return worst;
};

const marksOf = (incident: Incident, service: string, backOf: BackOf): readonly number[] => {
  const marks = Object.values(incident.actions)
    .filter((action) => action.service === service)
    .flatMap(({ state }) => (state.name === 'applied' || state.name === 'undone' ? [state.at] : []))
    .map((at) => STRETCHES - 1 - Math.max(0, backOf(at)))
    .filter((at) => at >= 0);
  return [...new Set(marks)];
};
