// Owns what happens when: a key, an answer, news. Pure: the next state of the screen, and what is to be asked of the room.
import type { PersonCommandInput } from '../incident/commands.ts';
import type { CommandResult } from '../protocol/messages.ts';
import type { Answer, Question } from '../protocol/questions.ts';
import { answered, notReached } from './answers.ts';
import { archiveAnswered, searching } from './archive.ts';
import { pressOnCard } from './card-keys.ts';
import { pressInDialog } from './dialog-keys.ts';
import type { Key } from './keys.ts';
import { leavingWords } from './leaving.ts';
import { noticed } from './news.ts';
import { pressInRoom } from './room-keys.ts';
import { withMarkHeld } from './screen-keys.ts';
import { back, hint, type Situation, type Step, say, stay, type Ui } from './ui.ts';

export type UiEvent =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'view-changed' }
  | { readonly type: 'answered'; readonly command: PersonCommandInput; readonly result: CommandResult }
  | { readonly type: 'not-reached'; readonly message: string }
  | {
      readonly type: 'archive-answered';
      readonly question: Question;
      readonly answer: Answer | null;
      readonly problem: string | null;
    }
  | { readonly type: 'time-passed' };

/** The next state of the screen, and the effects it asks for. */
export const evolveUi = (ui: Ui, event: UiEvent, situation: Situation): Step =>
  searching(evolved(ui, event, situation), situation);

const evolved = (ui: Ui, event: UiEvent, situation: Situation): Step => {
  switch (event.type) {
    case 'key': {
      const step = press(withoutOldNotice(ui, situation), event.key, situation);
      return { ...step, ui: withMarkHeld(step.ui, situation) };
    }
    case 'view-changed':
      return stay(withMarkHeld(noticed(ui, situation), situation));
    case 'answered':
      return stay(answered(ui, event.command, { result: event.result, situation }));
    case 'not-reached':
      return stay(notReached(ui, event.message, situation));
    case 'archive-answered':
      return stay(withMarkHeld(archiveAnswered(ui, event.question, event, situation), situation));
    case 'time-passed':
      return stay(withoutOldNotice(ui, situation));
    default:
      return event satisfies never;
  }
};

const withoutOldNotice = (ui: Ui, { localMs }: Situation): Ui =>
  ui.notice !== null && ui.notice.untilMs <= localMs ? { ...ui, notice: null } : ui;

const press = (ui: Ui, key: Key, situation: Situation): Step => {
  if (key.name === 'ctrl-l') return { ui, effects: [{ type: 'repaint' }] };
  if (key.name === 'ctrl-c') return interrupt(ui, situation);
  if (key.name === 'paste' && !takesText(ui)) return hint(ui, pasteIgnored(ui), situation);
  if (ui.dialog === null) return pressInRoom(ui, key, situation);
  return ui.dialog.name === 'card'
    ? pressOnCard(ui, ui.dialog, { key, situation })
    : pressInDialog(ui, ui.dialog, { key, situation });
};

const pasteIgnored = ({ dialog }: Ui): string =>
  dialog === null ? 'paste ignored here: n starts a note' : 'paste ignored here';

const takesText = ({ dialog }: Ui): boolean => {
  switch (dialog?.name) {
    case 'entry':
    case 'palette':
      return true;
    case 'screen':
      return dialog.isFiltering;
    case 'card':
      return dialog.isTyping;
    default:
      return false;
  }
};

const interrupt = (ui: Ui, situation: Situation): Step => {
  if (ui.dialog?.name === 'card')
    return pressOnCard(ui, { ...ui.dialog, isTyping: false }, { key: { name: 'escape' }, situation });
  if (ui.dialog !== null) return stay(back(ui));
  if (ui.leavingUntilMs > situation.localMs) return { ui, effects: [{ type: 'quit' }] };
  const leaving = say(ui, 'hint', leavingWords[ui.ends].again, situation);
  return stay({ ...leaving, leavingUntilMs: leaving.notice?.untilMs ?? 0 });
};
