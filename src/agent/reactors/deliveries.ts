// Owns the sending of what is on its way out: pages, messages to sinks, tests of contacts. Whatever is due goes out, and its outcome is recorded.
import type { Parcel } from '../../incident/commands.ts';
import type { Delivery, Room } from '../../incident/state.ts';
import { plusMs, type Timestamp, toTimestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from '../notifiers/notifier.ts';
import { type Due, unsent } from './outgoing.ts';
import type { Reactor, Record } from './reactor.ts';

/** The last resort: each channel has its own, shorter timeouts. */
const SEND_TIMEOUT_MS = 70_000;
/** Waits between tries; after the last it has failed for good. */
const RETRY_AFTER_MS = [2_000, 5_000, 15_000, 60_000, 300_000] as const;
/** Somebody waits for the outcome of a test: it is tried again soon, or not at all. */
const TEST_RETRY_AFTER_MS = 2_000;
const MOST_RATE_LIMITED_TRIES = 60;
/** So many at once to one contact or sink: news in order, one by one. */
const LANE_WIDTH: { readonly [Kind in Parcel['kind']]: number } = { page: 2, message: 1, test: 2 };

interface DeliveryParts {
  readonly record: Record;
  readonly clock: Clock;
  /** The channel of that name for that contact or sink; null where the configuration no longer has it. */
  readonly notifier: (channel: string, to: string) => Notifier | null;
  /** Runbooks and dashboards of a service. */
  readonly links: (service: string) => readonly { readonly title: string; readonly url: string }[];
  /** One line of the agent's own log. */
  readonly write: (line: string) => void;
  /** Asks for another look, once something has its outcome. */
  readonly wake: () => void;
}

export const deliveries = ({ record, clock, notifier, links, write, wake }: DeliveryParts): Reactor => {
  const underWay = new Map<string, string>();
  // What an address asked for; forgotten at a restart, when it will ask again.
  const notBefore = new Map<string, Timestamp>();
  /** When a route last worked, and when each delivery last failed: what failed before that need not wait any longer. */
  const workedAt = new Map<string, Timestamp>();
  const failedAt = new Map<string, Timestamp>();
  const stopping = new AbortController();

  const send = async (due: Due, agentStartedAt: Timestamp | null): Promise<void> => {
    const startedAt = clock.now();
    const possibleDuplicate = mayHaveBeenSent(due.delivery, agentStartedAt);
    const message = due.outgoing(possibleDuplicate, links, toTimestamp(startedAt));
    const result = await sendOnce(notifier(due.channel, message.to), message, stopping.signal);
    // What was sent is recorded also while everything stops; what was called off is found again by looking.
    if (stopping.signal.aborted && !result.ok) return;
    if (result.ok) {
      if (result.warning !== undefined) write(`${due.channel} to ${message.to}: ${result.warning}`);
      workedAt.set(routeOf(due), toTimestamp(clock.now()));
      failedAt.delete(due.id);
      const tookMs = Math.max(0, clock.now() - startedAt);
      await record({ type: 'record-sent', parcel: due.parcel, tookMs, possibleDuplicate });
      return;
    }
    const again = retryAt(due, result, clock.now());
    if (result.reason === 'rate-limited' && again !== null) notBefore.set(due.address, again);
    if (again !== null && result.retryAfterMs === null) failedAt.set(due.id, toTimestamp(clock.now()));
    else failedAt.delete(due.id);
    await record({
      type: 'record-not-sent',
      parcel: due.parcel,
      reason: `${result.reason}: ${result.detail}`,
      retryAt: again,
      mayHaveArrived: possibleDuplicate || (result.mayHaveArrived ?? false),
    });
  };

  /** When it may go out: its own wait, that of its address, and a free lane. Null: when something under way is over. */
  const mayGoAt = (due: Due, now: Timestamp): Timestamp | null => {
    const failed = failedAt.get(due.id);
    const isWellAgain = failed !== undefined && (workedAt.get(routeOf(due)) ?? '') > failed;
    const waits = [isWellAgain ? now : (due.delivery.retryAt ?? now), notBefore.get(due.address) ?? now];
    const at = waits.reduce((later, one) => (one > later ? one : later), now);
    if (at > now) return at;
    const isFull = [...underWay.values()].filter((lane) => lane === due.lane).length >= LANE_WIDTH[due.parcel.kind];
    return isFull ? null : now;
  };

  return {
    stop: () => stopping.abort(),
    look: (room: Room, now) => {
      let next: Timestamp | null = null;
      for (const due of unsent(room)) {
        if (underWay.has(due.id)) continue;
        const at = mayGoAt(due, now);
        if (at === null) continue;
        if (at > now) {
          if (next === null || at < next) next = at;
          continue;
        }
        underWay.set(due.id, due.lane);
        void send(due, room.agentStartedAt)
          // A channel that throws is a bug of ours: the delivery says so, and is not sent in a circle.
          .catch((fault: unknown) => record(faulted(due.parcel, fault)))
          .finally(() => {
            underWay.delete(due.id);
            wake();
          });
      }
      return next;
    },
  };
};

/** What proves itself for all that take it: one mail server carries everybody's mail, other addresses stand for themselves. */
const routeOf = ({ channel, address }: Due): string => (channel === 'email' ? channel : address);

const faulted = (parcel: Parcel, fault: unknown) =>
  ({
    type: 'record-not-sent',
    parcel,
    reason: `fault in the channel: ${String(fault)}`,
    retryAt: null,
    mayHaveArrived: true,
  }) as const;

/** Its answer got lost, or it was asked for before this agent began: whether it went out, nobody knows (field 4.2). */
const mayHaveBeenSent = (delivery: Delivery, agentStartedAt: Timestamp | null): boolean =>
  delivery.mayHaveArrived || (agentStartedAt !== null && (delivery.retryAt ?? delivery.requestedAt) < agentStartedAt);

const sendOnce = async (
  notifier: Notifier | null,
  message: OutgoingMessage,
  stopping: AbortSignal,
): Promise<NotifyResult> => {
  if (notifier === null) {
    return {
      ok: false,
      reason: 'not-configured',
      detail: 'the channel is not configured',
      retry: false,
      retryAfterMs: null,
    };
  }
  return notifier.send(message, AbortSignal.any([stopping, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
};

const retryAt = (due: Due, result: Extract<NotifyResult, { ok: false }>, nowMs: number): Timestamp | null => {
  if (!result.retry) return null;
  const { tries } = due.delivery;
  const wait = (waitMs: number): Timestamp => plusMs(toTimestamp(nowMs), Math.max(waitMs, result.retryAfterMs ?? 0));
  if (due.parcel.kind === 'test') return tries === 0 ? wait(TEST_RETRY_AFTER_MS) : null;
  // Being asked to wait is no failure: with a full channel the last in line would otherwise never be heard.
  if (result.reason === 'rate-limited')
    return tries < MOST_RATE_LIMITED_TRIES ? wait(RETRY_AFTER_MS[Math.min(tries, 2)] ?? 0) : null;
  const waitMs = RETRY_AFTER_MS[tries];
  return waitMs === undefined ? null : wait(waitMs);
};
