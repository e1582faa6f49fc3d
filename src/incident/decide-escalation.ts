// Owns acknowledgements, levels falling due, and responses that did not come in time.
import type { AgentCommand, PersonCommand } from './commands.ts';
import { commits, type Decision, type DecisionContext, onOpenIncident, refuses } from './decision.ts';
import { currentLevel, nextLevel, pagesOf, postponed, reachLevel } from './escalation.ts';
import type { EventOf, IncidentEvent } from './events.ts';
import { isMissed } from './response.ts';
import { type Incident, isOpen, type Room } from './state.ts';
import { msBetween, plusMs, type Timestamp } from './time.ts';
import { mayView } from './visibility.ts';

type CommandOf<T extends AgentCommand['type']> = Extract<AgentCommand, { type: T }>;
type PersonCommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

/** An acknowledgement is a lease of one person: again from them renews it (field 4.1). */
export const decideAcknowledge = (
  room: Room,
  command: PersonCommandOf<'acknowledge'>,
  context: DecisionContext,
): Decision =>
  onOpenIncident(room, command.incident, (incident) =>
    commits({
      type: 'incident.acknowledged',
      incident: incident.id,
      person: context.actor.name,
      until: plusMs(context.now, context.policy.acknowledgeForMs[incident.severity]),
    }),
  );

export const decideExpireAcknowledgement = (
  room: Room,
  command: CommandOf<'expire-acknowledgement'>,
  context: DecisionContext,
): Decision =>
  onOpenIncident(room, command.incident, (incident) => {
    const held = incident.escalation?.heldBy ?? null;
    return held === null || held.until > context.now
      ? refuses('nothing-due', 'no acknowledgement has run out', 'nothing to do')
      : commits(
          ...ending(
            incident,
            { type: 'acknowledgement.expired', incident: incident.id, person: held.person },
            context.now,
          ),
        );
  });

/** The ladder goes on where whoever held it stopped it, and its people are called again. */
const ending = (
  incident: Incident,
  ended: EventOf<'acknowledgement.expired'>,
  now: Timestamp,
): readonly IncidentEvent[] => {
  const { person } = ended;
  const held = incident.escalation?.heldBy ?? null;
  if (held?.person !== person) return [ended];
  const { [person]: _ended, ...acknowledgements } = incident.acknowledgements;
  const current = currentLevel(incident);
  const waiting = (incident.escalation?.levels ?? []).filter((level) => level.reachedAt === null);
  // A clock that was set back meanwhile brings no level forward.
  const heldForMs = Math.max(0, msBetween(held.since, now));
  return [
    ended,
    ...postponed(incident.id, waiting, { byMs: heldForMs, because: 'acknowledged' }),
    ...(current === null ? [] : pagesOf({ ...incident, acknowledgements }, current, { kind: 'page', now })),
  ];
};

/** Nobody has what they cannot see: the acknowledgements of those outside of `people` end. */
export const acknowledgementsOutside = (
  incident: Incident,
  people: Incident['people'],
  now: Timestamp,
): readonly IncidentEvent[] => {
  if (!isOpen(incident)) return [];
  const entries = Object.entries(incident.acknowledgements);
  const acknowledgements = Object.fromEntries(entries.filter(([person]) => mayView({ people }, person)));
  return entries
    .filter(([person, { expired, until }]) => !expired && until > now && !mayView({ people }, person))
    .flatMap(([person]) =>
      ending(
        { ...incident, acknowledgements },
        { type: 'acknowledgement.expired', incident: incident.id, person, because: 'shut-out' },
        now,
      ),
    );
};

export const decideReachLevel = (room: Room, command: CommandOf<'reach-level'>, context: DecisionContext): Decision =>
  onOpenIncident(room, command.incident, (incident) => {
    const next = nextLevel(incident);
    const isDue =
      next !== null &&
      next.level === command.level &&
      next.dueAt <= context.now &&
      incident.escalation?.heldBy === null;
    return isDue
      ? commits(...reachLevel(incident, next, context.now))
      : refuses('nothing-due', `${command.level} is not due`, 'nothing to do');
  });

/** Told once: the time the severity allows has passed, and nobody has acknowledged. */
export const decideMissResponse = (
  room: Room,
  command: CommandOf<'miss-response'>,
  context: DecisionContext,
): Decision =>
  onOpenIncident(room, command.incident, (incident) => {
    const { response } = incident;
    return response === null || !isMissed(response, context.now)
      ? refuses('nothing-due', 'no response is overdue', 'nothing to do')
      : commits({ type: 'response.missed', incident: incident.id, dueAt: response.dueAt });
  });
