// Owns pages through a webhook: one JSON POST to the contact's address, under a key by which the other side may fold repeats.
import { safeText } from '../../incident/text.ts';
import { HOUR, SECOND } from '../../incident/time.ts';
import type { ContactAddresses } from '../config/config.ts';
import { exchange, type Fetch, type HttpAnswer, type HttpRequest, quotable } from '../drivers/http-exchange.ts';
import type { Notifier, NotifyFailure, NotifyResult, OutgoingPage } from './notifier.ts';

export interface WebhookOptions {
  /** Where a contact is reached; null when the configuration does not say. */
  readonly address: (contact: string) => ContactAddresses['webhook'];
  readonly timeoutMs?: number;
  readonly fetch?: Fetch;
  /** Epoch milliseconds, for answers that name a moment to try again. */
  readonly now?: () => number;
}

/**
 * A notifier that takes any 2xx as delivered. 429, 5xx and a failing network are worth another try, after `Retry-After` where
 * it is given, an hour at most; any other status is not. Nothing of the address or its headers gets into the result.
 */
export const webhookNotifier = (options: WebhookOptions): Notifier => {
  const { address, timeoutMs = 5 * SECOND, fetch = globalThis.fetch, now = Date.now } = options;
  return {
    send: async (outgoing, signal) => {
      const { contact } = outgoing.page;
      const webhook = address(contact);
      if (webhook === null) return finalFailure('not-configured', `no webhook for ${safeText(contact, 100)}`);
      const request: HttpRequest = {
        method: 'POST',
        url: webhook.url,
        headers: {
          ...webhook.headers,
          'Content-Type': 'application/json',
          'Idempotency-Key': encodeURIComponent(outgoing.idempotencyKey),
        },
        body: JSON.stringify(messageOf(outgoing)),
      };
      const exchanged = await exchange(fetch, request, { signal, timeoutMs });
      if (exchanged.ok) return resultOf(exchanged.answer, request, now());
      const { reason, detail, mayHaveArrived } = exchanged;
      return reason === 'not-configured'
        ? finalFailure(reason, detail)
        : { ...passingFailure(reason, detail, null), mayHaveArrived };
    },
  };
};

const messageOf = ({ page, incident, possibleDuplicate }: OutgoingPage) => ({
  id: page.page,
  kind: page.kind,
  incident: incident.id,
  severity: incident.severity,
  title: safeText(incident.title),
  services: incident.services.map((service) => safeText(service)),
  contact: page.contact,
  level: page.level,
  attempt: page.attempt,
  possibleDuplicate,
});

const resultOf = (answer: HttpAnswer, request: HttpRequest, nowMs: number): NotifyResult => {
  const { status } = answer;
  if (status >= 200 && status <= 299) return { ok: true };
  const said = quotable(answer, request);
  if (status === 429) return passingFailure('rate-limited', said, retryAfterMs(answer, nowMs));
  return status >= 500
    ? passingFailure('unreachable', said, retryAfterMs(answer, nowMs))
    : finalFailure('rejected', said);
};

/** `Retry-After` in seconds or as a date; null when it is missing or means nothing. */
const retryAfterMs = (answer: HttpAnswer, nowMs: number): number | null => {
  const given = answer.headers.get('retry-after')?.trim() ?? '';
  const waitMs = /^\d+$/.test(given) ? Number(given) * SECOND : Date.parse(given) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), HOUR);
};

const finalFailure = (reason: NotifyFailure, detail: string): NotifyResult => ({
  ok: false,
  reason,
  detail,
  retry: false,
  retryAfterMs: null,
});

const passingFailure = (reason: NotifyFailure, detail: string, retryAfter: number | null): NotifyResult => ({
  ok: false,
  reason,
  detail,
  retry: true,
  retryAfterMs: retryAfter,
});
