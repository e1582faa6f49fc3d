// Owns what the agent records about actions: plans, starts, outcomes, and the deadlines of arms and containments.
import type { AgentCommand } from './commands.ts';
import { armed, undoing } from './decide-containment.ts';
import { commits, type Decision, type DecisionContext, onAction, refuses } from './decision.ts';
import type { ConfirmPolicy, IncidentEvent } from './events.ts';
import { own } from './own.ts';
import type { Action, ActionState, Incident, Room } from './state.ts';
import { safeText } from './text.ts';
import { plusMs } from './time.ts';

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
  onActionIn(room, command.action, ['armed'], (action) =>
    action.state.name === 'armed' && action.state.until <= context.now
      ? commits({ type: 'action.disarmed', incident: action.incident, action: action.id, reason: 'expired' })
      : refuses('nothing-due', `the arm of ${action.id} still runs`, 'nothing to do'),
  );

export const decideStart = (room: Room, command: CommandOf<'start-action'>): Decision =>
  onActionIn(room, command.action, ['confirmed'], (action) =>
    commits({ type: 'action.started', incident: action.incident, action: action.id }),
  );

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
    if (undone === undefined) return commits(applied);
    return commits(applied, {
      type: 'action.undone',
      incident: action.incident,
      action: undone.id,
      by: action.id,
      errorRatioAfter: command.errorRatio,
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

/** An expiry asks once for the undo; where that cannot be done, the entry stays and a person decides. */
export const decideExpireContainment = (
  room: Room,
  command: CommandOf<'expire-containment'>,
  context: DecisionContext,
): Decision =>
  onActionIn(room, command.action, ['applied'], (action, incident) => {
    const { state } = action;
    const isDue =
      state.name === 'applied' &&
      state.expiresAt !== null &&
      state.expiresAt <= context.now &&
      !wasTried(action, incident);
    if (!isDue) return refuses('nothing-due', `${action.id} has not run out`, 'nothing to do');
    return undoing(room, incident, { action, arm: true, automatic: true });
  });

/** True when the expiry of this entry already asked for its undo. */
export const wasTried = (action: Action, incident: Incident): boolean =>
  Object.values(incident.actions).some((other) => other.undoes === action.id && other.automatic);
