// Owns the silences in force as a person reads them: what is muted, until when, why, by whom, and what they hold.
import type { RoomView } from '../../../client/room-client.ts';
import { EVERY_SERVICE, silenceState } from '../../../incident/silences.ts';
import type { Room, Silence } from '../../../incident/state.ts';
import { toEpochMs, toTimestamp } from '../../../incident/time.ts';
import { countdown } from '../../format.ts';
import { remembered } from '../../remembered.ts';
import { minuteOf } from '../time-words.ts';

export interface SilenceLine {
  readonly services: string;
  /** `until 15:04 UTC (00:12:03)`. */
  readonly until: string;
  readonly reason: string;
  readonly by: string;
  /** `3 held`; empty where it holds nothing. */
  readonly held: string;
}

export interface Silences {
  readonly count: number;
  /** As many as are ever shown. */
  readonly first: readonly SilenceLine[];
}

const MOST_TOLD = 10;

export const noSilences: Silences = { count: 0, first: [] };

const silenceLine = (silence: Silence, now: number): SilenceLine => {
  const held = silence.alertCount.known + silence.breaches.length;
  return {
    services: silence.services.includes(EVERY_SERVICE) ? 'every service' : silence.services.join(', '),
    until: `until ${minuteOf(silence.endsAt, now)} UTC (${countdown(toEpochMs(silence.endsAt) - now)})`,
    reason: silence.reason,
    by: silence.by,
    held: held === 0 ? '' : `${held} held`,
  };
};

/** Those in force over any of these services, the one over the first services first, then the one that ends first. */
export const silencesOver = (view: RoomView, services: readonly string[], now: number): Silences => {
  const all = Object.values(view.room.silences);
  if (all.length === 0) return noSilences;
  const at = toTimestamp(now);
  const order = placesOf(services);
  const rank = (silence: Silence): number =>
    silence.services.reduce(
      (first, service) =>
        Math.min(first, service === EVERY_SERVICE ? 0 : (order.get(service) ?? Number.POSITIVE_INFINITY)),
      Number.POSITIVE_INFINITY,
    );
  const over = all
    .map((silence) => ({
      silence,
      rank: silenceState(silence, at) === 'in-force' ? rank(silence) : Number.POSITIVE_INFINITY,
    }))
    .filter((one) => one.rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank || (a.silence.endsAt < b.silence.endsAt ? -1 : 1));
  return { count: over.length, first: over.slice(0, MOST_TOLD).map(({ silence }) => silenceLine(silence, now)) };
};

const placesOf = remembered(
  (services: readonly string[]): ReadonlyMap<string, number> =>
    new Map(services.map((service, index) => [service, index])),
);

const byService = remembered((silences: Room['silences']): ReadonlyMap<string, readonly Silence[]> => {
  const found = new Map<string, Silence[]>();
  for (const silence of Object.values(silences))
    for (const service of silence.services) found.set(service, [...(found.get(service) ?? []), silence]);
  return found;
});

/** The same as `silenceOver`, for many services of one room. */
export const silenceNow = ({ silences }: Room, service: string, now: number): Silence | null => {
  const found = byService(silences);
  const over = [...(found.get(service) ?? []), ...(found.get(EVERY_SERVICE) ?? [])];
  if (over.length === 0) return null;
  const at = toTimestamp(now);
  let last: Silence | null = null;
  for (const silence of over)
    if (silenceState(silence, at) === 'in-force' && (last === null || silence.endsAt > last.endsAt)) last = silence;
  return last;
};

export const silenceOf = (view: RoomView, service: string, now: number): SilenceLine | null => {
  const silence = silenceNow(view.room, service, now);
  return silence === null ? null : silenceLine(silence, now);
};
