// Owns what the chart of a service shows: its recent past, its limit, what happened meanwhile, its checks, its links, its neighbours.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import type { CheckState } from '../../../incident/signals.ts';
import { MINUTE, toEpochMs } from '../../../incident/time.ts';
import { age } from '../../format.ts';
import { type LinkLine, linksOf } from '../room/link-model.ts';
import { errorsOf, type ServiceLine, serviceLine } from '../room/signals-model.ts';
import { type SilenceLine, silenceOf } from '../room/silence-model.ts';
import type { ScreenMoment } from '../screen.ts';
import { servicesListed } from '../services/view-model.ts';
import { moment } from '../time-words.ts';
import { type Mark, marksOf } from './marks.ts';
import type { Point } from './stretches.ts';

export interface CheckLine {
  readonly name: string;
  readonly state: CheckState;
  readonly since: string;
  readonly detail: string;
}

export interface Neighbour {
  readonly service: string;
  readonly errors: string;
  readonly isAboveLimit: boolean;
  readonly isUnknown: boolean;
}

export interface SignalsModel {
  readonly line: ServiceLine;
  /** Oldest first. */
  readonly points: readonly Point[];
  readonly now: number;
  readonly marks: readonly Mark[];
  readonly checks: readonly CheckLine[];
  readonly silence: SilenceLine | null;
  readonly links: readonly LinkLine[];
  readonly standsOn: readonly Neighbour[];
  readonly neededBy: readonly Neighbour[];
}

/** The one asked for, else the first of the shown incident, else the one most in trouble. */
export const subjectOf = (on: ScreenMoment): string | null =>
  on.subject ?? servicesListed({ ...on, filter: '' })[0] ?? null;

export const isKnownService = (view: RoomView, service: string): boolean =>
  own(view.policy.services, service) !== undefined || own(view.signals, service) !== undefined;

const WITHOUT_PAST_MS = 5 * MINUTE;

export const signalsModel = (view: RoomView, service: string, now: number): SignalsModel => {
  const points = (own(view.history, service) ?? []).map(
    ({ at, errorRatio, p95Seconds, requestsPerSecond }): Point => ({
      atMs: toEpochMs(at),
      errorRatio,
      p95Seconds,
      requestsPerSecond,
    }),
  );
  const neighbour = (name: string): Neighbour => {
    const { errors, isAboveLimit, unknownReason } = errorsOf(view, name);
    return { service: name, errors, isAboveLimit, isUnknown: unknownReason !== null };
  };
  return {
    line: serviceLine(view, service, { now, incident: null }),
    points,
    now,
    marks: marksOf(view.room, service, points[0]?.atMs ?? now - WITHOUT_PAST_MS),
    checks: checkLines(view, service, now),
    silence: silenceOf(view, service, now),
    links: linksOf(view, [service]),
    standsOn: (own(view.policy.services, service)?.dependsOn ?? []).map(neighbour),
    neededBy: Object.entries(view.policy.services)
      .filter(([, card]) => card.dependsOn.includes(service))
      .map(([name]) => neighbour(name)),
  };
};

const order: Readonly<Record<CheckState, number>> = { down: 0, unknown: 1, up: 2 };

const checkLines = (view: RoomView, service: string, now: number): readonly CheckLine[] =>
  (own(view.signals, service)?.checks ?? [])
    .toSorted((a, b) => order[a.state] - order[b.state])
    .map(({ name, state, since, detail }) => ({
      name,
      state,
      // An age moves by itself: only what fails is worth that.
      since: `since ${moment(since, now)}${state === 'down' ? `, ${age(now - toEpochMs(since))}` : ''}`,
      detail,
    }));
