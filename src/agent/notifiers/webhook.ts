// Owns messages through a webhook: one JSON POST to the address, under a key by which the other side may fold repeats.
import { safeText } from '../../incident/text.ts';
import { SECOND } from '../../incident/time.ts';
import type { WebhookAddress } from '../config/config.ts';
import { exchange, type Fetch, type HttpRequest } from '../drivers/http-exchange.ts';
import { lostVerdict, statusVerdict } from './http-verdict.ts';
import type { Notifier, OutgoingMessage } from './notifier.ts';
import { finalFailure } from './verdicts.ts';

export interface WebhookOptions {
  /** Where a message goes; null when the configuration does not say. */
  readonly address: (outgoing: OutgoingMessage) => WebhookAddress | null;
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
      const webhook = address(outgoing);
      if (webhook === null) return finalFailure('not-configured', `no webhook for ${safeText(outgoing.to, 100)}`);
      const request: HttpRequest = {
        method: 'POST',
        url: webhook.url,
        headers: {
          ...webhook.headers,
          'Content-Type': 'application/json',
          'Idempotency-Key': encodeURIComponent(outgoing.id.toWellFormed()),
        },
        body: JSON.stringify(messageOf(outgoing)),
      };
      const exchanged = await exchange(fetch, request, { signal, timeoutMs });
      if (!exchanged.ok) return lostVerdict(exchanged);
      return statusVerdict(exchanged.answer, request, now()) ?? { ok: true };
    },
  };
};

const messageOf = ({
  id,
  kind,
  to,
  text,
  incident,
  level,
  attempt,
  possibleDuplicate,
  unrecorded,
}: OutgoingMessage) => ({
  id: safeText(id),
  kind,
  text: safeText(text),
  incident: incident === null ? null : safeText(incident.id),
  severity: incident === null ? null : safeText(incident.severity),
  title: incident === null ? null : safeText(incident.title),
  services: incident?.services.map((service) => safeText(service)) ?? [],
  links: incident?.links.map(({ title, url }) => ({ title: safeText(title), url: safeText(url, 2_000) })) ?? [],
  contact: kind === 'announcement' ? null : safeText(to),
  sink: kind === 'announcement' ? safeText(to) : null,
  level: level === null ? null : safeText(level),
  attempt,
  possibleDuplicate,
  unrecorded,
});
