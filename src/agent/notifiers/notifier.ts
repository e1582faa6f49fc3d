// Owns the interface of a way to reach people: one message to one contact or sink, with an honest outcome.
import type { SafeText } from '../../incident/text.ts';

/** What goes out. A page wakes its contact, a notice informs them, an announcement goes to a sink, a test to whoever is to be tried. */
export interface OutgoingMessage {
  readonly kind: 'page' | 'notice' | 'announcement' | 'test';
  /** The message's identity, equal for every try of it: the key under which a provider may fold repeats. */
  readonly id: string;
  /** A contact, or for announcements a sink. */
  readonly to: string;
  /** One line that says it all, e.g. `SEV1 INC-2026-0042: checkout: 41 % of requests fail`. */
  readonly text: SafeText;
  /** Null for a test. */
  readonly incident: {
    readonly id: string;
    readonly title: SafeText;
    readonly severity: string;
    readonly services: readonly string[];
    /** Runbooks and dashboards of its services. */
    readonly links: readonly { readonly title: string; readonly url: string }[];
  } | null;
  /** Of a page: which level of the ladder; null otherwise. */
  readonly level: string | null;
  /** Counts from 1. */
  readonly attempt: number;
  /** Whether an earlier try may have arrived: a crash or a lost answer hid it. */
  readonly possibleDuplicate: boolean;
  /** Sent while the agent's log takes no writes: if the agent ends now, it does not know of it. */
  readonly unrecorded: boolean;
}

export type NotifyFailure = 'not-configured' | 'unreachable' | 'timeout' | 'rejected' | 'rate-limited';
export type NotifyResult =
  | {
      readonly ok: true;
      /** It arrived, but not everywhere: who of several was refused. */
      readonly warning?: string;
    }
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
  send(outgoing: OutgoingMessage, signal: AbortSignal): Promise<NotifyResult>;
}
