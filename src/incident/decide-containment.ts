// Owns what people ask of containment: contain, undo, arm, disarm, confirm. Nothing happens without an arm and a confirm.
import type { PersonCommand } from './commands.ts';
import { knownServices } from './decide-declaration.ts';
import { commits, type Decision, type DecisionContext, ended, onAction, onIncident, refuses } from './decision.ts';
import type { IncidentEvent } from './events.ts';
import { own } from './own.ts';
import { type Action, type Incident, isOpen, type Room } from './state.ts';
import { plusMs } from './time.ts';
import type { ActionId } from './words.ts';

type CommandOf<T extends PersonCommand['type']> = Extract<PersonCommand, { type: T }>;

const inProgress: ReadonlySet<Action['state']['name']> = new Set([
  'requested',
  'planned',
  'armed',
  'confirmed',
  'started',
]);

export const decideContain = (room: Room, command: CommandOf<'contain'>, context: DecisionContext): Decision => {
  const { service, name } = command;
  const servicePolicy = own(context.policy.services, service);
  if (servicePolicy === undefined)
    return refuses('no-such-service', `there is no service ${service}`, knownServices(context.policy));
  if (!servicePolicy.actions.includes(name) || own(context.policy.actions, name) === undefined) {
    const names = servicePolicy.actions.join(', ');
    const remedy = names === '' ? 'no action is configured: add it to actions.yaml' : `actions of ${service}: ${names}`;
    return refuses('no-such-action', `${service} has no action ${name}`, remedy);
  }
  const id =
    command.incident ?? Object.values(room.incidents).find((one) => isOpen(one) && one.services.includes(service))?.id;
  if (id === undefined) {
    const remedy = `declare it first: warroom declare --service ${service} --title "…"`;
    return refuses('no-open-incident', `no open incident has ${service}`, remedy);
  }
  return onIncident(room, id, (incident) =>
    isOpen(incident) ? contained(room, incident, command, context) : ended(incident),
  );
};

const contained = (
  room: Room,
  incident: Incident,
  command: CommandOf<'contain'>,
  context: DecisionContext,
): Decision => {
  const { service, name, params, arm } = command;
  const refused = inTheWay(room, { service, name, id: null }, context);
  return refused ?? commits({ ...request(room, incident), service, name, params, arm, undoes: null, automatic: false });
};

/** Another containment of the same kind that is in place or on its way there: two at once could not both be taken back. */
const inTheWay = (room: Room, wanted: Wanted, { wholeRoom }: DecisionContext): Decision | null => {
  const seen = blocking(room, wanted);
  if (seen === undefined)
    return wholeRoom !== undefined && blocking(wholeRoom, wanted) !== undefined ? hidden(wanted) : null;
  if (!isInPlace(seen)) return busy(seen);
  const message = `${seen.id} ${seen.name} on ${seen.service} is in place`;
  return refuses('already-in-place', message, `take it back first: undo ${seen.id}`, [seen.id]);
};

interface Wanted {
  readonly service: string;
  readonly name: string;
  /** Null while it is only asked for. */
  readonly id: ActionId | null;
}

const blocking = (room: Room, { service, name, id }: Wanted): Action | undefined =>
  Object.values(room.incidents)
    .flatMap((incident) => Object.values(incident.actions))
    .find(
      (action) =>
        action.service === service &&
        action.name === name &&
        action.undoes === null &&
        action.id !== id &&
        // A plan nobody armed binds nobody: a later request simply reads the world again.
        (isInPlace(action) || (action.state.name !== 'planned' && inProgress.has(action.state.name))),
    );

const isInPlace = ({ state }: Action): boolean => state.name === 'applied' || state.name === 'unknown';

/** The world has only one of it, whoever sees it: nothing is said of where it is and whose. */
const hidden = ({ service, name }: Wanted): Decision =>
  refuses(
    'already-in-place',
    `something of that kind is in place already, or about to be: ${name} on ${service}`,
    `it is not yours to see; ask who else works on ${service}`,
  );

const busy = (action: Action): Decision =>
  refuses(
    'action-in-progress',
    `${action.id} ${action.name} on ${action.service} is ${action.state.name}`,
    `confirm or cancel ${action.id} first`,
    [action.id],
  );

const request = (room: Room, incident: Incident) =>
  ({ type: 'action.requested', incident: incident.id, action: `A${room.actionsNumbered + 1}` }) as const;

/** Taking back is allowed until the incident is closed: it may be the last thing before closing. */
export const decideUndo = (room: Room, command: CommandOf<'undo'>): Decision =>
  onAction(room, command.action, (action, incident) =>
    undoing(room, incident, { action, arm: command.arm, automatic: false }),
  );

interface Undo {
  readonly action: Action;
  readonly arm: boolean;
  readonly automatic: boolean;
}

