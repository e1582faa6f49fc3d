// Owns how incidents end and begin again: resolved, closed, a false alarm, reopened.
import type { PersonCommand } from './commands.ts';
import { declaration, reopening } from './decide-declaration.ts';
import { commits, type Decision, type DecisionContext, onIncident, onOpenIncident, refuses } from './decision.ts';
import type { IncidentEvent } from './events.ts';
import { type Action, type Incident, isOpen, ledgerOf, type Room } from './state.ts';
import { msBetween } from './time.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

/** Resolving is allowed with containment in place, and says what is left: closing is where it must be gone. */
export const decideResolve = (room: Room, command: CommandOf<'resolve'>): Decision =>
  onOpenIncident(room, command.incident, (incident) =>
    commits(
      { type: 'incident.resolved', incident: incident.id, left: ledgerOf(incident).map((action) => action.id) },
      ...calledOff(incident, 'resolved'),
    ),
  );

/** Nothing that was only intended outlives the incident: no page goes out, nothing stays armed but what takes back. */
const calledOff = (incident: Incident, reason: 'resolved' | 'closed'): readonly IncidentEvent[] => [
  ...Object.values(incident.pages)
    .filter((page) => page.state === 'pending' || page.state === 'retrying')
    .map((page): IncidentEvent => ({ type: 'page.cancelled', incident: incident.id, page: page.page, reason })),
  ...Object.values(incident.actions)
    .filter((action) => isIntended(action) && (reason === 'closed' || action.undoes === null))
    .map(
      (action): IncidentEvent => ({
        type: 'action.disarmed',
        incident: incident.id,
        action: action.id,
        reason: 'incident-ended',
      }),
    ),
];

const isIntended = ({ state }: Action): boolean =>
  state.name === 'requested' || state.name === 'planned' || state.name === 'armed' || state.name === 'confirmed';

export const decideClose = (room: Room, command: CommandOf<'close'>): Decision =>
  onIncident(room, command.incident, (incident) => {
    if (incident.phase === 'closed') return refuses('already-so', `${incident.id} is closed already`, 'nothing to do');
    if (isOpen(incident) && !command.falseAlarm) {
      return refuses(
        'not-resolved',
        `${incident.id} is not resolved`,
        'resolve it first, or close it as a false alarm',
      );
    }
    const left = [...ledgerOf(incident), ...Object.values(incident.actions).filter((action) => isUnderWay(action))];
    const ids = [...new Set(left.map((action) => action.id))];
    if (ids.length > 0) {
      const list = ids.map((id) => describe(incident, id)).join(', ');
      return refuses(
        'containment-in-place',
        `${incident.id} still has containment in place: ${list}`,
        `take it back with undo ${ids.at(-1)}, or leave it as it is: warroom let-go ${ids.at(-1)}`,
        ids,
      );
    }
    return commits(
      { type: 'incident.closed', incident: incident.id, falseAlarm: command.falseAlarm, reason: command.reason },
      ...calledOff(incident, 'closed'),
    );
  });

const isUnderWay = ({ state }: Action): boolean => state.name === 'confirmed' || state.name === 'started';

const describe = (incident: Incident, id: string): string => {
  const action = incident.actions[id];
  return action === undefined ? id : `${id} ${action.name} ${action.service}`;
};

/** Within the window the same incident goes on; later a new one begins that follows it (field 4.7). */
export const decideReopen = (room: Room, command: CommandOf<'reopen'>, context: DecisionContext): Decision =>
  onIncident(room, command.incident, (incident) => {
    const endedAt = incident.closedAt ?? incident.resolvedAt;
    if (isOpen(incident) || endedAt === null) return refuses('already-so', `${incident.id} is open`, 'nothing to do');
    if (msBetween(endedAt, context.now) <= context.policy.reopenWithinMs) {
      return commits(...reopening(incident, { reason: command.reason, severity: incident.severity }, context));
    }
    const { title, severity, services, people } = incident;
    return commits(
      ...declaration(
        room,
        { title, severity, services, cause: 'person', evidence: null, follows: incident.id, people },
        context,
      ).events,
    );
  });
