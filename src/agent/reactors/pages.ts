// Owns the sending of pages: whatever is pending or due again goes out, and its outcome is recorded.
import { type Incident, isOpen, type Page, type Room } from '../../incident/state.ts';
import { plusMs, type Timestamp, toTimestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { Notifier, NotifyResult } from '../notifiers/notifier.ts';
import type { Reactor, Record } from './reactor.ts';

const SEND_TIMEOUT_MS = 10_000;
/** Waits between tries; after the last a page has failed for good. */
const RETRY_AFTER_MS = [2_000, 5_000, 15_000, 60_000, 300_000] as const;

interface PagesParts {
  readonly record: Record;
  readonly clock: Clock;
  /** The channel of that name for that contact; null where the configuration no longer has it. */
  readonly notifier: (channel: string, contact: string) => Notifier | null;
  /** Asks for another look, once a page has its outcome. */
  readonly wake: () => void;
}

export const pages = ({ record, clock, notifier, wake }: PagesParts): Reactor => {
  const underWay = new Set<string>();
  const stopping = new AbortController();

  const send = async (page: Page, incident: Incident, agentStartedAt: Timestamp | null): Promise<void> => {
    const startedAt = clock.now();
    const possibleDuplicate = mayHaveBeenSent(page, agentStartedAt);
    const result = await sendOnce(
      notifier(page.channel, page.contact),
      outgoing(page, incident, possibleDuplicate),
      stopping.signal,
    );
    if (stopping.signal.aborted) return;
    const tookMs = Math.max(0, clock.now() - startedAt);
    const identity = { incident: incident.id, page: page.page };
    if (result.ok) await record({ type: 'record-page-sent', ...identity, tookMs, possibleDuplicate });
    else
      await record({
        type: 'record-page-failed',
        ...identity,
        reason: `${result.reason}: ${result.detail}`,
        retryAt: retryAt(page, result, clock.now()),
        mayHaveArrived: result.mayHaveArrived ?? false,
      });
  };

  return {
    stop: () => stopping.abort(),
    look: (room, now) => {
      let next: Timestamp | null = null;
      for (const { page, incident } of unsentPages(room)) {
        if (underWay.has(page.page)) continue;
        if (page.retryAt !== null && page.retryAt > now) {
          if (next === null || page.retryAt < next) next = page.retryAt;
          continue;
        }
        underWay.add(page.page);
        void send(page, incident, room.agentStartedAt)
          // A channel that throws is a bug of ours: the page says so, and is not sent in a circle.
          .catch((fault: unknown) => record(faulted(page, incident, fault)))
          .finally(() => {
            underWay.delete(page.page);
            wake();
          });
      }
      return next;
    },
  };
};

const faulted = (page: Page, incident: Incident, fault: unknown) =>
  ({
    type: 'record-page-failed',
    incident: incident.id,
    page: page.page,
    reason: `fault in the channel: ${String(fault)}`,
    retryAt: null,
    mayHaveArrived: true,
  }) as const;

const unsentPages = (room: Room): readonly { readonly page: Page; readonly incident: Incident }[] =>
  Object.values(room.incidents)
    .filter(isOpen)
    .flatMap((incident) =>
      Object.values(incident.pages)
        .filter((page) => page.state === 'pending' || page.state === 'retrying')
        .map((page) => ({ page, incident })),
    );

/** Its answer got lost, or it was asked for before this agent began: whether it went out, nobody knows (field 4.2). */
const mayHaveBeenSent = (page: Page, agentStartedAt: Timestamp | null): boolean =>
  page.mayHaveArrived || (agentStartedAt !== null && (page.retryAt ?? page.requestedAt) < agentStartedAt);

const outgoing = (page: Page, incident: Incident, possibleDuplicate: boolean) => ({
  page,
  incident: { id: incident.id, title: incident.title, severity: incident.severity, services: incident.services },
  idempotencyKey: page.page,
  possibleDuplicate,
});

const sendOnce = async (
  notifier: Notifier | null,
  message: ReturnType<typeof outgoing>,
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

const retryAt = (page: Page, result: Extract<NotifyResult, { ok: false }>, nowMs: number): Timestamp | null => {
  const waitMs = RETRY_AFTER_MS[page.tries];
  if (!result.retry || waitMs === undefined) return null;
  return plusMs(toTimestamp(nowMs), Math.max(waitMs, result.retryAfterMs ?? 0));
};
