// Owns when a closed incident leaves the room, so that what is held and sent does not grow with the room's age.
import type { AgentCommand } from './commands.ts';
import { commits, type Decision, type DecisionContext, onIncident, refuses } from './decision.ts';
import type { ActionState, Incident, Room } from './state.ts';
import { HOUR, MINUTE, plusMs, type Timestamp } from './time.ts';

/** After a close it can be looked up in the room, and reopened, for this long. */
const KEPT_FOR_MS = 24 * HOUR;
/** One that was resolved and that nobody closes, with nothing left in place. */
const RESOLVED_KEPT_FOR_MS = 30 * 24 * HOUR;
/** Beyond so many closed incidents the oldest leave sooner, but never while they can still be reopened as they are. */
const MOST_KEPT = 50;
const KEPT_AT_LEAST_MS = 45 * MINUTE;

export interface Leaving {
  readonly incident: Incident;
  readonly at: Timestamp;
}

/** Ended incidents and when each may leave, soonest first: not while it can be reopened as it is, or has a message still on its way. */
export const leaving = (room: Room, reopenWithinMs: number): readonly Leaving[] => {
  const closed = Object.values(room.incidents)
    .flatMap((incident) => (incident.closedAt === null ? [] : [{ incident, closedAt: incident.closedAt }]))
    .sort((a, b) => (a.closedAt < b.closedAt ? -1 : 1));
  const forgotten = Object.values(room.incidents).flatMap((incident) =>
    incident.phase === 'resolved' && incident.resolvedAt !== null && nothingLeft(incident)
      ? [{ incident, at: plusMs(incident.resolvedAt, Math.max(RESOLVED_KEPT_FOR_MS, reopenWithinMs)) }]
      : [],
  );
  return closed
    .map(({ incident, closedAt }, index) => {
      const keptForMs = closed.length - index > MOST_KEPT ? KEPT_AT_LEAST_MS : KEPT_FOR_MS;
      return { incident, at: plusMs(closedAt, Math.max(keptForMs, reopenWithinMs)) };
    })
    .concat(forgotten)
    .filter(({ incident }) => !hasUnsent(incident))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
};

const nothingLeft = ({ actions }: Incident): boolean =>
  Object.values(actions).every(({ state }) => OVER.has(state.name));

/** States in which an action neither is in place nor may come to be. */
const OVER: ReadonlySet<ActionState['name']> = new Set([
  'refused',
  'planned',
  'disarmed',
  'failed',
  'let-go',
  'undone',
]);

const hasUnsent = ({ messages }: Incident): boolean =>
  Object.values(messages).some(({ state }) => state === 'pending' || state === 'retrying');

export const decideArchive = (
  room: Room,
  command: Extract<AgentCommand, { type: 'archive-incident' }>,
  context: DecisionContext,
): Decision =>
  onIncident(room, command.incident, (incident) => {
    const due = leaving(room, context.policy.reopenWithinMs).find((one) => one.incident.id === incident.id);
    return due === undefined || due.at > context.now || incident.lastSeq !== command.lastSeq
      ? refuses('nothing-due', `${incident.id} does not leave the room`, 'nothing to do')
      : commits({ type: 'incident.archived', incident: incident.id });
  });
