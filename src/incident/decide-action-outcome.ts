// Owns what the agent records about actions: plans, starts, outcomes, and the deadlines of arms and containments.
import type { AgentCommand } from './commands.ts';
import { armed, undoing } from './decide-containment.ts';
import { commits, type Decision, type DecisionContext, ended, onAction, refuses } from './decision.ts';
import type { ConfirmPolicy, IncidentEvent } from './events.ts';
import { own } from './own.ts';
import { type Action, type ActionState, type Incident, isOpen, type Room } from './state.ts';
import { safeText } from './text.ts';
import { MINUTE, plusMs, type Timestamp } from './time.ts';

type CommandOf<T extends AgentCommand['type']> = Extract<AgentCommand, { type: T }>;

const onActionIn = (
  room: Room,
  id: string,
  states: readonly ActionState['name'][],
  decide: (action: Action, incident: Incident) => Decision,
): Decision =>
  onAction(room, id, (action, incident) =>
    states.includes(action.state.name)
      ? decide(action, incident)
      : refuses('already-so', `${id} is ${action.state.name}`, 'nothing to do'),
  );

export const decidePlan = (room: Room, command: CommandOf<'record-plan'>, context: DecisionContext): Decision =>
  onActionIn(room, command.action, ['requested'], (action) => {
    const policy = own(context.policy.actions, action.name);
    const production = own(context.policy.services, action.service)?.environment.production ?? true;
    const confirm = confirmIn(production, policy?.confirm ?? 'key');
    const expiresAfterMs = action.undoes === null ? (policy?.expiresAfterMs ?? null) : null;
    const planned: IncidentEvent = {
      type: 'action.planned',
      incident: action.incident,
      action: action.id,
      plan: command.plan,
      confirm,
      expiresAfterMs,
    };
    const withPlan = { ...action, confirm };
    return commits(planned, ...(action.arm ? armed(withPlan, context) : []));
  });

/** Where customers are, one key is never enough. */
const confirmIn = (production: boolean, policy: ConfirmPolicy): ConfirmPolicy =>
  production && (policy === 'none' || policy === 'key') ? 'typed' : policy;

export const decideRefusedPlan = (room: Room, command: CommandOf<'refuse-plan'>): Decision =>
  onActionIn(room, command.action, ['requested'], (action) => {
    const { reason, changes } = command;
    return commits({
      type: 'action.refused',
      incident: action.incident,
      action: action.id,
      reason,
      detail: safeText(command.detail),
      changes,
    });
  });

export const decideExpireArm = (room: Room, command: CommandOf<'expire-arm'>, context: DecisionContext): Decision =>
  onActionIn(room, command.action, ['armed', 'confirmed'], (action) =>
    hasRunOut(action, context.now)
      ? commits({ type: 'action.disarmed', incident: action.incident, action: action.id, reason: 'expired' })
      : refuses('nothing-due', `the arm of ${action.id} still runs`, 'nothing to do'),
  );

const hasRunOut = ({ state }: Action, now: Timestamp): boolean =>
  (state.name === 'armed' || state.name === 'confirmed') && state.until <= now;

export const decideStart = (room: Room, command: CommandOf<'start-action'>, context: DecisionContext): Decision =>
  onActionIn(room, command.action, ['confirmed'], (action, incident) => {
    if (hasRunOut(action, context.now))
      return refuses('arm-expired', `${action.id} was confirmed too long ago`, 'ask for it again');
    // An incident that has ended is only taken back from.
    if (action.undoes === null && !isOpen(incident)) return ended(incident);
    return commits({ type: 'action.started', incident: action.incident, action: action.id });
  });

