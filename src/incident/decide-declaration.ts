// Owns how incidents begin and gather: declared by a person, a rule or an alert; joined instead of doubled.
import type { AgentCommand, PersonCommand } from './commands.ts';
import { peopleWith } from './decide-people.ts';
import { commits, type Decision, type DecisionContext, onIncident, refuses } from './decision.ts';
import { startLadder } from './escalation.ts';
import type { Evidence, IncidentEvent } from './events.ts';
import { own } from './own.ts';
import type { Policy } from './policies/policy.ts';
import { wasNumbered } from './references.ts';
import { expectResponse } from './response.ts';
import { silenceFor } from './silences.ts';
import { type Incident, isOpen, type Room, type Silence } from './state.ts';
import { safeText } from './text.ts';
import { msBetween } from './time.ts';
import { type IncidentId, isAbove, type Severity } from './words.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;
type AgentCommandOf<T extends AgentCommand['type']> = Extract<AgentCommand, { type: T }>;

export const decideDeclare = (room: Room, command: CommandOf<'declare'>, context: DecisionContext): Decision => {
  const stranger = command.services.find((service) => own(context.policy.services, service) === undefined);
  if (stranger !== undefined)
    return refuses('no-such-service', `there is no service ${stranger}`, knownServices(context.policy));
  const { title, severity, follows = null } = command;
  if (follows !== null && !wasNumbered(room, follows))
    return refuses(
      'no-such-incident',
      `there never was an incident ${follows}`,
      'see what there was: warroom incidents',
    );
  const services = [...new Set<string>(command.services)];
  const people = peopleWith(command.people ?? null, context.actor.name);
  return commits(
    ...declaration(room, { title, severity, services, cause: 'person', evidence: null, follows, people }, context)
      .events,
  );
};

export const knownServices = (policy: Policy): string => {
  const names = Object.keys(policy.services);
  return names.length === 0 ? 'no service is configured: add it to services.yaml' : `services: ${names.join(', ')}`;
};

export const decideBreach = (
  room: Room,
  command: AgentCommandOf<'report-breach'>,
  context: DecisionContext,
): Decision => {
  const { severity, evidence } = command;
  const incident = incidentFor(room, evidence.service, context);
  const silence = silenceFor(room, { service: evidence.service, incident }, context.now);
  if (silence !== null) return heldBreach(silence, command);
  if (incident === null) {
    const title = breachTitle(evidence);
    return commits(
      ...declaration(
        room,
        { title, severity, services: [evidence.service], cause: 'rule', evidence, follows: null, people: null },
        context,
      ).events,
    );
  }
  if (isOpen(incident) && !isNews(incident, severity, evidence)) {
    return refuses('already-so', `${incident.id} knows of ${evidence.rule} on ${evidence.service}`, 'nothing to do');
  }
  const reason = `${evidence.service}: ${evidence.rule} (${evidence.condition})`;
  return commits(
    ...withService(incident, evidence.service),
    { type: 'breach.joined', incident: incident.id, evidence, severity },
    ...troubled(incident, { to: severity, reason, evidence }, context),
  );
};

const heldBreach = (silence: Silence, { evidence, severity }: AgentCommandOf<'report-breach'>): Decision => {
  const { service, rule } = evidence;
  return silence.breaches.some((held) => held.service === service && held.rule === rule)
    ? refuses(
        'silenced',
        `${service} is silenced until ${silence.endsAt}`,
        `lift it: warroom silence --lift ${silence.id}`,
      )
    : commits({ type: 'breach.held', silence: silence.id, evidence, severity });
};

const isNews = (incident: Incident, severity: Severity, evidence: Evidence): boolean =>
  isAbove(severity, incident.severity) ||
  incident.recovery !== null ||
  !incident.evidence.some(
    (kept) => kept.service === evidence.service && kept.rule === evidence.rule && kept.since >= evidence.since,
  );

export const decideProposeRecovery = (room: Room, command: AgentCommandOf<'propose-recovery'>): Decision =>
  onIncident(room, command.incident, (incident) =>
    !isOpen(incident) || incident.recovery !== null
      ? refuses('already-so', `${incident.id} needs no proposal`, 'nothing to do')
      : commits({ type: 'recovery.proposed', incident: incident.id, since: command.since, samples: command.samples }),
  );

export const decideWithdrawRecovery = (room: Room, command: AgentCommandOf<'withdraw-recovery'>): Decision =>
  onIncident(room, command.incident, (incident) => {
    const events = isOpen(incident) ? withdrawal(incident, command.reason) : [];
    return events.length === 0
      ? refuses('already-so', `${incident.id} has no proposal`, 'nothing to do')
      : commits(...events);
  });

const withdrawal = (incident: Incident, reason: string): readonly IncidentEvent[] =>
  incident.recovery === null ? [] : [{ type: 'recovery.withdrawn', incident: incident.id, reason: safeText(reason) }];

const percent = (ratio: number): string => `${Math.round(ratio * 1000) / 10} %`;

const breachTitle = (evidence: Evidence) => {
  const last = evidence.samples.at(-1);
  if (last !== undefined && last.errorRatio !== null && evidence.condition.includes('errorRatio')) {
    return safeText(`${evidence.service}: ${percent(last.errorRatio)} of requests fail`, 200);
  }
  if (last !== undefined && last.p95Seconds !== null && evidence.condition.includes('p95')) {
    return safeText(`${evidence.service}: slow, p95 ${last.p95Seconds.toFixed(2)} s`, 200);
  }
  return safeText(`${evidence.service}: ${evidence.rule}`, 200);
};

