// Owns what a terminal remembers for itself: which incident it shows, what lies over it, what it last said. All else is the room's.
import type { RoomView } from '../client/room-client.ts';
import type { PersonCommandInput } from '../incident/commands.ts';
import type { Refusal } from '../incident/refusal.ts';
import type { Incident, Room } from '../incident/state.ts';
import type { IncidentId } from '../incident/words.ts';
import type { Question } from '../protocol/questions.ts';
import { type ArchiveSeen, noArchive } from './archive-seen.ts';
import type { KeySituation } from './binding.ts';
import type { Dialog, OnScreen } from './dialog.ts';
import { connectionReason } from './key-reasons.ts';
import type { Leaving } from './leaving.ts';
import { shownIncident } from './select.ts';

export interface Notice {
  readonly tone: 'hint' | 'refused' | 'done' | 'trouble';
  readonly text: string;
  /** Local milliseconds at which it goes. */
  readonly untilMs: number;
}

export interface Ui {
  /** Null until there is one to show. It changes by this person's keys alone: keys must not hit what slid under them. */
  readonly incident: IncidentId | null;
  readonly scroll: number;
  readonly dialog: Dialog | null;
  /** The screen that a dialog was opened from: leaving the dialog goes back there. */
  readonly behind: OnScreen | null;
  readonly notice: Notice | null;
  /** What leaving ends; as long as this terminal is open. */
  readonly ends: Leaving;
  /** Local milliseconds until which a second Ctrl-C leaves. */
  readonly leavingUntilMs: number;
  readonly archive: ArchiveSeen;
  /** The room as last looked at, to tell what happened since. */
  readonly seen: Room | null;
}

export const initialUi: Ui = {
  incident: null,
  scroll: 0,
  dialog: null,
  behind: null,
  notice: null,
  ends: 'agent-goes-on',
  leavingUntilMs: 0,
  archive: noArchive,
  seen: null,
};

/** Everything around a key press that decides what it means. */
export interface Situation {
  readonly view: RoomView;
  /** The agent's clock, epoch milliseconds: for deadlines. */
  readonly now: number;
  /** This machine's steady clock: for dead times and how long a notice stays. */
  readonly localMs: number;
  /** How far the list on screen can scroll, and by how much a page key moves. */
  readonly maxScroll: number;
  readonly page: number;
}

export type Effect =
  | { readonly type: 'send'; readonly command: PersonCommandInput }
  | { readonly type: 'ask'; readonly question: Question }
  | { readonly type: 'repaint' }
  | { readonly type: 'quit' };

export interface Step {
  readonly ui: Ui;
  readonly effects: readonly Effect[];
}

export const stay = (ui: Ui): Step => ({ ui, effects: [] });

const NOTICE_MS = 8_000;

export const say = (ui: Ui, tone: Notice['tone'], text: string, situation: Situation): Ui => ({
  ...ui,
  notice: { tone, text, untilMs: situation.localMs + NOTICE_MS },
});

export const hint = (ui: Ui, text: string, situation: Situation): Step => stay(say(ui, 'hint', text, situation));

export const refusalWords = (refusal: Refusal): string => {
  const remedy = refusal.remedy === '' || refusal.remedy === 'nothing to do' ? '' : `; ${refusal.remedy}`;
  return `${refusal.message}${remedy}`;
};

/** Lies over the room or a screen, or nothing does. */
export const opened = (ui: Ui, dialog: Dialog | null): Ui => ({
  ...ui,
  dialog,
  behind: dialog === null || dialog.name === 'screen' ? null : ui.dialog?.name === 'screen' ? ui.dialog : ui.behind,
  notice: null,
});

/** To the room, whatever was open. */
export const closed = (ui: Ui): Ui => ({ ...ui, dialog: null, behind: null });

/** To the screen that it was opened from, else to the room. */
export const back = (ui: Ui): Ui => ({ ...ui, dialog: ui.behind, behind: null });

export const incidentOf = (ui: Ui, situation: Pick<Situation, 'view'>): Incident | null => {
  const { opened } = ui.archive;
  const isArchived =
    opened !== null && opened.id === ui.incident && !Object.hasOwn(situation.view.room.incidents, opened.id);
  return isArchived ? opened : shownIncident(situation.view.room, ui.incident);
};

export const keySituation = (ui: Ui, situation: Pick<Situation, 'view' | 'now'>): KeySituation => ({
  view: situation.view,
  incident: incidentOf(ui, situation),
  now: situation.now,
});

/** Sends, leaving what lies over the room. */
export const sending = (ui: Ui, command: PersonCommandInput): Step => ({
  ui: closed(ui),
  effects: [{ type: 'send', command }],
});

/** The same, unless nothing can be asked of the agent now. */
export const sent = (ui: Ui, command: PersonCommandInput, situation: Situation): Step => {
  const reason = connectionReason(situation);
  return reason === null ? sending(ui, command) : stay(say(ui, 'refused', `not sent: ${reason}`, situation));
};

/** The same, going back to where it was asked from. */
export const sentAndBack = (ui: Ui, command: PersonCommandInput, situation: Situation): Step => {
  const step = sent(ui, command, situation);
  return step.effects.length === 0 ? step : { ...step, ui: ui.dialog?.name === 'screen' ? ui : back(ui) };
};

export const moved = (at: number, motion: string, bounds: { readonly max: number; readonly page: number }): number => {
  const from = Math.min(at, bounds.max);
  const to = {
    up: from - 1,
    down: from + 1,
    'page-up': from - bounds.page,
    'page-down': from + bounds.page,
    home: 0,
    end: bounds.max,
  }[motion];
  return Math.max(0, Math.min(bounds.max, to ?? from));
};
