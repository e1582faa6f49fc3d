// Owns when a closed incident leaves the room, so that what is held and sent does not grow with the room's age.
import type { AgentCommand } from './commands.ts';
import { commits, type Decision, type DecisionContext, onIncident, refuses } from './decision.ts';
import type { Incident, Room } from './state.ts';
import { HOUR, MINUTE, plusMs, type Timestamp } from './time.ts';

/** After a close it can be looked up in the room, and reopened, for this long. */
const KEPT_FOR_MS = 24 * HOUR;
/** Beyond so many closed incidents the oldest leave sooner, but never while they can still be reopened as they are. */
const MOST_KEPT = 50;
const KEPT_AT_LEAST_MS = 45 * MINUTE;

export interface Leaving {
  readonly incident: Incident;
  readonly at: Timestamp;
}

/** Closed incidents and when each may leave, soonest first. One with a message still on its way stays. */
export const leaving = (room: Room): readonly Leaving[] => {
  const closed = Object.values(room.incidents)
    .flatMap((incident) => (incident.closedAt === null ? [] : [{ incident, closedAt: incident.closedAt }]))
    .sort((a, b) => (a.closedAt < b.closedAt ? -1 : 1));
  return closed
    .map(({ incident, closedAt }, index) => ({
      incident,
      at: plusMs(closedAt, closed.length - index > MOST_KEPT ? KEPT_AT_LEAST_MS : KEPT_FOR_MS),
    }))
    .filter(({ incident }) => !hasUnsent(incident))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
};

const hasUnsent = ({ messages }: Incident): boolean =>
  Object.values(messages).some(({ state }) => state === 'pending' || state === 'retrying');

/** The commit after which nothing of the incident has changed. */
export const lastSeqOf = ({ timeline }: Incident): number => timeline.at(-1)?.seq ?? 0;

export const decideArchive = (
  room: Room,
  command: Extract<AgentCommand, { type: 'archive-incident' }>,
  context: DecisionContext,
): Decision =>
  onIncident(room, command.incident, (incident) => {
    const due = leaving(room).find((one) => one.incident.id === incident.id);
    return due === undefined || due.at > context.now || lastSeqOf(incident) !== command.lastSeq
      ? refuses('nothing-due', `${incident.id} does not leave the room`, 'nothing to do')
      : commits({ type: 'incident.archived', incident: incident.id });
  });
