// Owns what an alert does: opens an incident, joins one, is counted again, is cleared, or waits for the end of a silence.
import { alertIn, alertKey } from './alerts.ts';
import type { AgentCommand, AlertTold } from './commands.ts';
import { declaration, incidentFor, troubled, withService } from './decide-declaration.ts';
import { commits, commitsAll, type Decision, type DecisionContext, refuses } from './decision.ts';
import type { AlertFacts, IncidentEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { own } from './own.ts';
import { severityOfAlert } from './policies/alert-severity.ts';
import { holds, silenceFor } from './silences.ts';
import { type Incident, isOpen, type Room } from './state.ts';
import { safeText } from './text.ts';
import { type IncidentId, isAbove, type Severity } from './words.ts';

export const decideAlert = (room: Room, command: AlertTold, context: DecisionContext): Decision =>
  command.firing ? decideFiring(room, command, context) : decideCleared(room, alertKey(command));

/** What a source tells at once is one commit. */
export const decideAlerts = (
  room: Room,
  { alerts }: Extract<AgentCommand, { type: 'report-alerts' }>,
  context: DecisionContext,
): Decision => {
  const events = eachAlert(room, alerts, context);
  return events.length === 0 ? refuses('nothing-due', 'no such alert is firing', 'nothing to do') : commitsAll(events);
};

/** Each alert is decided on the room that the ones before it made; what needs nothing is left out. */
export const eachAlert = (
  room: Room,
  alerts: readonly AlertTold[],
  context: DecisionContext,
): readonly IncidentEvent[] => {
  const events: IncidentEvent[] = [];
  let now = room;
  for (const alert of alerts) {
    const decision = decideAlert(now, alert, context);
    if (!decision.ok) continue;
    for (const event of decision.events) now = evolve(now, event, { seq: 0, at: context.now, actor: context.actor });
    events.push(...decision.events);
  }
  return events;
};

/** Cleared wherever it fires: a silence may hold what an incident, declared since, has too. A resolved incident may yet go on. */
const decideCleared = (room: Room, key: string): Decision => {
  const events: readonly IncidentEvent[] = [
    ...Object.values(room.incidents)
      .filter((incident) => incident.phase !== 'closed' && alertIn(incident.alerts, key)?.clearedAt === null)
      .map(({ id }) => ({ type: 'alert.cleared', incident: id, alert: key }) as const),
    ...Object.values(room.silences)
      .filter((silence) => holds(silence, key))
      .map(({ id }) => ({ type: 'held_alert.cleared', silence: id, alert: key }) as const),
  ];
  return events.length === 0 ? refuses('nothing-due', 'no such alert is firing', 'nothing to do') : commitsAll(events);
};

const decideFiring = (room: Room, command: AlertTold, context: DecisionContext): Decision => {
  const { source, fingerprint, service, givenSeverity, message } = command;
  const key = alertKey(command);
  const { severity, known: severityKnown } = severityOfAlert(givenSeverity);
  const raise = { to: severity, reason: `alert ${source}: ${message}`, evidence: null };
  const known = knownIn(Object.values(room.incidents).filter(isOpen), key);
  const before = known === undefined ? undefined : alertIn(known.alerts, key);
  if (known !== undefined && before !== undefined) {
    const worst = isAbove(before.severity, severity) ? before.severity : severity;
    return commits(
      { type: 'alert.repeated', incident: known.id, alert: key, severity: worst },
      ...troubled(known, raise, context),
    );
  }
  const facts: AlertFacts = { source, fingerprint, service, message, givenSeverity };
  const incident = incidentFor(room, service, context) ?? shelterOf(room, service, context);
  const silence = silenceFor(room, { service, incident }, context.now);
  if (silence !== null) {
    return commits({ type: 'alert.held', silence: silence.id, alert: facts, severity, severityKnown });
  }
  const joined = (id: IncidentId): IncidentEvent => ({
    type: 'alert.joined',
    incident: id,
    alert: facts,
    severity,
    severityKnown,
  });
  if (incident !== null) {
    return commits(...withService(incident, service), joined(incident.id), ...troubled(incident, raise, context));
  }
  const begun = declaration(room, { ...beginning(facts, severity), follows: null, people: null }, context);
  return commits(...begun.events, joined(begun.id));
};

/** So many incidents about services that nobody configured may be open at once; a storm of made-up names then gathers in the newest. */
export const STRANGERS_APART = 20;

const shelterOf = (room: Room, service: string, { policy }: DecisionContext): Incident | null => {
  const isStrange = (name: string): boolean => own(policy.services, name) === undefined;
  if (!isStrange(service)) return null;
  const strangers = Object.values(room.incidents).filter(
    (one) => isOpen(one) && one.people === null && one.services.every(isStrange),
  );
  return strangers.length < STRANGERS_APART ? null : (strangers.at(-1) ?? null);
};

const beginning = ({ service, message }: AlertFacts, severity: Severity) =>
  ({
    title: safeText(`${service}: ${message}`, 200),
    severity,
    services: [service],
    cause: 'alert',
    evidence: null,
  }) as const;

const knownIn = (incidents: readonly Incident[], key: string): Incident | undefined =>
  incidents.find((incident) => alertIn(incident.alerts, key) !== undefined);
