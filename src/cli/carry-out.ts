// Owns the way of one containment through the command line: ask, show the plan, confirm, wait for the truth.
import type { RoomView } from '../client/room-client.ts';
import type { PersonCommandInput } from '../incident/commands.ts';
import type { Action, ActionState } from '../incident/state.ts';
import { findAction } from '../tui/select.ts';
import { actionFields, actionTitle, outcomeLines, planLines } from './action-words.ts';
import { badUsage, fail, refuse, succeed } from './answer.ts';
import { ask } from './ask.ts';
import { confirmAction } from './confirm-action.ts';
import { actionWhen, type ContainmentOptions, type Way } from './containment-way.ts';
import type { ExitCode } from './exit-codes.ts';
import { openLineAsker } from './line-asker.ts';
import { printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export type Request = (view: RoomView, arm: boolean) => PersonCommandInput;

// The agent gives a plan 15 s, and 30 s and 10 s to apply and to see it; the rest is for the way.
const PLANNED_WITHIN_MS = 20_000;
const OVER_WITHIN_MS = 60_000;

export const carryOut = (shell: Shell, options: ContainmentOptions, request: Request): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const interruption = new AbortController();
    const stopListening = shell.onInterrupt(() => interruption.abort());
    const isAsked = !options.yes && !options.dryRun && shell.stdin.isTTY === true;
    const asker = isAsked ? openLineAsker(shell) : null;
    try {
      return await go({ client, shell, options, interrupt: interruption.signal, asker }, request);
    } finally {
      stopListening();
      asker?.close();
    }
  });

const go = async (way: Way, request: Request): Promise<ExitCode> => {
  const { client, shell, options, interrupt } = way;
  const asked = await ask(client, request(client.view(), options.dryRun !== true));
  if (!asked.ok) return refuse(shell, options, asked.refusal);
  const { seq } = asked;
  const id = asked.subject ?? '';
  const planned = await actionWhen(way, id, { is: (state) => state.name !== 'requested', withinMs: PLANNED_WITHIN_MS });
  if (planned === null) return cancel(way, id, interrupt.aborted ? 'interrupted' : 'no-plan');
  if (planned.state.name === 'refused') return ended(way, planned, seq);
  if (options.dryRun) return dryRun(way, planned, seq);
  // With --json standard output is for the answer alone.
  printLines(options.json ? shell.stderr : shell.stdout, planLines(planned));

  const confirmation = await confirmAction(way, planned);
  switch (confirmation.name) {
    case 'confirmed':
      break;
    case 'refused':
      return refuse(shell, options, confirmation.refusal);
    case 'declined':
      return cancel(way, id, interrupt.aborted ? 'interrupted' : 'declined');
    case 'nobody-to-ask':
      await cancelQuietly(way, id);
      throw badUsage(
        `${actionTitle(planned)} was not confirmed, and this is no terminal to ask on: nothing was changed`,
        'add --yes to confirm it, or --dry-run to look only',
      );
    default:
      return confirmation satisfies never;
  }
  const over = await actionWhen(way, id, { is: isOver, withinMs: OVER_WITHIN_MS });
  return over === null ? stillUnderWay(way, id) : ended(way, over, confirmation.seq ?? seq);
};

const overStates: ReadonlySet<ActionState['name']> = new Set([
  'applied',
  'failed',
  'unknown',
  'undone',
  'disarmed',
  'refused',
]);
const isOver = (state: ActionState): boolean => overStates.has(state.name);

/** A look leaves nothing behind: a plan nobody means to arm is taken off the screens. */
const dryRun = async (way: Way, action: Action, seq: number): Promise<ExitCode> => {
  await cancelQuietly(way, action.id);
  return succeed(way.shell, way.options, {
    seq,
    subject: action.id,
    fields: { dryRun: true, ...actionFields(action) },
    lines: [...planLines(action), 'dry run: nothing was changed'],
  });
};

const ended = ({ shell, options }: Way, action: Action, seq: number): ExitCode => {
  const { state, id } = action;
  const lines = outcomeLines(action);
  if (state.name === 'applied' || state.name === 'undone') {
    return succeed(shell, options, { seq, subject: id, fields: actionFields(action), lines });
  }
  const reason = state.name === 'failed' || state.name === 'refused' ? state.reason : state.name;
  const detail = 'detail' in state ? state.detail : '';
  return fail(shell, options, { reason, detail, subject: id, fields: actionFields(action), lines });
};

/** Cancels what was asked for, and tells the truth where somebody was quicker. */
const cancel = async (way: Way, id: string, reason: 'interrupted' | 'declined' | 'no-plan'): Promise<ExitCode> => {
  const { client, shell, options } = way;
  const result = await ask(client, { type: 'disarm', action: id });
  const action = findAction(client.view().room, id);
  const detail = result.ok ? 'nothing was changed' : result.refusal.message;
  const what = action === null ? id : actionTitle(action);
  const line = result.ok ? `cancelled (${reason}): ${what}: ${detail}` : `not cancelled: ${detail}`;
  return fail(shell, options, {
    reason: result.ok ? reason : 'not-cancelled',
    detail,
    subject: id,
    fields: action === null ? {} : actionFields(action),
    lines: [line],
  });
};

/** Where it cannot be cancelled it is no longer ours: somebody went on with it or ended it. */
const cancelQuietly = async ({ client }: Way, id: string): Promise<void> => {
  await ask(client, { type: 'disarm', action: id });
};

const stillUnderWay = ({ client, shell, options, interrupt }: Way, id: string): ExitCode => {
  const action = findAction(client.view().room, id);
  const detail = `${id} is confirmed and goes on without this command`;
  return fail(shell, options, {
    reason: interrupt.aborted ? 'interrupted' : 'no-outcome',
    detail,
    subject: id,
    fields: action === null ? {} : actionFields(action),
    lines: [`${detail}: warroom ledger`],
  });
};
