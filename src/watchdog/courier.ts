// Owns getting a saying out: to whom in which round, by the ways of notifications.yaml, with a few tries each.
import type { Config } from '../agent/config/config.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from '../agent/notifiers/notifier.ts';
import { own } from '../incident/own.ts';
import type { SafeText } from '../incident/text.ts';
import type { Saying } from './watch.ts';

export interface Destination {
  readonly to: string;
  readonly channel: string;
  readonly isSink: boolean;
}

/** Each round reaches one more contact; what is urgent, and what several rounds did not end, reaches all. Sinks hear everything. */
export const destinationsOf = (
  { watchdog, policy, sinks }: Pick<Config, 'watchdog' | 'policy' | 'sinks'>,
  { round, isUrgent }: Pick<Saying, 'round' | 'isUrgent'>,
): readonly Destination[] => {
  const contacts = isUrgent ? watchdog.contacts : watchdog.contacts.slice(0, round);
  return [
    ...contacts.flatMap((to) => (own(policy.channels, to) ?? []).map((channel) => ({ to, channel, isSink: false }))),
    ...watchdog.sinks.flatMap((to) => {
      const sink = own(sinks, to);
      return sink === undefined ? [] : [{ to, channel: sink.channel, isSink: true }];
    }),
  ];
};

export interface CourierParts {
  readonly notifier: (channel: string, to: string) => Notifier | null;
  /** Resolves after so long, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly failed: (destination: Destination, detail: string) => void;
}

const TRIES = 3;
const WAIT_BEFORE_TRY_MS = 3_000;
const LONGEST_WAIT_MS = 15_000;

/** Sends to all side by side; resolves with whether anybody was reached. The log alone counts where there is nothing else. */
export const deliver = async (
  parcel: { readonly saying: Saying; readonly text: SafeText; readonly to: readonly Destination[] },
  parts: CourierParts,
  signal: AbortSignal,
): Promise<boolean> => {
  const { saying, text, to } = parcel;
  const sent = await Promise.all(
    to.map(async (destination) => ({
      channel: destination.channel,
      ok: await send(messageFor(destination, saying, text), destination, parts, signal),
    })),
  );
  const others = sent.filter(({ channel }) => channel !== 'log');
  return (others.length === 0 ? sent : others).some(({ ok }) => ok);
};

const messageFor = ({ to, channel, isSink }: Destination, saying: Saying, text: SafeText): OutgoingMessage => {
  const { about, trouble, since, round } = saying;
  return {
    kind: isSink ? 'announcement' : about === 'over' ? 'notice' : 'page',
    id: `watchdog/${trouble}/${since}/${about === 'over' ? 'over' : round}/${to}/${channel}`,
    to,
    text,
    incident: null,
    level: null,
    attempt: round,
    possibleDuplicate: false,
    unrecorded: false,
  };
};

const send = async (
  message: OutgoingMessage,
  destination: Destination,
  { notifier, wait, failed }: CourierParts,
  signal: AbortSignal,
): Promise<boolean> => {
  let possibleDuplicate = false;
  for (let left = TRIES - 1; ; left -= 1) {
    const result = await trySending(
      notifier(destination.channel, destination.to),
      { ...message, possibleDuplicate },
      signal,
    );
    if (result.ok) return true;
    const isLast = left === 0 || !result.retry || signal.aborted;
    failed(destination, `${result.reason}: ${result.detail}${isLast ? '' : ', will retry'}`);
    if (isLast) return false;
    possibleDuplicate ||= result.mayHaveArrived === true;
    await wait(Math.min(result.retryAfterMs ?? WAIT_BEFORE_TRY_MS, LONGEST_WAIT_MS), signal);
  }
};

const trySending = async (
  notifier: Notifier | null,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<NotifyResult> => {
  if (notifier === null) return unsendable('there is no such way');
  try {
    return await notifier.send(message, signal);
  } catch (error) {
    // A fault in one way must not cost the others.
    return unsendable(error instanceof Error ? error.message : String(error));
  }
};

const unsendable = (detail: string): NotifyResult => ({
  ok: false,
  reason: 'not-configured',
  detail,
  retry: false,
  retryAfterMs: null,
});
