// Owns what is in place and what is under way, as words: who, what, before and now, until when.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import type { Action, Incident } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { countdown, percent, shortCountdown } from '../../format.ts';
import { ARROW } from '../../glyphs.ts';
import { actionsUnderWay, ledgerNewestFirst } from '../../select.ts';
import type { Tone } from './escalation-model.ts';

export interface LedgerLine {
  readonly id: string;
  readonly what: string;
  readonly owner: string;
  readonly detail: string;
  readonly tone: Tone | 'loud';
}

export interface LedgerModel {
  readonly title: string;
  readonly isEmpty: boolean;
  readonly count: number;
  /** Of very many the first, more than fit into a window. */
  readonly entries: readonly LedgerLine[];
}

const MOST_IN_VIEW = 50;

export const ledgerModel = (view: RoomView, incident: Incident, now: number): LedgerModel => {
  const inPlace = ledgerNewestFirst(incident);
  const underWay = actionsUnderWay(incident).filter((action) => !inPlace.includes(action));
  const count = inPlace.length;
  return {
    title: count === 0 ? `IN PLACE nothing${yet(underWay)}` : `IN PLACE ${count}`,
    isEmpty: count === 0 && underWay.length === 0,
    count: underWay.length + count,
    entries: [...underWay, ...inPlace].slice(0, MOST_IN_VIEW).map((action) => ({
      id: action.id,
      what: action.undoes === null ? `${action.name} ${action.service}` : `undo ${action.undoes} ${action.name}`,
      owner: action.confirmedBy ?? action.requestedBy,
      ...stateOf(view, action, now),
    })),
  };
};

/** Says what the rows below are, so that nobody reads them as in place. */
const yet = ([first]: readonly Action[]): string => {
  if (first === undefined) return '';
  const { state } = first;
  const words = state.name === 'armed' ? `armed by ${state.by}` : state.name === 'requested' ? 'planning' : state.name;
  return ` yet, ${first.id} ${words}`;
};

const stateOf = (view: RoomView, action: Action, now: number): Pick<LedgerLine, 'detail' | 'tone'> => {
  const { state } = action;
  switch (state.name) {
    case 'requested':
      return { detail: 'planning', tone: 'plain' };
    case 'planned':
      return { detail: 'planned, not armed', tone: 'plain' };
    case 'armed':
      return { detail: `ARMED by ${state.by}, ${shortCountdown(toEpochMs(state.until) - now)}`, tone: 'warn' };
    case 'confirmed':
      return { detail: `confirmed by ${state.by}`, tone: 'plain' };
    case 'started':
      return { detail: 'applying', tone: 'plain' };
    case 'applied':
      return { detail: appliedWords(view, action, now), tone: 'plain' };
    case 'unknown':
      return { detail: `UNKNOWN: ${state.detail}`, tone: 'loud' };
    case 'let-go':
      return { detail: `let go by ${state.by}: ${state.reason}`, tone: 'dim' };
    case 'refused':
    case 'disarmed':
    case 'failed':
    case 'undone':
      return { detail: state.name, tone: 'dim' };
    default:
      return state satisfies never;
  }
};

const appliedWords = (view: RoomView, action: Action, now: number): string => {
  if (action.state.name !== 'applied') return '';
  const reading = own(view.signals, action.service)?.reading.errorRatio;
  const current = reading?.known ? percent(reading.value) : 'unknown';
  const { expiresAt } = action.state;
  const expiry = expiresAt === null ? '' : `   expires ${countdown(toEpochMs(expiresAt) - now)}`;
  return `${percent(action.state.errorRatioBefore)} ${ARROW} ${current}${expiry}`;
};
