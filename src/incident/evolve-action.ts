// Owns how a containment action changes with each fact, from request to undone.
import type { EventOf } from './events.ts';
import type { EventContext } from './evolve.ts';
import type { Action, ActionState, Incident } from './state.ts';
import { plusMs } from './time.ts';

type ActionEvent = EventOf<
  | 'action.requested'
  | 'action.planned'
  | 'action.refused'
  | 'action.armed'
  | 'action.disarmed'
  | 'action.confirmed'
  | 'action.started'
  | 'action.applied'
  | 'action.failed'
  | 'action.unknown'
  | 'action.undone'
  | 'action.let_go'
>;

type Actions = Incident['actions'];

// A confirmation is for now: one that nobody was there to carry out is not carried out hours later.
const CONFIRMED_FOR_MS = 30_000;

export const evolveAction = (actions: Actions, event: ActionEvent, context: EventContext): Actions => {
  if (event.type === 'action.requested') return { ...actions, [event.action]: requested(event, context) };
  const action = actions[event.action];
  return action === undefined ? actions : { ...actions, [event.action]: evolved(action, event, context) };
};

const requested = (event: EventOf<'action.requested'>, context: EventContext): Action => ({
  id: event.action,
  incident: event.incident,
  service: event.service,
  name: event.name,
  params: event.params,
  arm: event.arm,
  undoes: event.undoes,
  automatic: event.automatic,
  requestedBy: context.actor.name,
  requestedToken: context.actor.token ?? null,
  requestedAt: context.at,
  plan: null,
  confirm: 'key',
  expiresAfterMs: null,
  confirmedBy: null,
  state: { name: 'requested' },
});

const evolved = (
  action: Action,
  event: Exclude<ActionEvent, EventOf<'action.requested'>>,
  context: EventContext,
): Action => {
  switch (event.type) {
    case 'action.planned':
      return {
        ...action,
        plan: event.plan,
        confirm: event.confirm,
        expiresAfterMs: event.expiresAfterMs,
        state: { name: 'planned' },
      };
    case 'action.refused':
      return {
        ...action,
        state: { name: 'refused', reason: event.reason, detail: event.detail, changes: event.changes },
      };
    case 'action.armed':
      return {
        ...action,
        state: {
          name: 'armed',
          by: event.person,
          // Armed with its plan, by the agent, for the one who asked.
          token: context.actor.kind === 'person' ? (context.actor.token ?? null) : action.requestedToken,
          at: context.at,
          until: event.until,
        },
      };
    case 'action.disarmed':
      return { ...action, state: { name: 'disarmed', reason: event.reason } };
    case 'action.confirmed':
      return {
        ...action,
        confirmedBy: event.person,
        state: { name: 'confirmed', by: event.person, until: plusMs(context.at, CONFIRMED_FOR_MS) },
      };
    case 'action.started':
      return { ...action, state: { name: 'started', by: action.confirmedBy ?? action.requestedBy, at: context.at } };
    case 'action.applied':
      return {
        ...action,
        state: {
          name: 'applied',
          at: context.at,
          expiresAt: event.expiresAt,
          errorRatioBefore: event.errorRatioBefore,
        },
      };
    case 'action.failed':
      return { ...action, state: { name: 'failed', reason: event.reason, detail: event.detail } };
    case 'action.unknown':
      return { ...action, state: { name: 'unknown', at: context.at, detail: event.detail } };
    case 'action.undone':
      return { ...action, state: undone(action.state, event, context) };
    case 'action.let_go':
      return { ...action, state: { name: 'let-go', by: event.person, at: context.at, reason: event.reason } };
    default:
      return event satisfies never;
  }
};

const undone = (state: ActionState, event: EventOf<'action.undone'>, context: EventContext): ActionState => ({
  name: 'undone',
  by: event.by,
  at: context.at,
  errorRatioBefore: state.name === 'applied' ? state.errorRatioBefore : null,
  errorRatioAfter: event.errorRatioAfter,
});
