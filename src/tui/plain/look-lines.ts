// Owns the answers to who only looks: status, summary, the list of incidents, the timeline, and the first words on joining.
import type { RoomView } from '../../client/room-client.ts';
import { nextLevel } from '../../incident/escalation.ts';
import { shortIncidentId } from '../../incident/references.ts';
import { type Incident, isOpen, ledgerOf } from '../../incident/state.ts';
import { toEpochMs, toTimestamp } from '../../incident/time.ts';
import { age, percent, perSecond, plural, seconds, timeOfDay } from '../format.ts';
import { headline, incidentLines } from '../incident-lines.ts';
import { readOnlyWords } from '../read-only.ts';
import { unknownWords } from '../screens/room/signals-model.ts';
import { incidentsByUrgency, openIncidents, unclosedIncidents } from '../select.ts';
import { isTold, sentence, tellerOf } from '../sentences.ts';

const SUMMARISED = 5;
const LISTED = 30;
const TIMELINE_TOLD = 20;

/** What somebody hears who just came: each open incident, told in full as long as they are few. */
export const joiningLines = (view: RoomView, now: number): readonly string[] => {
  const incidents = unclosedIncidents(view.room);
  const moment = { now, withElapsed: false };
  const rest = incidents.slice(SUMMARISED);
  return [
    `warroom as ${view.me}, ${timeOfDay(toTimestamp(now))}, times are UTC; ${calmOr(incidents)}; help lists the words`,
    ...incidents.slice(0, SUMMARISED).flatMap((incident) => incidentLines(view, incident, moment)),
    ...rest.slice(0, LISTED).map(headline),
    ...(rest.length > LISTED ? [`and ${plural(rest.length - LISTED, 'more', 'more')}: incidents`] : []),
    ...(incidents.length === 0 ? serviceLines(view) : []),
  ];
};

const calmOr = (incidents: readonly Incident[]): string => {
  const open = incidents.filter(isOpen).length;
  if (incidents.length === 0) return 'no incident';
  return open === incidents.length
    ? plural(open, 'open incident')
    : `${plural(open, 'open incident')}, ${incidents.length - open} resolved and not closed`;
};

export const statusLines = (view: RoomView, now: number): readonly string[] => {
  const incidents = unclosedIncidents(view.room);
  return [
    `${timeOfDay(toTimestamp(now))} ${connectionWords(view, now)}, ${calmOr(incidents)}`,
    ...incidents.slice(0, LISTED).flatMap((incident) => [headline(incident), `  ${inShort(incident, now)}`]),
    ...(incidents.length > LISTED ? [`and ${plural(incidents.length - LISTED, 'more', 'more')}: incidents`] : []),
    ...serviceLines(view),
  ];
};

const connectionWords = ({ connection, agent }: RoomView, now: number): string => {
  switch (connection.name) {
    case 'live':
      return readOnlyWords(agent) === null ? 'connected' : `AGENT ${readOnlyWords(agent)}`;
    case 'stale':
      return `NOT CONNECTED, all of this is ${age(now - connection.sinceMs)} old`;
    case 'connecting':
      return connection.problem === undefined ? 'NOT CONNECTED yet' : `NOT CONNECTED: ${connection.problem}`;
    case 'refused':
      return `REFUSED by the agent: ${connection.message}`;
    default:
      return connection satisfies never;
  }
};

const inShort = (incident: Incident, now: number): string => {
  const { phase, declaredAt, resolvedAt, roles, escalation } = incident;
  const next = isOpen(incident) ? nextLevel(incident) : null;
  const heldBy = escalation?.heldBy ?? null;
  const inPlace = ledgerOf(incident).length;
  return [
    phase,
    resolvedAt === null
      ? `for ${age(now - toEpochMs(declaredAt))}`
      : `resolved ${age(now - toEpochMs(resolvedAt))} ago`,
    roles.commander === null ? 'NO COMMANDER' : `commander ${roles.commander.person}`,
    inPlace === 0 ? 'nothing in place' : `${inPlace} in place`,
    ...(next === null
      ? []
      : heldBy === null
        ? [`next page in ${age(Math.max(0, toEpochMs(next.dueAt) - now))}`]
        : [`${heldBy.person} has it for another ${age(Math.max(0, toEpochMs(heldBy.until) - now))}`]),
  ].join(', ');
};

const serviceLines = ({ signals, policy }: RoomView): readonly string[] =>
  [...new Set([...Object.keys(policy.services), ...Object.keys(signals)])].map((service) => {
    const its = Object.hasOwn(signals, service) ? signals[service] : undefined;
    if (its === undefined) return `${service}: not measured`;
    const { errorRatio, p95Seconds, requestsPerSecond } = its.reading;
    const numbers = errorRatio.known
      ? [
          `errors ${percent(errorRatio.value)}`,
          ...(p95Seconds.known ? [`p95 ${seconds(p95Seconds.value)}`] : []),
          ...(requestsPerSecond.known ? [perSecond(requestsPerSecond.value)] : []),
        ]
      : [`errors unknown (${unknownWords[errorRatio.why]})`];
    const checks = its.checks.map(({ name, state }) => `${name} ${state === 'down' ? 'FAILS' : state}`);
    return `${service}: ${[...numbers, ...checks].join(', ')}`;
  });

export const incidentsLines = ({ room }: RoomView, shown: string | null): readonly string[] => {
  const incidents = incidentsByUrgency(room);
  const archived = room.archived === 0 ? [] : [`and ${room.archived} archived: warroom incidents`];
  if (incidents.length === 0) return ['there is no incident', ...archived];
  const lines = incidents.slice(0, LISTED).map((incident) => {
    const words = incident.falseAlarm ? 'false alarm' : incident.phase;
    return `${headline(incident)}, ${words}${incident.id === shown ? ', this is the one in use' : ''}`;
  });
  const more = incidents.length - lines.length;
  return [
    `${plural(openIncidents(room).length, 'open incident')} of ${incidents.length}`,
    ...lines,
    ...(more > 0 ? [`and ${more} more: warroom status`] : []),
    ...archived,
  ];
};

/** The last of it, oldest first; every word of `filter` must be in the line. */
export const timelineLines = (incident: Incident, filter: string): readonly string[] => {
  const words = filter.toLowerCase().split(/\s+/);
  const lines = incident.timeline
    .filter(({ event }) => isTold(event))
    .map(({ at, actor, event }) => `${timeOfDay(at)} ${tellerOf(event, actor)} ${sentence(event, incident)}`)
    .filter((line) => words.every((word) => line.toLowerCase().includes(word)));
  const id = shortIncidentId(incident.id);
  if (lines.length === 0) return [`${id}: nothing in the timeline has: ${filter}`];
  const left = lines.length - TIMELINE_TOLD;
  return [
    `${id}, ${left > 0 ? `the last ${TIMELINE_TOLD} of ` : ''}${plural(lines.length, 'line')}`,
    ...lines.slice(-TIMELINE_TOLD),
    ...(left > 0 ? [`all of it: warroom timeline ${id}`] : []),
  ];
};
