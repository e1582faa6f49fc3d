// Owns the second step of a containment on the command line: --yes, a typed answer, or another person.
import type { PersonCommandInput } from '../incident/commands.ts';
import { type Refusal, refusal } from '../incident/refusal.ts';
import type { Action, ActionState } from '../incident/state.ts';
import { msBetween, toTimestamp } from '../incident/time.ts';
import { findAction } from '../tui/select.ts';
import { actionTitle } from './action-words.ts';
import { ask } from './ask.ts';
import { actionWhen, type Way } from './containment-way.ts';
import type { LineAsker } from './line-asker.ts';
import { printLines } from './print.ts';

export type Confirmation =
  | { readonly name: 'confirmed'; readonly seq: number | null }
  | { readonly name: 'refused'; readonly refusal: Refusal }
  | { readonly name: 'declined' }
  | { readonly name: 'nobody-to-ask' };

// The agent ends the arm; this is only for one that is gone.
const ARM_ENDS_LATE_MS = 10_000;

export const confirmAction = async (way: Way, action: Action): Promise<Confirmation> => {
  const { state } = action;
  if (state.name !== 'armed') return left(action);
  const leftMs = Math.max(0, msBetween(toTimestamp(way.client.now()), state.until));
  if (action.confirm === 'two-person') {
    printLines(way.shell.stderr, [`another person confirms ${action.id} in the room; waiting ${secondsOf(leftMs)}`]);
    return armEnds(way, action, leftMs);
  }
  if (way.options.yes) return confirm(way, action);
  return way.asker === null ? { name: 'nobody-to-ask' } : askPerson(way, action, { asker: way.asker, leftMs });
};

const secondsOf = (ms: number): string => `${Math.ceil(ms / 1_000)} s`;

const isNotArmed = (state: ActionState): boolean => state.name !== 'armed';

/** Waits until the arm is over, whoever ends it. */
const armEnds = async (way: Way, { id }: Action, leftMs: number, signal?: AbortSignal): Promise<Confirmation> => {
  const until = { is: isNotArmed, withinMs: leftMs + ARM_ENDS_LATE_MS };
  const after = await actionWhen(way, id, signal === undefined ? until : { ...until, signal });
  return after === null ? { name: 'declined' } : left(after);
};

const confirm = async ({ client }: Way, action: Action): Promise<Confirmation> => {
  // The service was typed on this very command line.
  const command: PersonCommandInput = { type: 'confirm', action: action.id, typed: action.service };
  const result = await ask(client, command);
  if (result.ok) return { name: 'confirmed', seq: result.seq };
  // Somebody in the room may have been quicker, either way.
  const now = findAction(client.view().room, action.id);
  return now !== null && isNotArmed(now.state) ? left(now) : { name: 'refused', refusal: result.refusal };
};

interface Asking {
  readonly asker: LineAsker;
  readonly leftMs: number;
}

/** Asks until there is an answer, or the arm ends without one: run out, cancelled or confirmed in the room. */
const askPerson = async (way: Way, action: Action, { asker, leftMs }: Asking): Promise<Confirmation> => {
  const over = new AbortController();
  const outside = armEnds(way, action, leftMs, over.signal);
  void outside.then(() => over.abort());
  try {
    for (;;) {
      const answer = await asker.ask(question(action, leftMs), over.signal);
      if (answer === null) return way.interrupt.aborted || !isOver(way, action) ? { name: 'declined' } : await outside;
      if (isYes(action, answer)) return await confirm(way, action);
      // A slip while typing a name is no "no".
      if (action.confirm !== 'typed' || answer === '') return { name: 'declined' };
      printLines(way.shell.stderr, [`that is not ${action.service}`]);
    }
  } finally {
    over.abort();
  }
};

const isOver = ({ client }: Way, { id }: Action): boolean => {
  const now = findAction(client.view().room, id);
  return now !== null && isNotArmed(now.state);
};

const question = (action: Action, leftMs: number): string =>
  action.confirm === 'typed'
    ? `type ${action.service} and Enter to go on, Enter alone to cancel (${secondsOf(leftMs)}):`
    : `y and Enter to go on, anything else to cancel (${secondsOf(leftMs)}):`;

const isYes = (action: Action, answer: string): boolean =>
  action.confirm === 'typed' ? answer === action.service : answer.toLowerCase() === 'y';

/** What an action that is no longer armed means for who waits to have it confirmed. */
const left = (action: Action): Confirmation => {
  const { state } = action;
  if (state.name !== 'disarmed') return { name: 'confirmed', seq: null };
  const what = actionTitle(action);
  switch (state.reason) {
    case 'expired':
      return refusedBy(refusal('arm-expired', `${what} was not confirmed in time: nothing was changed`, 'ask again'));
    case 'cancelled':
      return refusedBy(
        refusal('not-armed', `${what} was cancelled in the room: nothing was changed`, 'ask in the room why'),
      );
    case 'incident-ended':
      return refusedBy(refusal('not-armed', `${what} was called off, as the incident ended`, 'nothing to do'));
    default:
      return state satisfies never;
  }
};

const refusedBy = (because: Refusal): Confirmation => ({ name: 'refused', refusal: because });