/** The request to take back one applied change, unless it is gone or being taken back. */
export const undoing = (room: Room, incident: Incident, undo: Undo): Decision => {
  const { action, arm, automatic } = undo;
  if (incident.phase === 'closed') return ended(incident);
  if (action.undoes !== null || !isInPlace(action))
    return refuses('not-in-place', `${action.id} is ${action.state.name}, not in place`, 'see what is: warroom ledger');
  const other = Object.values(incident.actions).find(
    (one) => one.undoes === action.id && one.state.name !== 'planned' && inProgress.has(one.state.name),
  );
  if (other !== undefined) return busy(other);
  const { service, name, params } = action;
  return commits({ ...request(room, incident), service, name, params, arm, undoes: action.id, automatic });
};

export const decideArm = (room: Room, command: CommandOf<'arm'>, context: DecisionContext): Decision =>
  onAction(room, command.action, (action, incident) => {
    if (incident.phase === 'closed' || (incident.phase === 'resolved' && action.undoes === null))
      return ended(incident);
    if (action.state.name !== 'planned')
      return refuses('not-planned', `${action.id} is ${action.state.name}`, 'ask for a new plan');
    const refused = action.undoes === null ? inTheWay(room, action, context) : takenBackBy(action, incident);
    return refused ?? commits(...armed(action, context));
  });

/** Another undo of the same entry that is on its way, or of which nobody knows what became: two at once would take back twice. */
const takenBackBy = (undo: Action, { actions }: Incident): Decision | null => {
  const other = Object.values(actions).find(
    ({ id, undoes, state }) =>
      id !== undo.id &&
      undoes === undo.undoes &&
      (state.name === 'armed' || state.name === 'confirmed' || state.name === 'started' || state.name === 'unknown'),
  );
  return other === undefined ? null : busy(other);
};

/** The events that arm an action; what policy marks harmless, or an expiry asked for, is confirmed with it. */
export const armed = (action: Action, context: DecisionContext): readonly IncidentEvent[] => {
  const person = action.automatic ? context.actor.name : action.requestedBy;
  const by = context.actor.kind === 'person' ? context.actor.name : person;
  const arm: IncidentEvent = {
    type: 'action.armed',
    incident: action.incident,
    action: action.id,
    person: by,
    until: plusMs(context.now, context.policy.armForMs),
  };
  const needsNoSecondKey = action.confirm === 'none' || action.automatic;
  return needsNoSecondKey ? [arm, ...confirmed(action, by, null)] : [arm];
};

const confirmed = (action: Action, person: string, incident: Incident | null): readonly IncidentEvent[] => {
  const entersContainment = incident !== null && incident.phase === 'triage' && action.undoes === null;
  return [
    { type: 'action.confirmed', incident: action.incident, action: action.id, person },
    ...(entersContainment
      ? [{ type: 'phase.entered', incident: incident.id, from: 'triage', to: 'containment' } as const]
      : []),
  ];
};

export const decideDisarm = (room: Room, command: CommandOf<'disarm'>): Decision =>
  onAction(room, command.action, (action) =>
    action.state.name === 'armed' || action.state.name === 'planned' || action.state.name === 'requested'
      ? commits({ type: 'action.disarmed', incident: action.incident, action: action.id, reason: 'cancelled' })
      : refuses('not-armed', `${action.id} is ${action.state.name}`, 'nothing to cancel'),
  );

export const decideConfirm = (room: Room, command: CommandOf<'confirm'>, context: DecisionContext): Decision =>
  onAction(room, command.action, (action, incident) => {
    const { state } = action;
    if (state.name !== 'armed') return refuses('not-armed', `${action.id} is ${state.name}`, 'arm it first');
    if (state.until <= context.now) return refuses('arm-expired', `the arm of ${action.id} ran out`, 'arm it again');
    if (action.confirm === 'typed' && command.typed !== action.service) {
      return refuses(
        'target-not-typed',
        `${action.id} is confirmed by typing ${action.service}`,
        `type the target: ${action.service}`,
      );
    }
    if (action.confirm === 'two-person') {
      if (state.by === context.actor.name)
        return refuses(
          'same-person',
          `${state.by} armed ${action.id}; a second person confirms`,
          'ask somebody else in the room',
        );
      if (state.token !== null && state.token === context.actor.token)
        return refuses(
          'same-person',
          `${action.id} was armed with the same token; two persons are two tokens`,
          'give each person a token: warroom token add NAME --permission responder',
        );
    }
    return commits(...confirmed(action, context.actor.name, incident));
  });

/** A person decides to leave the world as it is: the entry leaves the ledger with their name and reason. */
export const decideLetGo = (room: Room, command: CommandOf<'let-go'>, context: DecisionContext): Decision =>
  onAction(room, command.action, (action, incident) => {
    const { state } = action;
    if (action.undoes !== null || !isInPlace(action))
      return refuses('not-in-place', `${action.id} is ${state.name}, not in place`, 'see what is: warroom ledger');
    if (command.reason === '')
      return refuses('reason-required', `letting ${action.id} go needs a reason`, 'give one: --reason "…"');
    const person = context.actor.name;
    return commits({ type: 'action.let_go', incident: incident.id, action: action.id, person, reason: command.reason });
  });
