// Owns what the card of one action shows: who asked, what would change, what it touches, the way back, and where it stands.
import type { RoomView } from '../../../client/room-client.ts';
import type { PlanChange } from '../../../incident/events.ts';
import type { Action } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import type { Card } from '../../dialog.ts';
import { age, clock, percent, shortCountdown, timeOfDay } from '../../format.ts';
import { actionTitle, conflictedUndoOf, findAction } from '../../select.ts';
import { failureWords } from '../../sentences.ts';

export type CardTone = 'plain' | 'ok' | 'warn' | 'bad' | 'loud' | 'dim';

export interface CardModel {
  readonly id: string;
  readonly title: string;
  readonly asked: string;
  readonly state: { readonly text: string; readonly tone: CardTone; readonly left: string };
  /** What the person has to do next, or why they cannot; empty where nothing is to be done. */
  readonly step: { readonly text: string; readonly tone: CardTone };
  readonly field: {
    readonly target: string;
    readonly typed: string;
    readonly isOpen: boolean;
    readonly matches: boolean;
  } | null;
  readonly changes: readonly PlanChange[];
  readonly changesTitle: string;
  readonly touches: readonly string[];
  readonly command: string;
  readonly inverse: string;
  readonly expires: string;
  readonly top: number;
}

export interface CardMoment {
  readonly now: number;
  readonly card: Card;
}

export const cardModel = (view: RoomView, { now, card }: CardMoment): CardModel => {
  const action = findAction(view.room, card.action);
  return action === null ? unseen(card) : modelOf(view, action, { now, card });
};

const unseen = (card: Card): CardModel => ({
  id: card.action,
  title: '',
  asked: '',
  state: { text: 'asked for; the agent has not told more yet', tone: 'dim', left: '' },
  step: { text: '', tone: 'plain' },
  field: null,
  changes: [],
  changesTitle: 'changes',
  touches: [],
  command: '',
  inverse: '',
  expires: '',
  top: 0,
});

const modelOf = (view: RoomView, action: Action, { now, card }: CardMoment): CardModel => {
  const { plan, state } = action;
  const isConflict = state.name === 'refused' && state.changes.length > 0;
  return {
    id: action.id,
    title: actionTitle(action),
    asked: `asked by ${action.automatic ? 'its expiry' : action.requestedBy} at ${timeOfDay(action.requestedAt)}`,
    state: stateOf(action, now),
    step: stepOf(view, action, card),
    field: fieldOf(action, card),
    changes: isConflict ? state.changes : (plan?.changes ?? []),
    changesTitle: isConflict ? 'changed by somebody since' : 'changes',
    touches: plan?.touches ?? [],
    command: plan?.command ?? '',
    inverse: plan?.inverse ?? '',
    expires:
      action.expiresAfterMs === null
        ? ''
        : `${clock(action.expiresAfterMs)} after it was applied it is taken back by itself`,
    top: card.top,
  };
};

const stateOf = (action: Action, now: number): CardModel['state'] => {
  const { state } = action;
  switch (state.name) {
    case 'requested':
      return { text: 'planning: reading what it would change', tone: 'plain', left: '' };
    case 'refused':
      return {
        text: `${state.reason === 'conflict' ? 'CONFLICT' : 'REFUSED'}: ${failureWords[state.reason]}${after(state.detail)}`,
        tone: 'loud',
        left: '',
      };
    case 'planned':
      return { text: 'planned, not armed: nothing has happened', tone: 'plain', left: '' };
    case 'armed':
      return {
        text: `ARMED by ${state.by}: nothing has happened yet`,
        tone: 'warn',
        left: `confirm within ${shortCountdown(toEpochMs(state.until) - now)}`,
      };
    case 'disarmed':
      return {
        text: `${state.reason === 'expired' ? 'not confirmed in time' : state.reason === 'cancelled' ? 'cancelled' : 'called off with the incident'}: nothing was done`,
        tone: 'plain',
        left: '',
      };
    case 'confirmed':
      return { text: `confirmed by ${state.by}, about to start`, tone: 'plain', left: '' };
    case 'started':
      return {
        text: `applying for ${age(now - toEpochMs(state.at))}, confirmed by ${state.by}`,
        tone: 'plain',
        left: '',
      };
    case 'applied':
      return {
        text: `APPLIED and observed at ${timeOfDay(state.at)}`,
        tone: 'ok',
        left: `errors were ${percent(state.errorRatioBefore)}`,
      };
    case 'failed':
      return { text: `FAILED: ${failureWords[state.reason]}${after(state.detail)}`, tone: 'loud', left: '' };
    case 'unknown':
      return { text: `UNKNOWN since ${timeOfDay(state.at)}${after(state.detail)}`, tone: 'loud', left: '' };
    case 'let-go':
      return { text: `let go by ${state.by} at ${timeOfDay(state.at)}${after(state.reason)}`, tone: 'plain', left: '' };
    case 'undone':
      return { text: `taken back by ${state.by} at ${timeOfDay(state.at)}`, tone: 'ok', left: '' };
    default:
      return state satisfies never;
  }
};

const after = (detail: string): string => (detail === '' ? '' : `: ${detail}`);

const stepOf = (view: RoomView, action: Action, card: Card): CardModel['step'] => {
  const { state } = action;
  if (state.name === 'planned') return { text: 'A arms it: everybody sees it, and y confirms', tone: 'plain' };
  if (state.name === 'unknown')
    return { text: 'look at the target before doing more; u plans the way back', tone: 'plain' };
  if (state.name === 'refused' && state.reason === 'conflict')
    return { text: `nothing was overwritten${wayOn(conflictedUndoOf(action))}`, tone: 'plain' };
  if (state.name !== 'armed') return { text: '', tone: 'plain' };
  if (action.confirm === 'two-person' && state.by === view.me)
    return { text: 'a second person confirms: you armed it', tone: 'warn' };
  if (action.confirm !== 'typed') return { text: 'y confirms, alone; x cancels', tone: 'plain' };
  if (card.typed === action.service && !card.isTyping)
    return { text: 'the name matches: y confirms, alone; x cancels', tone: 'ok' };
  return card.typed === action.service
    ? { text: 'the name matches: Enter or Tab, then y', tone: 'ok' }
    : { text: `type ${action.service} to confirm`, tone: 'warn' };
};

const wayOn = (id: string | null): string =>
  id === null ? '' : `: u tries again; to leave it as it is: warroom let-go ${id} --reason …`;

const fieldOf = (action: Action, card: Card): CardModel['field'] =>
  action.state.name === 'armed' && action.confirm === 'typed'
    ? { target: action.service, typed: card.typed, isOpen: card.isTyping, matches: card.typed === action.service }
    : null;
