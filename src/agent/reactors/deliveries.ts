// Owns the sending of what is on its way out: pages, messages to sinks, tests of contacts. Whatever is due goes out, and its outcome is recorded.
import type { Parcel } from '../../incident/commands.ts';
import type { Room } from '../../incident/state.ts';
import { msBetween, plusMs, type Timestamp, toEpochMs, toTimestamp } from '../../incident/time.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Clock } from '../clock.ts';
import { fieldsOf } from '../notifiers/agent-log.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from '../notifiers/notifier.ts';
import { within } from '../within.ts';
import { type Due, unsent } from './outgoing.ts';
import type { Reactor, Record } from './reactor.ts';
import { workUnderWay } from './work-under-way.ts';

/** The last resort: each channel has its own, shorter timeouts. */
const SEND_TIMEOUT_MS = 70_000;
/** Waits between tries; after the last it has failed for good. */
const RETRY_AFTER_MS = [2_000, 5_000, 15_000, 60_000, 300_000] as const;
const LONGEST_RETRY_AFTER_MS = Math.max(...RETRY_AFTER_MS);
/** Somebody waits for the outcome of a test: it is tried again soon, or not at all. */
const TEST_RETRY_AFTER_MS = 2_000;
const MOST_RATE_LIMITED_TRIES = 60;
/** So many at once to one contact or sink: news in order, one by one. */
const LANE_WIDTH: { readonly [Kind in Parcel['kind']]: number } = { page: 2, message: 1, test: 2 };

interface DeliveryParts {
  readonly record: Record;
  readonly clock: Clock;
  /** The room as this agent found it. */
  readonly found: Room;
  /** The channel of that name for that contact or sink; null where the configuration no longer has it. */
  readonly notifier: (channel: string, to: string) => Notifier | null;
  /** Runbooks and dashboards of a service. */
  readonly links: (service: string) => readonly { readonly title: string; readonly url: string }[];
  readonly agentLog: AgentLog;
  /** False while nothing of what is sent can be recorded. */
  readonly writable: () => boolean;
  /** Asks for another look, once something has its outcome. */
  readonly wake: () => void;
}

export const deliveries = ({
  record,
  clock,
  found,
  notifier,
  links,
  agentLog,
  writable,
  wake,
}: DeliveryParts): Reactor => {
  const underWay = new Map<string, string>();
  const begun = workUnderWay();
  // All in elapsed time: a wall clock that is set back must not make anybody wait longer. Forgotten at a restart.
  /** What a delivery has to wait for after a failure, and what an address asked for. */
  const notBefore = new Map<string, number>();
  /** When a route last worked, and when each delivery last failed: what failed before that need not wait any longer. */
  const workedAt = new Map<string, number>();
  const failedAt = new Map<string, number>();
  /** Whether an earlier agent sent it, nobody knows (field 4.2). No clock is asked: it may have been set back since. */
  const inherited = new Set(unsent(found).map(({ id }) => id));
  const stopping = new AbortController();

  const send = async (due: Due): Promise<void> => {
    const startedAt = clock.now();
    const possibleDuplicate = due.delivery.mayHaveArrived || inherited.has(due.id);
    const message: OutgoingMessage = {
      ...due.outgoing(possibleDuplicate, links, toTimestamp(startedAt)),
      unrecorded: !writable(),
    };
    const result = await within({ clock, ms: SEND_TIMEOUT_MS, stopping: stopping.signal }, (signal) =>
      sendOnce(notifier(due.channel, message.to), message, signal),
    );
    // What was sent is recorded also while everything stops; what was called off is found again by looking.
    if (stopping.signal.aborted && !result.ok) return;
    if (result.ok) {
      if (result.warning !== undefined)
        agentLog.warn(`${due.channel} to ${message.to}: ${result.warning}`, fieldsOf(due.channel, message));
      workedAt.set(routeOf(due), clock.elapsedMs());
      failedAt.delete(due.id);
      notBefore.delete(due.id);
      const tookMs = Math.max(0, clock.now() - startedAt);
      await record({ type: 'record-sent', parcel: due.parcel, tookMs, possibleDuplicate });
      return;
    }
    const again = retryAt(due, result, clock.now());
    const againMs = again === null ? null : clock.elapsedMs() + toEpochMs(again) - clock.now();
    if (againMs === null) notBefore.delete(due.id);
    else notBefore.set(due.id, againMs);
    if (result.reason === 'rate-limited' && againMs !== null) notBefore.set(due.address, againMs);
    if (againMs !== null && result.retryAfterMs === null) failedAt.set(due.id, clock.elapsedMs());
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
    const isWellAgain = failed !== undefined && (workedAt.get(routeOf(due)) ?? 0) > failed;
    const untilElapsed = (atMs: number | undefined): Timestamp | null =>
      atMs === undefined ? null : plusMs(now, Math.max(0, atMs - clock.elapsedMs()));
    const its = untilElapsed(notBefore.get(due.id)) ?? now;
    const waits = [isWellAgain ? now : its, untilElapsed(notBefore.get(due.address)) ?? now];
    const at = waits.reduce((later, one) => (one > later ? one : later), now);
    if (at > now) return at;
    const isFull = [...underWay.values()].filter((lane) => lane === due.lane).length >= LANE_WIDTH[due.parcel.kind];
    return isFull ? null : now;
  };

  /** What an earlier agent put off waits on in elapsed time, and no longer than a wait may be: the clock may be another one now. */
  const inherit = ({ id, delivery }: Due, now: Timestamp): void => {
    if (delivery.retryAt === null || notBefore.has(id)) return;
    notBefore.set(id, clock.elapsedMs() + Math.min(msBetween(now, delivery.retryAt), LONGEST_RETRY_AFTER_MS));
  };

  /** What was cancelled, or ended with its incident, waits for nothing more; an address is spared for as long as it asked. */
  const forgetOthers = (waiting: readonly Due[]): void => {
    if (notBefore.size === 0 && failedAt.size === 0) return;
    const ids = new Set(waiting.map(({ id }) => id));
    for (const id of failedAt.keys()) if (!ids.has(id)) failedAt.delete(id);
    for (const [key, atMs] of notBefore) if (!ids.has(key) && atMs <= clock.elapsedMs()) notBefore.delete(key);
  };

  return {
    finished: begun.finished,
    stop: () => stopping.abort(),
    look: (room: Room, now) => {
      let next: Timestamp | null = null;
      const waiting = unsent(room);
      forgetOthers(waiting);
      for (const due of waiting) {
        if (underWay.has(due.id)) continue;
        inherit(due, now);
        const at = mayGoAt(due, now);
        if (at === null) continue;
        if (at > now) {
          if (next === null || at < next) next = at;
          continue;
        }
        underWay.set(due.id, due.lane);
        begun.add(
          send(due)
            // A channel that throws is a bug of ours: the delivery says so, and is not sent in a circle.
            .catch((fault: unknown) => record(faulted(due.parcel, fault)))
            .finally(() => {
              underWay.delete(due.id);
              wake();
            }),
        );
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

const sendOnce = async (
  notifier: Notifier | null,
  message: OutgoingMessage,
  signal: AbortSignal,
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
  return notifier.send(message, signal);
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
