// Owns the interface of a screen: what it shows of the room, what its mark moves over, and what its own keys do.
import type { RoomView } from '../../client/room-client.ts';
import type { Incident } from '../../incident/state.ts';
import type { ArchiveSeen } from '../archive-seen.ts';
import type { BindingId } from '../binding.ts';
import type { OnScreen } from '../dialog.ts';
import type { Size } from '../row.ts';
import type { Situation, Step, Ui } from '../ui.ts';
import type { Pane } from './room/rows.ts';

export interface ScreenMoment {
  readonly view: RoomView;
  /** The one the terminal shows; null in a calm room. */
  readonly incident: Incident | null;
  /** The agent's clock, epoch milliseconds. */
  readonly now: number;
  readonly cursor: number;
  readonly filter: string;
  readonly subject: string | null;
  readonly archive: ArchiveSeen;
}

export interface ScreenPress {
  readonly id: BindingId;
  readonly on: OnScreen;
  /** The marked one, as `items` names it; null where there is none. */
  readonly item: string | null;
  readonly situation: Situation;
}

export interface Screen {
  /** In the rule above its rows. */
  readonly title: (moment: ScreenMoment) => string;
  /** What the mark moves over, in the order shown and after the filter; empty where the screen only scrolls. */
  readonly items: (moment: ScreenMoment) => readonly string[];
  /** Rows below the title. Where there are items, `moment.cursor` is the marked one; else it is the first row in view. */
  readonly pane: (moment: ScreenMoment, size: Size) => Pane;
  /** What Enter does, as the footer says it; null where it does nothing. */
  readonly enter: string | null;
  /** Enter (`open`) and the screen's own keys. */
  readonly press: (ui: Ui, press: ScreenPress) => Step;
  /** Why there is nothing to show at all; null where there is. */
  readonly empty: (moment: ScreenMoment) => string | null;
}

/** The first of `room` items such that the marked one is among them. */
export const windowTop = (cursor: number, { count, room }: { readonly count: number; readonly room: number }): number =>
  Math.max(0, Math.min(cursor - Math.floor(room / 2), count - room));
