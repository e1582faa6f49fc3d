// Owns what an answer of the agent changes on the screen: a refusal in calm words, the card of what was asked for.
import type { PersonCommandInput } from '../incident/commands.ts';
import type { CommandResult } from '../protocol/messages.ts';
import { cardFor, type Question } from './dialog.ts';
import { findAction } from './select.ts';
import { roleWords } from './sentences.ts';
import { back, refusalWords, type Situation, say, type Ui } from './ui.ts';

interface Answer {
  readonly result: CommandResult;
  readonly situation: Situation;
}

export const answered = (ui: Ui, command: PersonCommandInput, { result, situation }: Answer): Ui => {
  if (!result.ok) {
    if (ui.dialog?.name === 'ask' && isAnswered(ui.dialog.question, command))
      return { ...ui, dialog: { ...ui.dialog, refusal: result.refusal } };
    return say(ui, 'refused', refusalWords(result.refusal), situation);
  }
  const done = withoutRefusal(ui.dialog?.name === 'ask' && isAnswered(ui.dialog.question, command) ? back(ui) : ui);
  switch (command.type) {
    case 'contain':
    case 'undo':
      // Whoever began something else meanwhile is not interrupted: the banner tells them.
      return done.dialog === null && result.subject !== null ? withCard(done, result.subject, situation) : done;
    case 'declare':
    case 'reopen':
      return result.subject === null || done.dialog !== null ? done : { ...done, incident: result.subject, scroll: 0 };
    case 'release-role':
      return say(done, 'done', `${roleWords[command.role]} is free again`, situation);
    case 'silence':
      return say(done, 'done', `silence ${result.subject ?? ''} is set`, situation);
    case 'lift-silence':
      return say(done, 'done', `silence ${command.silence} is lifted`, situation);
    case 'add-note':
      return say(done, 'done', 'the note is in the timeline', situation);
    default:
      return done;
  }
};

/** What was refused before is no news beside what has just been done. */
const withoutRefusal = (ui: Ui): Ui => (ui.notice?.tone === 'refused' ? { ...ui, notice: null } : ui);

/** Whether this is what the question asked for: another answer leaves it open. */
const isAnswered = (question: Question, command: PersonCommandInput): boolean => {
  switch (command.type) {
    case 'resolve':
      return question.kind === 'resolve' && question.incident === command.incident;
    case 'close':
      return question.kind === (command.falseAlarm ? 'false-alarm' : 'close') && question.incident === command.incident;
    case 'lift-silence':
      return question.kind === 'lift-silence' && question.silence === command.silence;
    default:
      return false;
  }
};

const withCard = (ui: Ui, id: string, situation: Situation): Ui => ({
  ...ui,
  notice: null,
  dialog: cardFor(findAction(situation.view.room, id) ?? { id }, situation),
});

export const notReached = (ui: Ui, message: string, situation: Situation): Ui =>
  say(ui, 'trouble', `no answer: ${message}; look at the room before trying again`, situation);
