// Owns acknowledgements, levels falling due, and responses that did not come in time.
import type { AgentCommand, PersonCommand } from './commands.ts';
import { commits, type Decision, type DecisionContext, onOpenIncident, refuses } from './decision.ts';
import { currentLevel, nextLevel, pagesOf, postponed, reachLevel } from './escalation.ts';
import { isMissed } from './response.ts';
import type { Room } from './state.ts';
import { msBetween, plusMs } from './time.ts';

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
    if (held === null || held.until > context.now)
      return refuses('nothing-due', 'no acknowledgement has run out', 'nothing to do');
    const current = currentLevel(incident);
    const waiting = (incident.escalation?.levels ?? []).filter((level) => level.reachedAt === null);
    // A clock that was set back meanwhile brings no level forward.
    const heldForMs = Math.max(0, msBetween(held.since, context.now));
    return commits(
      { type: 'acknowledgement.expired', incident: incident.id, person: held.person },
      ...postponed(incident.id, waiting, { byMs: heldForMs, because: 'acknowledged' }),
      ...(current === null ? [] : pagesOf(incident, current, { kind: 'page', now: context.now })),
    );
  });

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
