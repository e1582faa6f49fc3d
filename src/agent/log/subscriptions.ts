// Owns who hears of durable commits: each subscriber every commit once, in order, history first and then live.
import type { Commit } from '../../incident/commit.ts';

export interface Subscriptions {
  subscribe(fromSeq: number, listener: (commit: Commit) => void): () => void;
  /** Tells those who are up to date; the others read it from the log. */
  publish(commit: Commit): void;
  close(): void;
}

export interface SubscriptionSource {
  headSeq(): number;
  read(fromSeq: number): AsyncIterable<Commit>;
  /** A listener that threw, or history that could not be read. */
  onError(error: unknown): void;
}

interface Subscriber {
  readonly listener: (commit: Commit) => void;
  nextSeq: number;
  isLive: boolean;
  isGone: boolean;
}

export const subscriptions = (source: SubscriptionSource): Subscriptions => {
  const subscribers = new Set<Subscriber>();

  const deliver = (subscriber: Subscriber, commit: Commit): void => {
    if (subscriber.isGone || commit.seq !== subscriber.nextSeq) return;
    subscriber.nextSeq += 1;
    try {
      subscriber.listener(commit);
    } catch (error) {
      source.onError(error);
    }
  };

  const leave = (subscriber: Subscriber): void => {
    subscriber.isGone = true;
    subscribers.delete(subscriber);
  };

  const catchUp = async (subscriber: Subscriber): Promise<void> => {
    while (subscriber.nextSeq <= source.headSeq()) {
      for await (const commit of source.read(subscriber.nextSeq)) {
        if (subscriber.isGone) return;
        deliver(subscriber, commit);
      }
    }
    // Nothing was awaited since the head was looked at: no commit can fall between history and live.
    subscriber.isLive = true;
  };

  return {
    subscribe: (fromSeq, listener) => {
      const subscriber = { listener, nextSeq: Math.max(1, fromSeq), isLive: fromSeq > source.headSeq(), isGone: false };
      subscribers.add(subscriber);
      if (!subscriber.isLive) {
        catchUp(subscriber).catch((error: unknown) => {
          leave(subscriber);
          source.onError(error);
        });
      }
      return () => leave(subscriber);
    },
    publish: (commit) => {
      for (const subscriber of [...subscribers]) if (subscriber.isLive) deliver(subscriber, commit);
    },
    close: () => {
      for (const subscriber of [...subscribers]) leave(subscriber);
    },
  };
};
