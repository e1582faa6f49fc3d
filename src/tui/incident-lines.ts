// Owns one incident in at most twenty lines: what somebody who just came needs to know, the most urgent first.
import type { RoomView } from '../client/room-client.ts';
import { nextLevel } from '../incident/escalation.ts';
import type { EventType } from '../incident/events.ts';
import { shortIncidentId } from '../incident/references.ts';
import { type Action, type Incident, isOpen, type TimelineEntry } from '../incident/state.ts';
import { toEpochMs } from '../incident/time.ts';
import { ROLES } from '../incident/words.ts';
import { age, percent, plural, timeOfDay } from './format.ts';
import { remembered } from './remembered.ts';
import { checkWords, errorsOf } from './screens/room/signals-model.ts';
import { actionTitle, armedActions, ledgerNewestFirst } from './select.ts';
import { roleWords, sentence, tellerOf } from './sentences.ts';

export interface IncidentMoment {
  readonly now: number;
  /** How long ago and how long still; only on request, as it is old the moment after. */
  readonly withElapsed: boolean;
}

const SERVICES_TOLD = 3;
const CHECKS_TOLD = 2;
const LEDGER_TOLD = 3;
const MOST_LINES = 20;

export const incidentLines = (view: RoomView, incident: Incident, moment: IncidentMoment): readonly string[] => {
  const standing = [
    phaseLine(incident, moment),
    commanderLine(incident),
    ...(incident.people === null ? [] : [`PRIVATE to ${incident.people.join(', ')}`]),
    ...listed(
      incident.services.map((service) => serviceWords(view, service)),
      SERVICES_TOLD,
    ),
    ...listed(failingChecks(view, incident, moment.now), CHECKS_TOLD),
    ...armedActions(incident).slice(0, 1).map(armedWords),
    ...placeLines(incident, moment),
    escalationLine(incident, moment),
    ...alertLines(incident),
    ...proposals(incident),
  ];
  const story = storyLines(incident, MOST_LINES - 1 - standing.length);
  return [headline(incident), ...[...standing, ...story].map((line) => `  ${line}`)];
};

export const headline = ({ severity, id, title }: Incident): string => `${severity} ${shortIncidentId(id)}: ${title}`;

const phaseLine = (incident: Incident, { now, withElapsed }: IncidentMoment): string => {
  const { phase, declaredAt, environment, falseAlarm } = incident;
  const since = withElapsed ? `, ${age(now - toEpochMs(declaredAt))} ago` : '';
  const place = environment.production ? `PRODUCTION ${environment.name}` : `environment ${environment.name}`;
  return `phase ${falseAlarm ? 'false alarm' : phase}, declared ${timeOfDay(declaredAt)}${since}, ${place}`;
};

const commanderLine = (incident: Incident): string => {
  const { commander } = incident.roles;
  const others = ROLES.filter((role) => role !== 'commander')
    .map((role) => ({ role, holder: incident.roles[role] }))
    .flatMap(({ role, holder }) => (holder === null ? [] : [`${roleWords[role]} ${holder.person}`]));
  const first =
    commander === null ? (isOpen(incident) ? 'NO COMMANDER' : 'no commander') : `commander ${commander.person}`;
  return [first, ...others].join(', ');
};

const serviceWords = (view: RoomView, service: string): string => {
  const { errors, unknownReason, isAboveLimit } = errorsOf(view, service);
  const limit = view.policy.services[service]?.errorRatioLimit ?? null;
  const beside = limit === null ? '' : `, limit ${percent(limit)}`;
  return `${service} errors ${errors}${unknownReason === null ? '' : ` (${unknownReason})`}${isAboveLimit ? ' ABOVE' : ''}${beside}`;
};

const failingChecks = (view: RoomView, { services }: Incident, now: number): readonly string[] =>
  checkWords(view, services, now)
    .filter(({ state }) => state !== 'up')
    .map(
      ({ label, state, words }) =>
        `check ${label} ${state === 'down' ? words.replace(/^FAILS [^:]*/, 'FAILS') : words}`,
    );

const armedWords = (action: Action): string =>
  action.state.name === 'armed'
    ? `ARMED by ${action.state.by}, until ${timeOfDay(action.state.until)}: ${action.id} ${actionTitle(action)}`
    : '';

