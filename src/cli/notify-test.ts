// Owns `warroom notify-test`: a real message to a real contact, and what became of it.

import type { RoomView } from '../client/room-client.ts';
import { untilView } from '../client/until-view.ts';
import type { TestPage } from '../incident/state.ts';
import { safeText } from '../incident/text.ts';
import { took } from '../tui/format.ts';
import { type Answering, fail, refuse, succeed } from './answer.ts';
import { ask } from './ask.ts';
import type { ExitCode } from './exit-codes.ts';
import { columns } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export interface NotifyTestOptions extends Answering {
  readonly channel?: string;
}

/** Longer than the slowest channel and its one retry take. */
const OVER_WITHIN_MS = 90_000;

export const notifyTest = (shell: Shell, contact: string, options: NotifyTestOptions): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const before = client.view().room.testsNumbered;
    const result = await ask(client, { type: 'test-contact', contact, channel: options.channel ?? null });
    if (!result.ok) return refuse(shell, options, result.refusal);
    const { seq, subject } = result;
    const name = safeText(contact);
    const first = Number((subject ?? `T${before + 1}`).slice(1));
    const mine = (view: RoomView): readonly TestPage[] =>
      Object.values(view.room.tests).filter((test) => Number(test.test.slice(1)) >= first && test.contact === name);
    const isOver = (view: RoomView): readonly TestPage[] | null => {
      const tests = view.seq < seq ? [] : mine(view);
      return tests.length > 0 && tests.every(({ state }) => state === 'sent' || state === 'failed') ? tests : null;
    };
    const tests = (await untilView(client, isOver, { withinMs: OVER_WITHIN_MS })) ?? mine(client.view());
    const fields = { tests: tests.map(testJson) };
    const lines = columns(tests.map((test) => [test.contact, test.channel, outcomeWords(test)]));
    const failed = tests.filter(({ state }) => state !== 'sent');
    if (failed.length === 0) return succeed(shell, options, { seq, subject, fields, lines });
    const detail = failed.map((test) => `${test.channel}: ${outcomeWords(test)}`).join('; ');
    return fail(shell, options, { reason: 'not-sent', detail, subject: subject ?? contact, fields, lines });
  });

const outcomeWords = ({ state, tookMs, reason }: TestPage): string => {
  if (state === 'sent') return `sent, ${took(tookMs)}`;
  return state === 'failed' ? `FAILED: ${reason}` : 'no outcome yet: see H in the room';
};

const testJson = ({ test, contact, channel, state, tookMs, reason }: TestPage) => ({
  id: test,
  contact,
  channel,
  state,
  tookMs,
  reason,
});
