// Owns what each fact changes: the fold from events to the room. Pure, total, and deaf to everything but its arguments.
import { alertIn, noAlerts } from './alerts.ts';
import type { Commit } from './commit.ts';
import type { EventOf, IncidentEvent } from './events.ts';
import { evolveAction } from './evolve-action.ts';
import { noAlertCount, withCleared, withFiring, withRepeat } from './evolve-alerts.ts';
import { afterFailed, afterSent, toBeSent } from './evolve-delivery.ts';
import { evolveEscalation } from './evolve-escalation.ts';
import { evolveRoom, isOfRoom, type RoomEvent } from './evolve-room.ts';
import { withoutRest, withRest } from './false-alarms.ts';
import { own } from './own.ts';
import { emptyRoom, type Incident, type Message, type Room } from './state.ts';
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
  if (isOfRoom(event)) return evolveRoom(room, event, context);
  if (event.type === 'incident.declared')
    return withIncident(numberIncident(room, event.incident), declared(event, context), event, context);
  const incident = room.incidents[event.incident];
  if (incident === undefined) return room;
  if (event.type === 'incident.archived') return withoutIncident(room, incident);
  const numbered = event.type === 'action.requested' ? { ...room, actionsNumbered: room.actionsNumbered + 1 } : room;
  const rested = restingAfter(numbered, incident, event);
  return withIncident(rested, evolveIncident(incident, event, context), event, context);
};

/** Of a storm the timeline tells the beginning; the incident's count tells the rest, and the log has every one. */
export const ALERTS_TOLD = 25;
/** Of an alert that comes and goes the timeline tells as many ends. */
const ENDS_TOLD = 3;

// The timeline keeps what a person would tell; a folded repeat is a count on its alert, not a line.
const isTold = (event: IncidentEvent, { alerts, alertCount, pages, messages }: Incident): boolean => {
  switch (event.type) {
    case 'alert.repeated':
    case 'duty.reopened':
      return false;
    case 'alert.joined':
      return alertCount.known <= ALERTS_TOLD;
    case 'alert.cleared':
      return alertCount.known <= ALERTS_TOLD && (alertIn(alerts, event.alert)?.ends ?? 0) <= ENDS_TOLD;
    // The first failure and the last are told; how often it was tried in between stands with the page.
    case 'page.failed':
      return event.retryAt === null || (pages[event.page]?.tries ?? 0) <= 1;
    case 'message.failed':
      return event.retryAt === null || (messages[event.message]?.tries ?? 0) <= 1;
    default:
      return true;
  }
};

const withIncident = (room: Room, incident: Incident, event: IncidentEvent, context: EventContext): Room => {
  const timeline = isTold(event, incident)
    ? [...incident.timeline, { seq: context.seq, at: context.at, actor: context.actor, event }]
    : incident.timeline;
  return { ...room, incidents: { ...room.incidents, [incident.id]: { ...incident, timeline, lastSeq: context.seq } } };
};

/** What was to be told to everybody is not, once it is private. */
const toldTo = (people: Incident['people'], messages: Incident['messages']): Incident['messages'] =>
  people === null
    ? messages
    : Object.fromEntries(
        Object.entries(messages).map(([id, message]) => [
          id,
          message.state === 'pending' || message.state === 'retrying' ? { ...message, state: 'cancelled' } : message,
        ]),
      );

const restingAfter = (room: Room, incident: Incident, event: EventInside): Room => {
  if (event.type === 'incident.reopened') return withoutRest(room, incident.evidence);
  // What only some know of says nothing about what everybody sees.
  const isFalseAlarm = event.type === 'incident.closed' && event.falseAlarm && incident.people === null;
  return isFalseAlarm ? withRest(room, incident.evidence) : room;
};

const FALSE_ALARMS_KEPT = 500;

const withoutIncident = (room: Room, { id, falseAlarm, services, closedAt, people }: Incident): Room => {
  const { [id]: _left, ...incidents } = room.incidents;
  const left = { ...room, incidents, archived: room.archived + 1 };
  if (!falseAlarm || closedAt === null || people !== null) return left;
  const falseAlarms = { ...room.falseAlarms, ...Object.fromEntries(services.map((service) => [service, closedAt])) };
  return { ...left, falseAlarms: Object.fromEntries(Object.entries(falseAlarms).slice(-FALSE_ALARMS_KEPT)) };
};

const numberIncident = (room: Room, id: string): Room => {
  const year = id.slice(4, 8);
  return { ...room, numbered: { ...room.numbered, [year]: (room.numbered[year] ?? 0) + 1 } };
};