/** Applied, as observed. An applied undo ends the entry it takes back. */
export const decideApplied = (room: Room, command: CommandOf<'record-applied'>, context: DecisionContext): Decision =>
  onActionIn(room, command.action, ['started', 'unknown'], (action, incident) => {
    const expiresAt = action.expiresAfterMs === null ? null : plusMs(context.now, action.expiresAfterMs);
    const applied: IncidentEvent = {
      type: 'action.applied',
      incident: action.incident,
      action: action.id,
      errorRatioBefore: command.errorRatio,
      expiresAt,
    };
    const undone = action.undoes === null ? undefined : incident.actions[action.undoes];
    if (undone === undefined || !isInPlace(undone)) return commits(applied);
    return commits(applied, {
      type: 'action.undone',
      incident: action.incident,
      action: undone.id,
      by: action.id,
      errorRatioAfter: command.errorRatio,
    });
  });

const isInPlace = ({ state }: Action): boolean => state.name === 'applied' || state.name === 'unknown';

/** An undo that found the target as it was before has nothing to do, and its entry is over. */
export const decideGone = (room: Room, command: CommandOf<'record-gone'>): Decision =>
  onActionIn(room, command.action, ['requested'], (action, incident) => {
    const entry = action.undoes === null ? undefined : incident.actions[action.undoes];
    const refused: IncidentEvent = {
      type: 'action.refused',
      incident: action.incident,
      action: action.id,
      reason: 'already-as-before',
      detail: safeText(command.detail),
      changes: [],
    };
    if (entry === undefined || !isInPlace(entry)) return commits(refused);
    const { errorRatio: errorRatioAfter } = command;
    return commits(refused, {
      type: 'action.undone',
      incident: incident.id,
      action: entry.id,
      by: action.id,
      errorRatioAfter,
    });
  });

export const decideFailed = (room: Room, command: CommandOf<'record-failed'>): Decision =>
  onActionIn(room, command.action, ['started', 'unknown'], (action) =>
    commits({
      type: 'action.failed',
      incident: action.incident,
      action: action.id,
      reason: command.reason,
      detail: safeText(command.detail),
    }),
  );

export const decideUnknown = (room: Room, command: CommandOf<'record-unknown'>): Decision =>
  onActionIn(room, command.action, ['started'], (action) =>
    commits({ type: 'action.unknown', incident: action.incident, action: action.id, detail: safeText(command.detail) }),
  );

/** An expiry asks for the undo until the world answers; where it answers no, the entry stays and a person decides. */
export const decideExpireContainment = (
  room: Room,
  command: CommandOf<'expire-containment'>,
  context: DecisionContext,
): Decision =>
  onActionIn(room, command.action, ['applied'], (action, incident) => {
    const dueAt = expiryDueAt(action, automaticIn(incident));
    if (dueAt === null || dueAt > context.now)
      return refuses('nothing-due', `${action.id} has not run out`, 'nothing to do');
    return undoing(room, incident, { action, arm: true, automatic: true });
  });

const EXPIRY_AGAIN_AFTER_MS = MINUTE;

/** What expiries asked for. */
export const automaticIn = ({ actions }: Incident): readonly Action[] =>
  Object.values(actions).filter((action) => action.automatic);

/** When the expiry of an entry is to ask for its undo: at its time, and a while after each try that came to nothing. */
export const expiryDueAt = (action: Action, automatic: readonly Action[]): Timestamp | null => {
  const { state } = action;
  if (state.name !== 'applied' || action.undoes !== null || state.expiresAt === null) return null;
  const tries = automatic.filter((other) => other.undoes === action.id);
  if (tries.some((one) => !cameToNothing(one))) return null;
  const latest = tries.at(-1);
  return latest === undefined ? state.expiresAt : plusMs(latest.requestedAt, EXPIRY_AGAIN_AFTER_MS);
};

/** The target could not be reached, or nobody was there to begin: an agent that died, or whose disk was full. */
const cameToNothing = ({ state }: Action): boolean =>
  (state.name === 'disarmed' && state.reason === 'expired') ||
  ((state.name === 'refused' || state.name === 'failed') &&
    (state.reason === 'unreachable' || state.reason === 'timeout'));
