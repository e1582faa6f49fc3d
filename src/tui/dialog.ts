// Owns what can lie over the room: a menu, a text entry, a question, an action's card, a list, the help.
import type { Refusal } from '../incident/refusal.ts';
import type { Action } from '../incident/state.ts';
import type { ActionId, IncidentId, Role, Severity, SilenceId } from '../incident/words.ts';

export type Menu =
  | { readonly kind: 'contain'; readonly incident: IncidentId }
  | { readonly kind: 'undo'; readonly incident: IncidentId }
  | { readonly kind: 'roles'; readonly incident: IncidentId }
  | { readonly kind: 'severity'; readonly incident: IncidentId }
  | { readonly kind: 'phase'; readonly incident: IncidentId }
  | { readonly kind: 'declare-service' }
  | { readonly kind: 'declare-severity'; readonly service: string; readonly title: string };

export type Purpose =
  | { readonly kind: 'note'; readonly incident: IncidentId }
  | { readonly kind: 'title'; readonly incident: IncidentId }
  | { readonly kind: 'lower'; readonly incident: IncidentId; readonly severity: Severity }
  | { readonly kind: 'false-alarm'; readonly incident: IncidentId }
  | { readonly kind: 'reopen'; readonly incident: IncidentId }
  | { readonly kind: 'declare-title'; readonly service: string }
  | { readonly kind: 'give-role'; readonly incident: IncidentId; readonly role: Role }
  /** Null: the service is named first in the text. */
  | { readonly kind: 'silence'; readonly service: string | null };

export type Question =
  | { readonly kind: 'resolve'; readonly incident: IncidentId }
  | { readonly kind: 'close'; readonly incident: IncidentId }
  | { readonly kind: 'false-alarm'; readonly incident: IncidentId; readonly reason: string }
  | { readonly kind: 'lift-silence'; readonly silence: SilenceId };

export interface Card {
  readonly name: 'card';
  readonly action: ActionId;
  /** What was typed of the target's name, where policy wants it typed. */
  readonly typed: string;
  readonly isTyping: boolean;
  readonly isArmed: boolean;
  /** Local milliseconds before which `y` does nothing: a card must not take keys meant for what was there before. */
  readonly readyAtMs: number;
  readonly top: number;
}

export const SCREENS = [
  'incidents',
  'services',
  'signals',
  'ledger',
  'timeline',
  'roles',
  'silences',
  'summary',
  'sources',
  'agent',
] as const;
export type ScreenName = (typeof SCREENS)[number];

/** A screen of its own, in place of the room. */
export interface OnScreen {
  readonly name: 'screen';
  readonly screen: ScreenName;
  /** The marked item, or the first row in view where nothing is marked. */
  readonly cursor: number;
  /** The marked one by name: the mark stays on it when others come or go above. */
  readonly item: string | null;
  readonly filter: string;
  /** Keys go into the filter. */
  readonly isFiltering: boolean;
  /** What the screen is about, where that is not the shown incident: a service. */
  readonly subject: string | null;
}

export const onScreen = (screen: ScreenName, more: Partial<OnScreen> = {}): OnScreen => ({
  name: 'screen',
  screen,
  cursor: 0,
  item: null,
  filter: '',
  isFiltering: false,
  subject: null,
  ...more,
});

export type Dialog =
  | { readonly name: 'help'; readonly top: number }
  | { readonly name: 'palette'; readonly text: string; readonly cursor: number }
  | OnScreen
  | { readonly name: 'menu'; readonly menu: Menu; readonly cursor: number }
  | { readonly name: 'entry'; readonly purpose: Purpose; readonly text: string }
  | { readonly name: 'ask'; readonly question: Question; readonly readyAtMs: number; readonly refusal: Refusal | null }
  | Card;

export const DEAD_TIME_MS = 400;

/** Most characters an entry takes, as the commands do. */
export const maxLengthOf = (purpose: Purpose): number =>
  purpose.kind === 'note'
    ? 4_000
    : purpose.kind === 'title' || purpose.kind === 'declare-title'
      ? 200
      : purpose.kind === 'give-role'
        ? 64
        : 500;

/** The card of an action, as it opens now. */
export const cardFor = (
  action: Pick<Action, 'id'> & Partial<Action>,
  { localMs }: { readonly localMs: number },
): Card => {
  const isArmed = action.state?.name === 'armed';
  return {
    name: 'card',
    action: action.id,
    typed: '',
    isTyping: isArmed && action.confirm === 'typed',
    isArmed,
    readyAtMs: localMs + DEAD_TIME_MS,
    top: 0,
  };
};
