// Owns messages to Slack through an incoming webhook, whose address is the secret.
import { safeText } from '../../incident/text.ts';
import { SECOND } from '../../incident/time.ts';
import type { SlackAddress } from '../config/config.ts';
import { exchange, type Fetch, type HttpAnswer, type HttpRequest } from '../drivers/http-exchange.ts';
import { lostVerdict, saidBy, statusVerdict } from './http-verdict.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from './notifier.ts';
import { slackMessage } from './slack-message.ts';
import { finalFailure, passingFailure } from './verdicts.ts';

export interface SlackOptions {
  /** Where a message goes; null when the configuration does not say. */
  readonly address: (outgoing: OutgoingMessage) => SlackAddress | null;
  readonly timeoutMs?: number;
  readonly fetch?: Fetch;
  /** Epoch milliseconds, for answers that name a moment to try again. */
  readonly now?: () => number;
}

/**
 * A notifier that takes only a 200 with the word `ok` as delivered. 429 (after its `Retry-After`), 5xx and a failing network are
 * worth another try, any other answer is not. Nothing of the webhook's address gets into the result.
 */
export const slackNotifier = (options: SlackOptions): Notifier => {
  const { address, timeoutMs = 5 * SECOND, fetch = globalThis.fetch, now = Date.now } = options;
  return {
    send: async (outgoing, signal) => {
      const slack = address(outgoing);
      if (slack === null) return finalFailure('not-configured', `no Slack webhook for ${safeText(outgoing.to, 100)}`);
      const request: HttpRequest = {
        method: 'POST',
        url: slack.webhookUrl,
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
        body: JSON.stringify(slackMessage(outgoing, slack.mention)),
      };
      const exchanged = await exchange(fetch, request, { signal, timeoutMs });
      if (!exchanged.ok) return lostVerdict(exchanged);
      return statusVerdict(exchanged.answer, request, now()) ?? acceptedVerdict(exchanged.answer, request);
    },
  };
};

const acceptedVerdict = (answer: HttpAnswer, request: HttpRequest): NotifyResult => {
  const { body } = answer;
  if (body.ok && body.text.trim() === 'ok') return { ok: true };
  // A 200 whose body broke off: Slack has most likely posted it.
  if (!body.ok && body.reason !== 'malformed-answer')
    return passingFailure({ reason: body.reason, detail: body.detail, mayHaveArrived: true });
  return finalFailure('rejected', `${saidBy(answer, request)} (not Slack's "ok")`);
};
