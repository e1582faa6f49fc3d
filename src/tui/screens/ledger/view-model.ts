// Owns what the ledger shows: what is in place first, then what is under way, then everything that was, newest first.
import type { RoomView } from '../../../client/room-client.ts';
import { matches } from '../../../incident/filter.ts';
import { own } from '../../../incident/own.ts';
import type { Action, Room } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { countdown, percent, shortCountdown, timeOfDay } from '../../format.ts';
import { ARROW } from '../../glyphs.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { actionTitle } from '../../select.ts';
import { failureWords } from '../../sentences.ts';

export interface LedgerRow {
  readonly id: string;
  readonly state: string;
  readonly tone: 'plain' | 'dim' | 'ok' | 'warn' | 'bad' | 'loud';
  readonly what: string;
  readonly incident: string;
  readonly owner: string;
  /** What it did to the error ratio, or why it did not. */
  readonly effect: string;
  /** Until when it stays, where it was told so. */
  readonly expiry: string;
}

const rank = ({ state, undoes }: Action): number => {
  switch (state.name) {
    case 'unknown':
      return 0;
    case 'applied':
      return undoes === null ? 1 : 3;
    case 'requested':
    case 'planned':
    case 'armed':
    case 'confirmed':
    case 'started':
      return 2;
    default:
      return 3;
  }
};

const numberOf = (action: Action): number => Number.parseInt(action.id.slice(1), 10) || 0;

/** Every action of every incident that the filter lets through. */
export const ledgerActions = ({ incidents }: Room, filter: string): readonly Action[] =>
  filter === '' ? allActions(incidents) : found(allActions(incidents), filter);

const found = rememberedWith((actions: readonly Action[], filter: string): readonly Action[] =>
  actions.filter((action) => matches(filter, searchable(action))),
);

const allActions = remembered((incidents: Room['incidents']): readonly Action[] =>
  Object.values(incidents)
    .flatMap((incident) => Object.values(incident.actions))
    .sort((a, b) => rank(a) - rank(b) || numberOf(b) - numberOf(a)),
);

export const idsOf = remembered((actions: readonly Action[]): readonly string[] => actions.map(({ id }) => id));

const searchable = (action: Action): string =>
  [action.id, action.incident, action.state.name, actionTitle(action), action.requestedBy, action.confirmedBy].join(
    ' ',
  );

export const inPlaceCount = ({ incidents }: Room): number => countInPlace(allActions(incidents));

const countInPlace = remembered((actions: readonly Action[]) => actions.filter((action) => rank(action) < 2).length);

export const ledgerRow = (view: RoomView, action: Action, now: number): LedgerRow => ({
  id: action.id,
  what: actionTitle(action),
  incident: action.incident,
  owner: action.confirmedBy ?? action.requestedBy,
  ...stateWords(view, action, now),
});

type StateWords = Pick<LedgerRow, 'state' | 'tone' | 'effect' | 'expiry'>;

const stateWords = (view: RoomView, action: Action, now: number): StateWords => {
  const { state } = action;
  const said = (words: string, tone: LedgerRow['tone'], effect = '', expiry = ''): StateWords => ({
    state: words,
    tone,
    effect,
    expiry,
  });
  switch (state.name) {
    case 'applied': {
      if (action.undoes !== null) return said('undo done', 'dim', `at ${timeOfDay(state.at)}`);
      const expiry = state.expiresAt === null ? 'no expiry' : `expires ${countdown(toEpochMs(state.expiresAt) - now)}`;
      return said('IN PLACE', 'ok', `${percent(state.errorRatioBefore)} ${ARROW} ${errorsNow(view, action)}`, expiry);
    }
    case 'unknown':
      return said('UNKNOWN', 'loud', state.detail);
    case 'undone':
      return said(
        'undone',
        'dim',
        `${percent(state.errorRatioBefore)} ${ARROW} ${percent(state.errorRatioAfter)}`,
        `by ${state.by} ${timeOfDay(state.at)}`,
      );
    case 'let-go':
      return said('let go', 'dim', state.reason, `by ${state.by}`);
    case 'armed':
      return said('ARMED', 'warn', `by ${state.by}`, shortCountdown(toEpochMs(state.until) - now));
    case 'failed':
      return said('FAILED', 'bad', failureWords[state.reason]);
    case 'refused':
      return said('refused', 'bad', failureWords[state.reason]);
    case 'disarmed':
      return said('disarmed', 'dim', state.reason);
    case 'requested':
      return said('planning', 'plain');
    case 'planned':
    case 'confirmed':
    case 'started':
      return said(state.name, 'plain');
    default:
      return state satisfies never;
  }
};

const errorsNow = (view: RoomView, action: Action): string => {
  const reading = own(view.signals, action.service)?.reading.errorRatio;
  return reading?.known ? percent(reading.value) : 'unknown';
};
