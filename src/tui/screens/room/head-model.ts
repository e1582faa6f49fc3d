// Owns the top of every screen about an incident: how bad, which, for how long, who holds what, where, and whether this is live.
import type { ConnectionState, RoomView } from '../../../client/room-client.ts';
import { type Incident, isOpen } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { ROLES, type Role, type Severity } from '../../../incident/words.ts';
import { age, clock, plural, shortCountdown } from '../../format.ts';
import { readOnlyWords } from '../../read-only.ts';
import { remembered } from '../../remembered.ts';
import { actionTitle, armedActions, openIncidents, unclosedIncidents } from '../../select.ts';

export interface HeadModel {
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
  readonly elapsed: string;
  readonly phase: string;
  readonly roles: readonly { readonly label: string; readonly person: string | null }[];
  readonly hasNoCommander: boolean;
  readonly environment: string;
  readonly isProduction: boolean;
  /** Only some see it: what is said of it elsewhere gives it away. */
  readonly isPrivate: boolean;
  /** `1 of 3`, or empty. */
  readonly place: string;
  /** How many terminals are here, where this is not the only one; else empty. */
  readonly here: string;
}

export interface ConnectionWords {
  readonly text: string;
  readonly tone: 'ok' | 'warn' | 'loud';
}

export interface Banner {
  readonly text: string;
  readonly keys: string;
}

const roleLabels: Readonly<Record<Role, string>> = {
  commander: 'IC',
  tech: 'tech',
  comms: 'comms',
  scribe: 'scribe',
  'on-call': 'on-call',
};

export const headModel = (view: RoomView, incident: Incident, now: number): HeadModel => {
  const endedAt = incident.closedAt ?? incident.resolvedAt;
  const until = endedAt === null ? now : toEpochMs(endedAt);
  const all = unclosedIncidents(view.room);
  const at = all.findIndex((other) => other.id === incident.id);
  return {
    severity: incident.severity,
    id: incident.id,
    title: incident.title,
    elapsed: clock(until - toEpochMs(incident.declaredAt)),
    phase: incident.falseAlarm ? 'FALSE ALARM' : incident.phase.toUpperCase(),
    roles: ROLES.map((role) => ({ label: roleLabels[role], person: incident.roles[role]?.person ?? null })),
    hasNoCommander: isOpen(incident) && incident.roles.commander === null,
    environment: incident.environment.name,
    isProduction: incident.environment.production,
    isPrivate: incident.people !== null,
    here: view.presence.length > 1 ? `${view.presence.length} here` : '',
    place: all.length > 1 && at >= 0 ? `${at + 1} of ${all.length}` : '',
  };
};

export const connectionWords = (connection: ConnectionState, view: RoomView, now: number): ConnectionWords => {
  const readOnly = readOnlyWords(view.agent);
  switch (connection.name) {
    case 'live':
      return readOnly === null ? { text: 'live', tone: 'ok' } : { text: `AGENT ${readOnly}`, tone: 'loud' };
    case 'connecting':
      return { text: connection.attempt > 1 ? `connecting (${connection.attempt})` : 'connecting', tone: 'warn' };
    case 'stale':
      return { text: `STALE ${age(now - connection.sinceMs)}, reconnecting (${connection.attempt})`, tone: 'loud' };
    case 'refused':
      return { text: 'REFUSED BY THE AGENT', tone: 'loud' };
    default:
      return connection satisfies never;
  }
};

const armedIn = remembered((incidents: readonly Incident[]) => incidents.flatMap(armedActions));

/** What everybody must see at once: that this is old, something armed, or a worse incident elsewhere. */
export const bannerOf = (view: RoomView, incident: Incident | null, now: number): Banner | null => {
  const { connection } = view;
  if (connection.name === 'connecting' && connection.problem !== undefined)
    return { text: connection.problem, keys: 'q quit' };
  if (connection.name === 'stale')
    return {
      text: `all of this is ${age(now - connection.sinceMs)} old; ${connection.problem ?? 'nothing can be asked of the agent'}`,
      keys: 'only looking',
    };
  if (connection.name === 'refused')
    return { text: `the agent refuses this connection: ${connection.message}`, keys: 'q quit' };
  const armed =
    (incident === null ? undefined : armedActions(incident)[0]) ??
    armedIn(openIncidents(view.room)).find((action) => action.incident !== incident?.id);
  if (armed?.state.name === 'armed') {
    const left = shortCountdown(toEpochMs(armed.state.until) - now);
    const where = armed.incident === incident?.id ? '' : ` in ${armed.incident}`;
    return {
      text: `${armed.state.by} armed ${actionTitle(armed)} (${armed.id})${where}: ${left}`,
      keys: where === '' ? 'v view' : 'i incidents',
    };
  }
  const open = openIncidents(view.room);
  const worst = open[0]?.id === incident?.id ? open[1] : open[0];
  const needsLook =
    worst !== undefined && incident !== null && (!isOpen(incident) || worst.severity < incident.severity);
  if (!needsLook) {
    const refused = view.room.configurationRefused;
    return refused === null
      ? null
      : { text: `configuration refused, the one before goes on: ${refused.problem}`, keys: 'H agent' };
  }
  const others = open.length - (isOpen(incident) ? 1 : 0) - 1;
  const more = others > 0 ? ` and ${plural(others, 'other')}` : '';
  return { text: `${worst.severity} ${worst.id} is open: ${worst.title}${more}`, keys: '] next' };
};