/** The incident a problem on `service` belongs to: its own or a neighbour's open one, or one that ended a moment ago. */
export const incidentFor = (room: Room, service: string, context: DecisionContext): Incident | null => {
  const { policy, now } = context;
  const candidates = Object.values(room.incidents).filter((incident) => {
    // What everybody may know would vanish in it.
    if (incident.people !== null) return false;
    if (isOpen(incident))
      return incident.services.some((other) => other === service || areNeighbours(policy, service, other));
    const endedAt = incident.resolvedAt;
    return (
      incident.phase === 'resolved' &&
      endedAt !== null &&
      incident.services.includes(service) &&
      msBetween(endedAt, now) <= policy.reopenWithinMs
    );
  });
  const rank = (incident: Incident): number =>
    (isOpen(incident) ? 0 : 2) + (incident.services.includes(service) ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0] ?? null;
};

const areNeighbours = (policy: Policy, a: string, b: string): boolean =>
  (own(policy.services, a)?.dependsOn.includes(b) ?? false) ||
  (own(policy.services, b)?.dependsOn.includes(a) ?? false);

/** A list of services longer than this is read by nobody; alerts keep their own service beyond it. */
const MOST_SERVICES = 50;

export const withService = (incident: Incident, service: string): readonly IncidentEvent[] =>
  incident.services.includes(service) || incident.services.length >= MOST_SERVICES
    ? []
    : [{ type: 'incident.services_changed', incident: incident.id, services: [...incident.services, service] }];

interface Raise {
  readonly to: Severity;
  readonly reason: string;
  readonly evidence: Evidence | null;
}

/** New trouble in an incident: it goes on if it had ended, is raised if this is worse, and has not recovered. */
export const troubled = (incident: Incident, raise: Raise, context: DecisionContext): readonly IncidentEvent[] => {
  if (isOpen(incident)) {
    const raising = raised(incident, raise);
    const startsAgain = raising.some((event) => event.type === 'severity.raised');
    return [
      ...raising,
      ...(startsAgain
        ? [
            ...expectResponse(incident.id, { severity: raise.to, from: context.now }, context),
            ...startLadder(incident, { severity: raise.to, why: 'raised' }, context),
          ]
        : []),
      ...withdrawal(incident, raise.reason),
    ];
  }
  const raising = raised(incident, raise);
  const isRaised = raising.some((event) => event.type === 'severity.raised');
  return [
    ...reopening(incident, { reason: raise.reason, severity: isRaised ? raise.to : incident.severity }, context),
    ...raising,
  ];
};

/** Automation raises, or proposes where a person chose the severity; it never lowers (field rule 4.4). */
const raised = (incident: Incident, { to, reason: why, evidence }: Raise): readonly IncidentEvent[] => {
  if (!isAbove(to, incident.severity)) return [];
  const reason = safeText(why);
  if (!incident.severityPinned) {
    return [
      { type: 'severity.raised', incident: incident.id, from: incident.severity, to, reason, evidence, pinned: false },
    ];
  }
  const proposed = incident.proposedSeverity?.to ?? null;
  return proposed !== null && !isAbove(to, proposed)
    ? []
    : [{ type: 'severity.proposed', incident: incident.id, to, reason, evidence }];
};

interface Reopening {
  readonly reason: string;
  readonly severity: Severity;
}

/** The same incident goes on: one ladder, from now; nobody's old acknowledgement holds it. */
export const reopening = (incident: Incident, its: Reopening, context: DecisionContext): readonly IncidentEvent[] => [
  { type: 'incident.reopened', incident: incident.id, reason: safeText(its.reason) },
  ...expectResponse(incident.id, { severity: its.severity, from: context.now }, context),
  ...startLadder({ ...incident, acknowledgements: {} }, { severity: its.severity, why: 'begun' }, context),
];

interface Declaration {
  readonly title: ReturnType<typeof safeText>;
  readonly severity: Severity;
  readonly services: readonly string[];
  readonly cause: 'person' | 'rule' | 'alert';
  readonly evidence: Evidence | null;
  readonly follows: IncidentId | null;
  readonly people: readonly string[] | null;
}

/** A new incident with the next number of its year, and its ladder with absolute deadlines. */
export const declaration = (
  room: Room,
  facts: Declaration,
  context: DecisionContext,
): { readonly id: IncidentId; readonly events: readonly IncidentEvent[] } => {
  const year = context.now.slice(0, 4);
  const id = `INC-${year}-${String((own(room.numbered, year) ?? 0) + 1).padStart(4, '0')}`;
  const environments = facts.services.flatMap((service) => own(context.policy.services, service)?.environment ?? []);
  // A room that spans environments wears the one where a mistake costs most.
  const environment = environments.find((one) => one.production) ??
    environments[0] ?? { name: 'unknown', production: true };
  return {
    id,
    events: [
      { type: 'incident.declared', incident: id, environment, ...facts },
      ...expectResponse(id, { severity: facts.severity, from: context.now }, context),
      ...startLadder(
        { id, services: facts.services, declaredAt: context.now, pages: {}, acknowledgements: {} },
        { severity: facts.severity, why: 'begun' },
        context,
      ),
    ],
  };
};
