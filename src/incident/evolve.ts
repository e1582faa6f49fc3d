// Owns what each fact changes: the fold from events to the room. Pure, total, and deaf to everything but its arguments.
import type { Commit } from './commit.ts';
import type { EventOf, IncidentEvent } from './events.ts';
import { evolveAction } from './evolve-action.ts';
import { evolveEscalation } from './evolve-escalation.ts';
import { own } from './own.ts';
import { emptyRoom, type Incident, type JoinedAlert, type Room } from './state.ts';
import { ROLES, type Role } from './words.ts';

/** When, by whom and where in the log an event happened. */
export type EventContext = Pick<Commit, 'seq' | 'at' | 'actor'>;

/** Folds one commit into the room. */
export const evolveCommit = (room: Room, commit: EventContext & Pick<Commit, 'events'>): Room =>
  commit.events.reduce((state, event) => evolve(state, event, commit), room);

/** Folds a whole log. */
export const replay = (commits: Iterable<Commit>): Room => {
  let room = emptyRoom;
  for (const commit of commits) room = evolveCommit(room, commit);
  return room;
};

/** Folds one event into the room. An event about an incident the room does not know changes nothing. */
export const evolve = (room: Room, event: IncidentEvent, context: EventContext): Room => {
  if (event.type === 'agent.started') return { ...room, agentStartedAt: context.at };
  if (event.type === 'clock.jumped' || event.type === 'log.resumed') return room;
  if (event.type === 'incident.declared')
    return withIncident(numberIncident(room, event.incident), declared(event, context), event, context);
  const incident = room.incidents[event.incident];
  if (incident === undefined) return room;
  const numbered = event.type === 'action.requested' ? { ...room, actionsNumbered: room.actionsNumbered + 1 } : room;
  return withIncident(numbered, evolveIncident(incident, event, context), event, context);
};

// The timeline keeps what a person would tell; a folded repeat is a count on its alert, not a line.
const isTold = (event: IncidentEvent): boolean => event.type !== 'alert.repeated';

const withIncident = (room: Room, incident: Incident, event: IncidentEvent, context: EventContext): Room => {
  const timeline = isTold(event)
    ? [...incident.timeline, { seq: context.seq, at: context.at, actor: context.actor, event }]
    : incident.timeline;
  return { ...room, incidents: { ...room.incidents, [incident.id]: { ...incident, timeline } } };
};

const numberIncident = (room: Room, id: string): Room => {
  const year = id.slice(4, 8);
  return { ...room, numbered: { ...room.numbered, [year]: (room.numbered[year] ?? 0) + 1 } };
};

const noRoles = Object.fromEntries(ROLES.map((role) => [role, null])) as Record<Role, null>;

const declared = (event: EventOf<'incident.declared'>, context: EventContext): Incident => ({
  id: event.incident,
  title: event.title,
  severity: event.severity,
  severityPinned: event.cause === 'person',
  proposedSeverity: null,
  phase: 'triage',
  services: event.services,
  environment: event.environment,
  cause: event.cause,
  evidence: event.evidence === null ? [] : [event.evidence],
  follows: event.follows,
  declaredAt: context.at,
  declaredBy: context.actor,
  resolvedAt: null,
  closedAt: null,
  falseAlarm: false,
  roles: noRoles,
  acknowledgements: {},
  escalation: null,
  pages: {},
  actions: {},
  alerts: {},
  notes: {},
  recovery: null,
  timeline: [],
});

type EventInside = Exclude<
  IncidentEvent,
  EventOf<'agent.started' | 'clock.jumped' | 'log.resumed' | 'incident.declared'>
>;

