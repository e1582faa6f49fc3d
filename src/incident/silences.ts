// Owns what a silence covers: which services, from when until when, and what it leaves alone.
import { alertIn, alertsIn } from './alerts.ts';
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

/** Asked at every look, of silences that ended long ago too: the count answers for almost all of them. */
export const hasUntold = (silence: Silence): boolean =>
  silence.alertCount.firing > 0 && silence.toldUpTo < silence.alertCount.known && heldUntold(silence).length > 0;

/** Whether it still answers for that alert, firing: until its end, and then until the alert is told. */
export const holds = ({ alerts, ended, toldUpTo }: Silence, key: string): boolean => {
  const alert = alertIn(alerts, key);
  return alert?.clearedAt === null && (ended === null || alert.ordinal > toldUpTo);
};

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
