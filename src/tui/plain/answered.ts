// Owns what is said when the agent has answered: a refusal with its way out, a plan read out, the word that comes next. What was done is told as news.
import type { PersonCommandInput } from '../../incident/commands.ts';
import { own } from '../../incident/own.ts';
import { shortIncidentId } from '../../incident/references.ts';
import type { CommandResult } from '../../protocol/messages.ts';
import { findAction } from '../select.ts';
import { armedNow, readsOut } from './containing.ts';
import { type Memory, type Situation, says, type Turn } from './talk.ts';

interface Answer {
  readonly result: CommandResult;
  /** After what was done has been seen here. */
  readonly situation: Situation;
}

export const answered = (memory: Memory, command: PersonCommandInput, { result, situation }: Answer): Turn => {
  if (!result.ok) {
    const { message, remedy } = result.refusal;
    return says(memory, `refused: ${message}`, ...(remedy === '' ? [] : [`  ${remedy}`]));
  }
  const { subject } = result;
  switch (command.type) {
    case 'contain':
    case 'undo':
      return planned(memory, subject ?? '', situation);
    case 'arm':
      return armedNow(memory, command.action, situation);
    case 'declare':
      return subject === null || own(situation.view.room.incidents, subject) === undefined
        ? says(memory)
        : says({ ...memory, incident: subject }, `${shortIncidentId(subject)} is the one in use now`);
    default:
      return says(memory);
  }
};

const planned = (memory: Memory, id: string, situation: Situation): Turn => {
  const action = findAction(situation.view.room, id);
  if (action === null || action.state.name === 'requested')
    return says(memory, `${id} has no plan yet: plan ${id} reads it out once it is there`);
  // Why there is no plan was told as news; a conflict has more to it.
  return action.state.name === 'refused' && action.state.changes.length === 0
    ? says(memory)
    : readsOut(memory, action, situation);
};

export const notReached = (memory: Memory, message: string): Turn =>
  says(memory, `no answer: ${message}; look before trying again`);
