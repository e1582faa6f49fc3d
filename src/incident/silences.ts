// Owns what a silence covers: which services, from when until when, and what it leaves alone.
import { alertsIn } from './alerts.ts';
import { type Incident, isOpen, type JoinedAlert, type Room, type Silence } from './state.ts';
import type { Timestamp } from './time.ts';

export const EVERY_SERVICE = '*';

export type SilenceState = 'planned' | 'in-force' | 'ended';

export const silenceState = ({ startsAt, endsAt, ended }: Silence, now: Timestamp): SilenceState => {
  if (ended !== null || endsAt <= now) return 'ended';
  return startsAt > now ? 'planned' : 'in-force';
};

/** The silence in force over a service that lasts longest; null when none is. */
export const silenceOver = (room: Room, service: string, now: Timestamp): Silence | null =>
  Object.values(room.silences)
    .filter((silence) => silenceState(silence, now) === 'in-force' && covers(silence, service))
    .reduce<Silence | null>((last, one) => (last === null || one.endsAt > last.endsAt ? one : last), null);

/** What it holds, still fires, and has not been decided anew since its end; oldest first. */
export const heldUntold = ({ alerts, toldUpTo }: Silence): readonly JoinedAlert[] =>
  alertsIn(alerts).filter((alert) => alert.clearedAt === null && alert.ordinal > toldUpTo);

const covers = ({ services }: Silence, service: string): boolean =>
  services.includes(EVERY_SERVICE) || services.includes(service);

/**
 * The silence that keeps trouble on a service from opening, joining or reopening something. An open incident about the service itself
 * is not silenced: it is being worked on, and hears everything.
 */
export const silenceFor = (
  room: Room,
  trouble: { readonly service: string; readonly incident: Incident | null },
  now: Timestamp,
): Silence | null => {
  const { service, incident } = trouble;
  const isWorkedOn = incident !== null && isOpen(incident) && incident.services.includes(service);
  return isWorkedOn ? null : silenceOver(room, service, now);
};
