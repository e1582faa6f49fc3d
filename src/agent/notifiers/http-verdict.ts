// Owns what the answer to a message over HTTP means, and what of it may be repeated: nothing of the address, nothing of a header.
import { HOUR, SECOND } from '../../incident/time.ts';
import { type Exchange, type HttpAnswer, type HttpRequest, quotable } from '../drivers/http-exchange.ts';
import type { NotifyResult } from './notifier.ts';
import { finalFailure, passingFailure } from './verdicts.ts';

/** What became of a request that got no answer. */
export const lostVerdict = ({ reason, detail, mayHaveArrived }: Extract<Exchange, { ok: false }>): NotifyResult =>
  reason === 'not-configured' ? finalFailure(reason, detail) : passingFailure({ reason, detail, mayHaveArrived });

/** What a status says; null for a 2xx. 429 and 5xx pass, after `Retry-After` where it is given; every other status is final. */
export const statusVerdict = (answer: HttpAnswer, request: HttpRequest, nowMs: number): NotifyResult | null => {
  const { status } = answer;
  if (status >= 200 && status <= 299) return null;
  const detail = saidBy(answer, request);
  if (status !== 429 && status < 500) return finalFailure('rejected', detail);
  const reason = status === 429 ? 'rate-limited' : 'unreachable';
  return passingFailure({ reason, detail, retryAfterMs: retryAfterMs(answer, nowMs) });
};

/** The far end's own words as they may be shown: short, harmless, without the address and the headers. */
export const saidBy = (answer: HttpAnswer, request: HttpRequest): string =>
  quotable(answer, request, addressParts(request.url));

// Shorter parts, such as `services` cut to a word, are no secret and would make holes in what is said.
const SHORTEST_PART = 8;

const addressParts = (url: string): readonly string[] => {
  if (!URL.canParse(url)) return [url];
  const { href, pathname, search, searchParams } = new URL(url);
  return [url, href, pathname + search, pathname, ...pathname.split('/'), ...searchParams.values()].filter(
    (part) => part.length >= SHORTEST_PART,
  );
};

/** `Retry-After` in seconds or as a date, an hour at most; null when it is missing or means nothing. */
const retryAfterMs = (answer: HttpAnswer, nowMs: number): number | null => {
  const given = answer.headers.get('retry-after')?.trim() ?? '';
  const waitMs = /^\d+$/.test(given) ? Number(given) * SECOND : Date.parse(given) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), HOUR);
};
