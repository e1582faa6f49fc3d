// Owns how anything on its way out changes with the outcome of a try: the same for pages, messages and tests.
import type { NotSentFacts, SentFacts } from './events.ts';
import type { Delivery } from './state.ts';
import type { Timestamp } from './time.ts';

export const toBeSent = (at: Timestamp): Delivery => ({
  requestedAt: at,
  state: 'pending',
  tries: 0,
  retryAt: null,
  reason: null,
  sentAt: null,
  tookMs: null,
  possibleDuplicate: false,
  mayHaveArrived: false,
});

export const afterSent = <One extends Delivery>(one: One, event: SentFacts, at: Timestamp): One => ({
  ...one,
  state: 'sent',
  tries: one.tries + 1,
  retryAt: null,
  sentAt: at,
  tookMs: event.tookMs,
  possibleDuplicate: event.possibleDuplicate,
});

export const afterFailed = <One extends Delivery>(one: One, event: NotSentFacts): One => ({
  ...one,
  state: one.state === 'cancelled' ? 'cancelled' : event.retryAt === null ? 'failed' : 'retrying',
  tries: one.tries + 1,
  retryAt: event.retryAt,
  reason: event.reason,
  // Once in doubt, always in doubt: a later refusal does not call back what was read before.
  mayHaveArrived: one.mayHaveArrived || event.mayHaveArrived,
});
