// Owns the shape of one line in the table of keys.
import type { RoomView } from '../client/room-client.ts';
import type { Incident } from '../incident/state.ts';
import type { ScreenName } from './dialog.ts';

/** Where a key is pressed; on a screen its own keys come before those of every list. */
export type Place = 'room' | 'card' | 'question' | 'menu' | 'entry' | 'palette' | 'list' | ScreenName;

export interface KeySituation {
  readonly view: RoomView;
  readonly incident: Incident | null;
  /** The agent's clock, epoch milliseconds. */
  readonly now: number;
}

export interface Binding {
  readonly id: BindingId;
  /** As written on the keyboard; the first is shown in the footer. */
  readonly keys: readonly string[];
  readonly where: Place;
  /** In the footer; an empty one stays out of it. */
  readonly label: string;
  readonly title: string;
  readonly consequence: string;
  readonly dangerous: boolean;
  /** Why it is not possible now; null where it is. */
  readonly disabledReason: Reason;
}

export type Reason = (situation: KeySituation) => string | null;

/** A line of the table as it is written: what goes without saying is left out. */
export type Written = Pick<Binding, 'id' | 'keys' | 'title' | 'consequence'> &
  Partial<Pick<Binding, 'label' | 'dangerous' | 'disabledReason'>>;

export const boundIn = (where: Place, written: readonly Written[]): readonly Binding[] =>
  written.map((binding) => ({ label: '', dangerous: false, disabledReason: () => null, ...binding, where }));

export type BindingId =
  | 'acknowledge'
  | 'contain'
  | 'undo'
  | 'view'
  | 'roles'
  | 'note'
  | 'severity'
  | 'phase'
  | 'resolve'
  | 'close'
  | 'false-alarm'
  | 'reopen'
  | 'declare'
  | 'title'
  | 'incidents'
  | 'previous'
  | 'next'
  | 'scroll'
  | 'help'
  | 'repaint'
  | 'quit'
  | 'leave'
  | 'confirm'
  | 'arm'
  | 'cancel'
  | 'back'
  | 'type-target'
  | 'yes'
  | 'no'
  | 'pick'
  | 'pick-number'
  | 'dismiss'
  | 'send'
  | 'erase'
  | 'discard'
  | 'open'
  | 'shut'
  | 'filter'
  | 'palette'
  | 'run'
  | 'roles-screen'
  | ScreenName
  | ScreenKeyId;

/** What only one screen does to its marked item. */
export type ScreenKeyId = 'take' | 'give' | 'release' | 'silence' | 'lift' | 'undo-marked';
