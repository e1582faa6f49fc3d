// Owns the signals of services as plain words and numbers: errors, their recent past, limits, checks. Unknown keeps its reason.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import {
  type CheckReading,
  type Reading,
  type ServiceReading,
  type Signals,
  type UnknownReason,
  unknown,
} from '../../../incident/signals.ts';
import type { Incident } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import type { SignalPoint } from '../../../protocol/messages.ts';
import { age, percent, perSecond, seconds } from '../../format.ts';
import { remembered, rememberedWith } from '../../remembered.ts';

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
export const STRETCH_MS = 5_000;
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
export const errorsOf = (view: RoomView, service: string): Errors =>
  errorsIn(own(view.signals, service)?.reading.errorRatio, limitOf(view, service));

const errorsIn = (errorRatio: Reading = unknown('not-yet-measured'), limit: number | null): Errors => ({
  errors: errorRatio.known ? percent(errorRatio.value) : 'unknown',
  unknownReason: errorRatio.known ? null : unknownWords[errorRatio.why],
  isAboveLimit: errorRatio.known && limit !== null && errorRatio.value >= limit,
});

const limitOf = (view: RoomView, service: string): number | null =>
  own(view.policy.services, service)?.errorRatioLimit ?? null;

export type Configured = RoomView['policy']['services'];

/** Idle is unknown, too, and no trouble. */
export type Standing = 'above' | 'unknown' | 'idle' | 'fine';

/** The same in a word, without the number. */
export const standingOf = (signals: Signals, configured: Configured, service: string): Standing => {
  const reading = own(signals, service)?.reading.errorRatio;
  if (reading === undefined) return 'unknown';
  if (!reading.known) return reading.why === 'idle' ? 'idle' : 'unknown';
  const limit = own(configured, service)?.errorRatioLimit ?? null;
  return limit !== null && reading.value >= limit ? 'above' : 'fine';
};

export const serviceLine = (view: RoomView, service: string, { now, incident }: Moment): ServiceLine => {
  const { past, newest } = pastOf(own(view.history, service) ?? noPoints, stretchOf(now));
  const marks = incident === null ? noMarks : marksOf(incident, service, newest);
  return { service, ...numbersIn(own(view.signals, service)?.reading ?? unread, limitOf(view, service)), past, marks };
};

const unread: Pick<ServiceReading, 'errorRatio' | 'p95Seconds' | 'requestsPerSecond'> = {
  errorRatio: unknown('not-yet-measured'),
  p95Seconds: unknown('not-yet-measured'),
  requestsPerSecond: unknown('not-yet-measured'),
};

const numbersIn = rememberedWith(
  (reading: typeof unread, limit: number | null): Omit<ServiceLine, 'service' | 'past' | 'marks'> => ({
    ...errorsIn(reading.errorRatio, limit),
    limitRatio: limit,
    limit: limit === null ? 'no limit' : `limit ${percent(limit)}`,
    p95: reading.p95Seconds.known ? seconds(reading.p95Seconds.value) : 'unknown',
    rate: reading.requestsPerSecond.known ? perSecond(reading.requestsPerSecond.value) : 'unknown',
  }),
);

const stretchOf = (ms: number): number => Math.floor(ms / STRETCH_MS);

interface Past {
  readonly past: readonly (number | null)[];
  /** The stretch of its last column. */
  readonly newest: number;
}

const noPoints: readonly SignalPoint[] = [];

const atMsOf = remembered(({ at }: SignalPoint): number => toEpochMs(at));

const pastOf = rememberedWith((points: readonly SignalPoint[], newest: number): Past => {
  const past: (number | null)[] = Array.from({ length: LONGEST_PAST }, () => null);
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index];
    if (point === undefined) continue;
    const back = newest - stretchOf(atMsOf(point));
    if (back >= LONGEST_PAST) break;
    if (back < 0 || point.errorRatio === null) continue;
    const column = LONGEST_PAST - 1 - back;
    past[column] = Math.max(past[column] ?? 0, point.errorRatio);
  }
  // The newest stretch may have no point yet: the curve does not flicker for it.
  if (past[LONGEST_PAST - 1] !== null) return { past, newest };
  return { past: past.slice(0, -1), newest: newest - 1 };
});

const noMarks: readonly number[] = [];

/** A change in a stretch without a column yet stands at the edge, where its column will be. */
const marksOf = ({ actions }: Incident, service: string, newest: number): readonly number[] => {
  const changes = changesIn(actions).get(service);
  return changes === undefined ? noMarks : changes.map((stretch) => Math.max(0, newest - stretch));
};

/** The stretches in which containment changed, of each service that was contained. */
const changesIn = remembered((actions: Incident['actions']): ReadonlyMap<string, readonly number[]> => {
  const changes = new Map<string, number[]>();
  for (const { service, state } of Object.values(actions)) {
    if (state.name !== 'applied' && state.name !== 'undone') continue;
    changes.set(service, [...(changes.get(service) ?? []), stretchOf(toEpochMs(state.at))]);
  }
  return changes;
});

/** Failing ones first. Labels carry the service where several services are shown. */
export const checkWords = (view: RoomView, services: readonly string[], now: number): readonly CheckWord[] =>
  worstChecks(services, view.signals).map((check) => checkWord(check, { now, several: services.length > 1 }));

/** More than a row holds of any window. */
const MOST_CHECKS = 200;

const worstChecks = rememberedWith((services: readonly string[], signals: Signals): readonly CheckReading[] => {
  const checks = { down: [], unknown: [], up: [] } as Record<CheckReading['state'], CheckReading[]>;
  for (const service of services)
    for (const check of own(signals, service)?.checks ?? []) checks[check.state].push(check);
  return [...checks.down, ...checks.unknown, ...checks.up].slice(0, MOST_CHECKS);
});

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
