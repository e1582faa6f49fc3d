// Owns the words of the timeline: one sentence for each fact.
import { alertIn } from '../incident/alerts.ts';
import type { Actor } from '../incident/commit.ts';
import type { EventType, Evidence, IncidentEvent } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import type { Role } from '../incident/words.ts';
import { age, percent, plural, timeOfDay, took } from './format.ts';
import { ARROW } from './glyphs.ts';

/** Steps whose outcome is told anyway, or that another part of the screen shows. */
const quiet: ReadonlySet<EventType> = new Set([
  'page.requested',
  'action.requested',
  'action.planned',
  'action.started',
  'escalation.started',
  'escalation.rescheduled',
  'response.expected',
  'message.queued',
]);

export const isTold = (event: IncidentEvent): boolean => !quiet.has(event.type);

const actorName = (actor: Actor): string => (actor.kind === 'agent' ? 'room' : actor.name);

const ofTheRoom = ['escalation.', 'page.', 'message.', 'response.'] as const;

/** Who a person would say it was: the plan is the agent's, the arm is of whoever asked for it. */
export const tellerOf = (event: IncidentEvent, actor: Actor): string =>
  'person' in event && event.type !== 'acknowledgement.expired'
    ? event.person
    : ofTheRoom.some((start) => event.type.startsWith(start))
      ? 'room'
      : actorName(actor);

export const roleWords: Readonly<Record<Role, string>> = {
  commander: 'command',
  tech: 'technical lead',
  comms: 'communications',
  scribe: 'scribe',
  'on-call': 'on-call',
};

const because = (evidence: Evidence | null): string =>
  evidence === null
    ? ''
    : ` (rule ${evidence.rule} on ${evidence.service}, ${plural(evidence.samples.length, 'sample')})`;

const byWhom = (by: string | null): string => (by === null ? '' : `, by ${by}`);

const withReason = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

const actionWords = (id: string, incident: Incident): string => {
  const action = incident.actions[id];
  if (action === undefined) return id;
  return action.undoes === null
    ? `${action.name} on ${action.service} (${id})`
    : `undo of ${action.undoes}, ${action.name} on ${action.service} (${id})`;
};

const pageWords = (id: string, incident: Incident): { readonly contact: string; readonly channel: string } => {
  const page = incident.pages[id];
  return { contact: page?.contact ?? id, channel: page?.channel ?? 'unknown channel' };
};

const pageSent = (event: Extract<IncidentEvent, { type: 'page.sent' }>, incident: Incident): string => {
  const { contact, channel } = pageWords(event.page, incident);
  const what =
    channel === 'log'
      ? `wrote the page for ${contact} to the agent's log`
      : `paged ${contact} through ${channel}, ${took(event.tookMs)}`;
  return event.possibleDuplicate ? `${what} (possible duplicate)` : what;
};

const givenBy = (event: Extract<IncidentEvent, { type: 'role.assigned' }>, { roleHistory }: Incident): string => {
  const by = roleHistory.findLast(({ role, person }) => role === event.role && person === event.person)?.by;
  return by === undefined || by === event.person ? '' : `, given by ${by}`;
};

const left = (actions: readonly string[]): string =>
  actions.length === 0 ? '' : `, still in place: ${actions.join(', ')}`;

const disarmWords = {
  cancelled: 'cancelled',
  expired: 'not confirmed in time:',
  'incident-ended': 'called off with the incident:',
} as const;