const noDuties = Object.fromEntries(ROLES.map((role) => [role, {}])) as Record<Role, Record<string, never>>;
const noRoles = Object.fromEntries(ROLES.map((role) => [role, null])) as Record<Role, null>;

const declared = (event: EventOf<'incident.declared'>, context: EventContext): Incident => ({
  id: event.incident,
  title: event.title,
  severity: event.severity,
  severityPinned: event.cause === 'person',
  proposedSeverity: null,
  phase: 'triage',
  services: event.services,
  people: event.people,
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
  alerts: noAlerts,
  alertCount: noAlertCount,
  messages: {},
  response: null,
  duties: noDuties,
  roleHistory: [],
  notes: {},
  recovery: null,
  timeline: [],
  lastSeq: context.seq,
});

type EventInside = Exclude<IncidentEvent, RoomEvent | EventOf<'incident.declared' | 'incident.archived'>>;

const evolveIncident = (incident: Incident, event: EventInside, context: EventContext): Incident => {
  switch (event.type) {
    case 'incident.retitled':
      return { ...incident, title: event.title };
    case 'incident.services_changed':
      return { ...incident, services: event.services };
    case 'incident.people_changed':
      return { ...incident, people: event.people, messages: toldTo(event.people, incident.messages) };
    case 'breach.joined':
      return { ...incident, evidence: [...incident.evidence, event.evidence].slice(-10) };
    case 'alert.joined':
      return withFiring(incident, event, context.at);
    case 'alert.repeated':
      return withRepeat(incident, { key: event.alert, severity: event.severity });
    case 'alert.cleared':
      return withCleared(incident, event.alert, context.at);
    case 'severity.raised':
    case 'severity.lowered':
      return {
        ...incident,
        severity: event.to,
        severityPinned: event.pinned,
        proposedSeverity: null,
        // Who has responded has done so for what is less bad, too.
        response: event.type === 'severity.lowered' && incident.response?.metAt === null ? null : incident.response,
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
    case 'role.released':
      return evolveRole(incident, event, context);
    case 'duty.done':
    case 'duty.reopened':
      return { ...incident, duties: { ...incident.duties, [event.role]: dutiesAfter(incident, event, context) } };
    case 'message.queued':
      return { ...incident, messages: { ...incident.messages, [event.message]: queued(event, context) } };
    case 'message.sent':
      return withMessage(incident, event.message, (message) => afterSent(message, event, context.at));
    case 'message.failed':
      return withMessage(incident, event.message, (message) => afterFailed(message, event));
    case 'incident.acknowledged':
    case 'acknowledgement.expired':
    case 'escalation.started':
    case 'escalation.level_reached':
    case 'escalation.rescheduled':
    case 'page.requested':
    case 'page.sent':
    case 'page.failed':
    case 'page.cancelled':
    case 'response.expected':
    case 'response.missed':
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
        response: null,
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

/** The holder before, if any, is relieved: a role has one at a time. */
const evolveRole = (
  incident: Incident,
  event: EventOf<'role.assigned' | 'role.released'>,
  { at, actor }: EventContext,
): Incident => {
  const { role, person } = event;
  const ended = incident.roleHistory.map((stretch) =>
    stretch.role === role && stretch.until === null ? { ...stretch, until: at } : stretch,
  );
  return event.type === 'role.released'
    ? { ...incident, roles: { ...incident.roles, [role]: null }, roleHistory: ended }
    : {
        ...incident,
        roles: { ...incident.roles, [role]: { person, since: at } },
        roleHistory: [...ended, { role, person, from: at, until: null, by: actor.name }],
      };
};

const dutiesAfter = (
  { duties }: Incident,
  event: EventOf<'duty.done' | 'duty.reopened'>,
  { at, actor }: EventContext,
): Incident['duties'][Role] => {
  const others = Object.fromEntries(Object.entries(duties[event.role]).filter(([duty]) => duty !== event.duty));
  return event.type === 'duty.done' ? { ...others, [event.duty]: { by: actor.name, at } } : others;
};

const queued = (event: EventOf<'message.queued'>, { at }: EventContext): Message => {
  const { message, sink, channel, about, text } = event;
  return { message, sink, channel, about, text, ...toBeSent(at) };
};

const withMessage = (incident: Incident, id: string, change: (message: Message) => Message): Incident => {
  const message = own(incident.messages, id);
  return message === undefined ? incident : { ...incident, messages: { ...incident.messages, [id]: change(message) } };
};
