// Owns what an answer of the agent changes on the screen: a refusal in calm words, the card of what was asked for.
import type { PersonCommandInput } from '../incident/commands.ts';
import type { CommandResult } from '../protocol/messages.ts';
import { cardFor } from './dialog.ts';
import { findAction } from './select.ts';
import { closed, refusalWords, type Situation, say, type Ui } from './ui.ts';

interface Answer {
  readonly result: CommandResult;
  readonly situation: Situation;
}

export const answered = (ui: Ui, command: PersonCommandInput, { result, situation }: Answer): Ui => {
  if (!result.ok) {
    if (ui.dialog?.name === 'ask' && endsIncident(command))
      return { ...ui, dialog: { ...ui.dialog, refusal: result.refusal } };
    return say(ui, 'refused', refusalWords(result.refusal), situation);
  }
  const done = withoutRefusal(ui.dialog?.name === 'ask' && endsIncident(command) ? closed(ui) : ui);
  switch (command.type) {
    case 'contain':
    case 'undo':
      // Whoever began something else meanwhile is not interrupted: the banner tells them.
      return done.dialog === null && result.subject !== null ? withCard(done, result.subject, situation) : done;
    case 'declare':
    case 'reopen':
      return result.subject === null || done.dialog !== null ? done : { ...done, incident: result.subject, scroll: 0 };
    case 'add-note':
      return say(done, 'done', 'the note is in the timeline', situation);
    default:
      return done;
  }
};

/** What was refused before is no news beside what has just been done. */
const withoutRefusal = (ui: Ui): Ui => (ui.notice?.tone === 'refused' ? { ...ui, notice: null } : ui);

const endsIncident = (command: PersonCommandInput): boolean => command.type === 'resolve' || command.type === 'close';

const withCard = (ui: Ui, id: string, situation: Situation): Ui => ({
  ...ui,
  notice: null,
  dialog: cardFor(findAction(situation.view.room, id) ?? { id }, situation),
});

export const notReached = (ui: Ui, message: string, situation: Situation): Ui =>
  say(ui, 'trouble', `no answer: ${message}; look at the room before trying again`, situation);