export const sentence = (event: IncidentEvent, incident: Incident): string => {
  switch (event.type) {
    case 'agent.started':
      return `agent ${event.version} started`;
    case 'configuration.loaded':
      return 'the configuration was loaded';
    case 'configuration.refused':
      return `the configuration was refused: ${event.problem}`;
    case 'token.added':
      return `${event.name} was given a token: ${event.permission}${byWhom(event.by)}`;
    case 'token.revoked':
      return `the token of ${event.name} (${event.permission}) was revoked${byWhom(event.by)}`;
    case 'silence.set':
      return `silenced ${event.services.join(', ')} until ${timeOfDay(event.endsAt)}${withReason(event.reason)}`;
    case 'silence.ended':
      return `silence ${event.silence} ${event.because}`;
    case 'alert.held':
      return `alert held by silence ${event.silence}: ${event.alert.service}: ${event.alert.message}`;
    case 'held_alert.cleared':
      return `alert held by silence ${event.silence} cleared`;
    case 'held_alerts.told':
      return `alerts held by silence ${event.silence} are told`;
    case 'breach.held':
      return `breach held by silence ${event.silence}${because(event.evidence)}`;
    case 'test.requested':
      return `tests ${event.contact} by ${event.channel}`;
    case 'test.sent':
      return `test ${event.test} sent, ${took(event.tookMs)}`;
    case 'test.failed':
      return `test ${event.test} FAILED: ${event.reason}`;
    case 'clock.jumped':
      return `the agent's clock jumped ${event.byMs < 0 ? 'back' : 'ahead'} by ${age(Math.abs(event.byMs))}`;
    case 'false_alarm.ended':
      return `${event.service}: ${event.rule}, called a false alarm, holds no more`;
    case 'agent.stalled':
      return `the agent stood still for ${age(event.forMs)}`;
    case 'log.resumed':
      return `the log takes writes again${event.held === 0 ? '' : `; ${event.held} decisions were held meanwhile`}`;
    case 'incident.declared':
      return `declared ${event.severity}: ${event.title}${because(event.evidence)}`;
    case 'incident.retitled':
      return `changed the title: ${event.title}`;
    case 'incident.services_changed':
      return `services are now ${event.services.join(', ')}`;
    case 'breach.joined':
      return `${event.severity} breach joined${because(event.evidence)}`;
    case 'alert.joined': {
      const from = event.severityKnown
        ? event.severity
        : `${event.severity}, as "${event.alert.givenSeverity}" is in no table`;
      return `alert of ${event.alert.source} on ${event.alert.service}: ${event.alert.message} (${from})`;
    }
    case 'alert.repeated':
      return `alert again: ${alertIn(incident.alerts, event.alert)?.message ?? event.alert}`;
    case 'alert.cleared':
      return `alert cleared: ${alertIn(incident.alerts, event.alert)?.message ?? event.alert}`;
    case 'severity.raised':
    case 'severity.lowered':
      return `${event.from} ${ARROW} ${event.to}${withReason(event.reason)}${because(event.evidence)}`;
    case 'severity.proposed':
      return `proposes ${event.to}${withReason(event.reason)}${because(event.evidence)}`;
    case 'recovery.proposed':
      return `looks recovered: ${event.samples.map((sample) => `${sample.service} ${percent(sample.errorRatio)}`).join(', ')}`;
    case 'recovery.withdrawn':
      return `not recovered after all${withReason(event.reason)}`;
    case 'phase.entered':
      return `phase ${event.from} ${ARROW} ${event.to}`;
    case 'role.assigned':
      return `took ${roleWords[event.role]}${givenBy(event, incident)}`;
    case 'role.released':
      return `gave up ${roleWords[event.role]}`;
    case 'duty.done':
      return `done, ${roleWords[event.role]}: ${event.duty}`;
    case 'duty.reopened':
      return `taken up again, ${roleWords[event.role]}: ${event.duty}`;
    case 'response.expected':
      return `an acknowledgement is expected by ${timeOfDay(event.dueAt)}`;
    case 'response.missed':
      return `NOBODY ACKNOWLEDGED by ${timeOfDay(event.dueAt)}, the response target of ${incident.response?.severity ?? incident.severity}`;
    case 'message.queued':
      return `message for ${event.sink}: ${event.text}`;
    case 'message.sent': {
      const sink = incident.messages[event.message]?.sink ?? event.message;
      return `told ${sink}, ${took(event.tookMs)}${event.possibleDuplicate ? ' (possible duplicate)' : ''}`;
    }
    case 'message.failed': {
      const sink = incident.messages[event.message]?.sink ?? event.message;
      return `message for ${sink} FAILED: ${event.reason}${event.retryAt === null ? '' : ', will retry'}`;
    }
    case 'incident.acknowledged':
      return `acknowledged, until ${timeOfDay(event.until)}`;
    case 'acknowledgement.expired':
      return event.because === 'shut-out'
        ? `the acknowledgement of ${event.person} ended: not theirs to see any more`
        : `the acknowledgement of ${event.person} ran out`;
    case 'escalation.started':
      return `the ${event.severity} ladder ${event.ladder} runs`;
    case 'escalation.level_reached':
      return `escalation level ${event.level} reached${event.lateMs > 0 ? `, ${age(event.lateMs)} late` : ''}`;
    case 'escalation.rescheduled':
      return event.because === 'acknowledged'
        ? 'later levels moved: acknowledged meanwhile'
        : 'later levels moved: the agent was away';
    case 'page.requested':
      return `page for ${event.contact} through ${event.channel}`;
    case 'page.sent':
      return pageSent(event, incident);
    case 'page.failed': {
      const { contact, channel } = pageWords(event.page, incident);
      return `page for ${contact} through ${channel} FAILED: ${event.reason}${event.retryAt === null ? '' : ', will retry'}`;
    }
    case 'page.cancelled':
      return `page for ${pageWords(event.page, incident).contact} called off: ${event.reason}`;
    case 'action.requested':
      return `asks for ${actionWords(event.action, incident)}`;
    case 'action.planned':
      return `planned ${actionWords(event.action, incident)}`;
    case 'action.refused':
      return `${actionWords(event.action, incident)} REFUSED, ${failureWords[event.reason]}${withReason(event.detail)}`;
    case 'action.armed':
      return `armed ${actionWords(event.action, incident)}`;
    case 'action.disarmed':
      return `${disarmWords[event.reason]} ${actionWords(event.action, incident)}`;
    case 'action.confirmed':
      return `confirmed ${actionWords(event.action, incident)}`;
    case 'action.started':
      return `applying ${actionWords(event.action, incident)}`;
    case 'action.applied':
      return `applied ${actionWords(event.action, incident)}, errors were ${percent(event.errorRatioBefore)}`;
    case 'action.failed':
      return `${actionWords(event.action, incident)} FAILED, ${failureWords[event.reason]}${withReason(event.detail)}`;
    case 'action.unknown':
      return `${actionWords(event.action, incident)} UNKNOWN${withReason(event.detail)}`;
    case 'action.undone':
      return `${actionWords(event.action, incident)} is taken back`;
    case 'action.let_go':
      return `let ${actionWords(event.action, incident)} go, left as it is${withReason(event.reason)}`;
    case 'note.added':
      return `note: ${event.text}`;
    case 'note.corrected':
      return `note ${event.note} corrected: ${event.text}`;
    case 'incident.resolved':
      return `resolved${left(event.left)}`;
    case 'incident.reopened':
      return `reopened${withReason(event.reason)}`;
    case 'incident.people_changed':
      return event.people === null ? 'open to everybody' : `private to ${event.people.join(', ')}`;
    case 'incident.archived':
      return 'archived';
    case 'incident.closed':
      return `${event.falseAlarm ? 'closed as a false alarm' : 'closed'}${withReason(event.reason)}`;
    default:
      return event satisfies never;
  }
};

export const failureWords = {
  unreachable: 'target unreachable',
  timeout: 'no answer in time',
  rejected: 'the target said no',
  'target-changed': 'the target changed since the plan',
  'malformed-answer': 'the answer made no sense',
  'not-configured': 'not configured',
  'did-not-take-effect': 'it did not take effect',
  'already-as-before': 'it was back as before already',
  conflict: 'somebody changed it since',
} as const;