const placeLines = (incident: Incident, moment: IncidentMoment): readonly string[] => {
  const entries = ledgerNewestFirst(incident);
  if (entries.length === 0) return ['in place: nothing'];
  return [
    `in place: ${entries.length}`,
    ...listed(
      entries.map((action) => entryWords(action, moment)),
      LEDGER_TOLD,
    ),
  ];
};

const entryWords = (action: Action, { now, withElapsed }: IncidentMoment): string => {
  const { state } = action;
  const owner = `by ${action.confirmedBy ?? action.requestedBy}`;
  const words = `${action.id} ${actionTitle(action)} ${owner}`;
  if (state.name !== 'applied') return `${words}, ${state.name === 'unknown' ? 'UNKNOWN' : state.name}`;
  if (state.expiresAt === null) return words;
  const left = withElapsed ? `, in ${age(toEpochMs(state.expiresAt) - now)}` : '';
  return `${words}, taken back at ${timeOfDay(state.expiresAt)}${left}`;
};

const escalationLine = (incident: Incident, { now, withElapsed }: IncidentMoment): string => {
  const heldBy = incident.escalation?.heldBy ?? null;
  const inTime = (at: string): string => (withElapsed ? `, in ${age(toEpochMs(at) - now)}` : '');
  if (!isOpen(incident)) return 'escalation over';
  if (heldBy !== null)
    return `escalation held by ${heldBy.person} until ${timeOfDay(heldBy.until)}${inTime(heldBy.until)}`;
  const next = nextLevel(incident);
  if (next === null) return 'escalation: nobody is left to page';
  const contacts = next.contacts.map(({ contact }) => contact).join(', ');
  return `next page to ${contacts} at ${timeOfDay(next.dueAt)}${inTime(next.dueAt)}, unless somebody acknowledges`;
};

const proposals = (incident: Incident): readonly string[] => {
  if (!isOpen(incident)) return [];
  const { recovery, proposedSeverity } = incident;
  return [
    ...(recovery === null ? [] : [`looks recovered since ${timeOfDay(recovery.since)}: resolve ends it`]),
    ...(proposedSeverity === null ? [] : [`proposed ${proposedSeverity.to}: ${proposedSeverity.reason}`]),
  ];
};

const alertLines = ({ alertCount }: Incident): readonly string[] =>
  alertCount.known === 0
    ? []
    : [`${plural(alertCount.known, 'alert')}, ${alertCount.firing} firing, told ${plural(alertCount.told, 'time')}`];

/** What changed the course of things; pages and ticks are in the timeline. */
const turningPoints: ReadonlySet<EventType> = new Set([
  'incident.declared',
  'incident.resolved',
  'incident.reopened',
  'incident.closed',
  'severity.raised',
  'severity.lowered',
  'phase.entered',
  'role.assigned',
  'role.released',
  'incident.acknowledged',
  'response.missed',
  'action.applied',
  'action.undone',
  'action.failed',
  'action.unknown',
  'action.let_go',
  'note.added',
]);

const isPoint = ({ event }: TimelineEntry): boolean => turningPoints.has(event.type);

/** The first of them and the last, more than there are ever lines for. */
const pointsIn = remembered((timeline: readonly TimelineEntry[]): readonly TimelineEntry[] => {
  const last: TimelineEntry[] = [];
  for (let index = timeline.length - 1; index >= 0 && last.length <= MOST_LINES; index--) {
    const entry = timeline[index];
    if (entry !== undefined && isPoint(entry)) last.unshift(entry);
  }
  const first = timeline.find(isPoint);
  return first === undefined || last[0] === first ? last : [first, ...last];
});

/** The beginning, and the latest of what changed the course: as many lines as are left. */
const storyLines = (incident: Incident, room: number): readonly string[] => {
  const points = pointsIn(incident.timeline);
  const first = points[0];
  const kept = points.length <= room || first === undefined ? points : [first, ...points.slice(1 - room)];
  return kept.map(({ at, actor, event }) => `${timeOfDay(at)} ${tellerOf(event, actor)} ${sentence(event, incident)}`);
};

const listed = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), `and ${plural(lines.length - most + 1, 'more', 'more')}`];
