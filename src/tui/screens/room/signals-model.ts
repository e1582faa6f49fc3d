// Owns the signals of services as plain words and numbers: errors, their recent past, limits, checks. Unknown keeps its reason.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import type { CheckReading, Reading, UnknownReason } from '../../../incident/signals.ts';
import type { Incident } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { age, percent, perSecond, seconds } from '../../format.ts';

export interface ServiceLine extends Errors {
  readonly service: string;
  /** Error ratios of equal stretches of time, oldest first, up to now; null where unknown. */
  readonly past: readonly (number | null)[];
  /** Stretches in which containment changed, counted back from the newest in `past`. */
  readonly marks: readonly number[];
  readonly limitRatio: number | null;
  readonly limit: string;
  readonly p95: string;
  readonly rate: string;
}

export interface CheckWord {
  readonly label: string;
  readonly state: CheckReading['state'];
  readonly words: string;
}

/** One column of the curve. Columns stand still on the clock, so that a curve moves only when one is full. */
const STRETCH_MS = 5_000;
const LONGEST_PAST = 60;

export const unknownWords: Readonly<Record<UnknownReason, string>> = {
  'not-configured': 'not configured',
  'not-yet-measured': 'not measured',
  missing: 'no series',
  'not-a-number': 'not a number',
  stale: 'old numbers',
  partial: 'partial answer',
  unreachable: 'unreachable',
  timeout: 'timeout',
  'bad-answer': 'bad answer',
  idle: 'idle',
};

interface Moment {
  readonly now: number;
  readonly incident: Incident | null;
}

export interface Errors {
  /** `41 %`, or `unknown`. */
  readonly errors: string;
  readonly unknownReason: string | null;
  readonly isAboveLimit: boolean;
}

/** How a service fails now, beside its limit. */
export const errorsOf = (view: RoomView, service: string): Errors => {
  const errorRatio: Reading = own(view.signals, service)?.reading.errorRatio ?? {
    known: false,
    why: 'not-yet-measured',
  };
  const limit = limitOf(view, service);
  return {
    errors: errorRatio.known ? percent(errorRatio.value) : 'unknown',
    unknownReason: errorRatio.known ? null : unknownWords[errorRatio.why],
    isAboveLimit: errorRatio.known && limit !== null && errorRatio.value >= limit,
  };
};

const limitOf = (view: RoomView, service: string): number | null =>
  own(view.policy.services, service)?.errorRatioLimit ?? null;

export const serviceLine = (view: RoomView, service: string, { now, incident }: Moment): ServiceLine => {
  const reading = own(view.signals, service)?.reading ?? null;
  const limit = limitOf(view, service);
  const { past, newest } = pastOf(view, service, now);
  return {
    service,
    ...errorsOf(view, service),
    past,
    marks: incident === null ? [] : marksOf(incident, service, newest),
    limitRatio: limit,
    limit: limit === null ? 'no limit' : `limit ${percent(limit)}`,
    p95: reading?.p95Seconds.known ? seconds(reading.p95Seconds.value) : 'unknown',
    rate: reading?.requestsPerSecond.known ? perSecond(reading.requestsPerSecond.value) : 'unknown',
  };
};

const stretchOf = (ms: number): number => Math.floor(ms / STRETCH_MS);

interface Past {
  readonly past: readonly (number | null)[];
  /** The stretch of its last column. */
  readonly newest: number;
}

const pastOf = (view: RoomView, service: string, now: number): Past => {
  const points = own(view.history, service) ?? [];
  const newest = stretchOf(now);
  const past: (number | null)[] = Array.from({ length: LONGEST_PAST }, () => null);
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index];
    if (point === undefined) continue;
    const back = newest - stretchOf(toEpochMs(point.at));
    if (back >= LONGEST_PAST) break;
    if (back < 0 || point.errorRatio === null) continue;
    const column = LONGEST_PAST - 1 - back;
    past[column] = Math.max(past[column] ?? 0, point.errorRatio);
  }
  // The newest stretch may have no point yet: the curve does not flicker for it.
  if (past[LONGEST_PAST - 1] !== null) return { past, newest };
  return { past: past.slice(0, -1), newest: newest - 1 };
};

/** A change in a stretch without a column yet stands at the edge, where its column will be. */
const marksOf = (incident: Incident, service: string, newest: number): readonly number[] =>
  Object.values(incident.actions)
    .filter((action) => action.service === service)
    .flatMap(({ state }) =>
      state.name === 'applied' || state.name === 'undone' ? [Math.max(0, newest - stretchOf(toEpochMs(state.at)))] : [],
    );

/** Failing ones first. Labels carry the service where several services are shown. */
export const checkWords = (view: RoomView, services: readonly string[], now: number): readonly CheckWord[] => {
  const order = { down: 0, unknown: 1, up: 2 } as const;
  return services
    .flatMap((service) =>
      (own(view.signals, service)?.checks ?? []).map((check) =>
        checkWord(check, { now, several: services.length > 1 }),
      ),
    )
    .sort((a, b) => order[a.state] - order[b.state]);
};

const checkWord = (
  check: CheckReading,
  { now, several }: { readonly now: number; readonly several: boolean },
): CheckWord => {
  const label = several ? `${check.service}/${check.name}` : check.name;
  if (check.state === 'up') return { label, state: 'up', words: 'ok' };
  if (check.state === 'unknown') return { label, state: 'unknown', words: 'unknown' };
  const detail = check.detail === '' ? '' : `: ${check.detail}`;
  return { label, state: 'down', words: `FAILS ${age(now - toEpochMs(check.since))}${detail}` };
};
