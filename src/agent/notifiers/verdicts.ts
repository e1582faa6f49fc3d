// Owns how a notifier says what became of a message.
import type { NotifyFailure, NotifyResult } from './notifier.ts';

/** Another try would end the same way. */
export const finalFailure = (reason: NotifyFailure, detail: string): NotifyResult => ({
  ok: false,
  reason,
  detail,
  retry: false,
  retryAfterMs: null,
});

export interface Passing {
  readonly reason: NotifyFailure;
  readonly detail: string;
  readonly retryAfterMs?: number | null;
  /** Whether the far end may have read the message all the same. */
  readonly mayHaveArrived?: boolean;
}

/** Another try may well succeed. */
export const passingFailure = ({
  reason,
  detail,
  retryAfterMs = null,
  mayHaveArrived = false,
}: Passing): NotifyResult => ({
  ok: false,
  reason,
  detail,
  retry: true,
  retryAfterMs,
  ...(mayHaveArrived ? { mayHaveArrived } : {}),
});

export const calledOff = (): NotifyResult =>
  passingFailure({ reason: 'timeout', detail: 'called off before it was sent' });
