// Owns the interface of a page channel: one message to one contact, with an honest outcome.
import type { Page } from '../../incident/state.ts';

/** A page as it goes out: who, about what, and the key under which a provider may fold repeats. */
export interface OutgoingPage {
  readonly page: Page;
  readonly incident: {
    readonly id: string;
    readonly title: string;
    readonly severity: string;
    readonly services: readonly string[];
  };
  /** Derived from the page's identity; equal for every try of the same page. */
  readonly idempotencyKey: string;
  readonly possibleDuplicate: boolean;
}

export type NotifyFailure = 'not-configured' | 'unreachable' | 'timeout' | 'rejected' | 'rate-limited';
export type NotifyResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: NotifyFailure;
      readonly detail: string;
      readonly retry: boolean;
      readonly retryAfterMs: number | null;
      /** The answer got lost after the message may have been read. */
      readonly mayHaveArrived?: boolean;
    };

export interface Notifier {
  send(outgoing: OutgoingPage, signal: AbortSignal): Promise<NotifyResult>;
}