const evolveIncident = (incident: Incident, event: EventInside, context: EventContext): Incident => {
  switch (event.type) {
    case 'incident.retitled':
      return { ...incident, title: event.title };
    case 'incident.services_changed':
      return { ...incident, services: event.services };
    case 'breach.joined':
      return { ...incident, evidence: [...incident.evidence, event.evidence].slice(-10) };
    case 'alert.joined':
    case 'alert.repeated':
    case 'alert.cleared':
      return { ...incident, alerts: evolveAlerts(incident.alerts, event, context) };
    case 'severity.raised':
    case 'severity.lowered':
      return {
        ...incident,
        severity: event.to,
        severityPinned: event.pinned,
        proposedSeverity: null,
        evidence: event.evidence === null ? incident.evidence : [...incident.evidence, event.evidence].slice(-10),
      };
    case 'severity.proposed':
      return { ...incident, proposedSeverity: { to: event.to, reason: event.reason } };
    case 'recovery.proposed':
      return { ...incident, recovery: { since: event.since, samples: event.samples } };
    case 'recovery.withdrawn':
      return { ...incident, recovery: null };
    case 'phase.entered':
      return { ...incident, phase: event.to };
    case 'role.assigned':
      return { ...incident, roles: { ...incident.roles, [event.role]: { person: event.person, since: context.at } } };
    case 'role.released':
      return { ...incident, roles: { ...incident.roles, [event.role]: null } };
    case 'incident.acknowledged':
    case 'acknowledgement.expired':
    case 'escalation.started':
    case 'escalation.level_reached':
    case 'escalation.rescheduled':
    case 'page.requested':
    case 'page.sent':
    case 'page.failed':
    case 'page.cancelled':
      return evolveEscalation(incident, event, context);
    case 'action.requested':
    case 'action.planned':
    case 'action.refused':
    case 'action.armed':
    case 'action.disarmed':
    case 'action.confirmed':
    case 'action.started':
    case 'action.applied':
    case 'action.failed':
    case 'action.unknown':
    case 'action.undone':
    case 'action.let_go':
      return { ...incident, actions: evolveAction(incident.actions, event, context) };
    case 'note.added':
      return {
        ...incident,
        notes: {
          ...incident.notes,
          [event.note]: { id: event.note, at: context.at, by: context.actor.name, text: event.text, correctedAt: null },
        },
      };
    case 'note.corrected': {
      const note = incident.notes[event.note];
      return note === undefined
        ? incident
        : {
            ...incident,
            notes: { ...incident.notes, [event.note]: { ...note, text: event.text, correctedAt: context.at } },
          };
    }
    case 'incident.resolved':
      return { ...incident, phase: 'resolved', resolvedAt: context.at };
    case 'incident.reopened':
      return {
        ...incident,
        phase: 'triage',
        resolvedAt: null,
        closedAt: null,
        falseAlarm: false,
        recovery: null,
        escalation: null,
        acknowledgements: {},
      };
    case 'incident.closed':
      return { ...incident, phase: 'closed', closedAt: context.at, falseAlarm: event.falseAlarm };
    default:
      // A journal written by a later version may hold facts this one does not know: they change nothing here.
      event satisfies never;
      return incident;
  }
};

type Alerts = Incident['alerts'];

const evolveAlerts = (
  alerts: Alerts,
  event: EventOf<'alert.joined' | 'alert.repeated' | 'alert.cleared'>,
  context: EventContext,
): Alerts => {
  if (event.type === 'alert.joined') {
    const { alert, severity, severityKnown } = event;
    const joined: JoinedAlert = { ...alert, joinedAt: context.at, severity, severityKnown, count: 1, clearedAt: null };
    return { ...alerts, [alertKey(alert)]: joined };
  }
  const alert = own(alerts, event.alert);
  if (alert === undefined) return alerts;
  const changed =
    event.type === 'alert.repeated'
      ? { ...alert, severity: event.severity, count: alert.count + 1, clearedAt: null }
      : { ...alert, clearedAt: context.at };
  return { ...alerts, [event.alert]: changed };
};

/** Two sources may use the same fingerprint for different things. */
export const alertKey = (alert: { readonly source: string; readonly fingerprint: string }): string =>
  `${alert.source}/${alert.fingerprint}`;
