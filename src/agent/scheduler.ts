// Owns when reactors look: after every commit, and at the earliest moment one of them named. Sleeps otherwise.
import type { Room } from '../incident/state.ts';
import { plusMs, type Timestamp, toEpochMs, toTimestamp } from '../incident/time.ts';
import type { Clock } from './clock.ts';
import type { Reactor } from './reactors/reactor.ts';

// Wall clocks jump and laptops sleep: no timer is trusted for longer than this.
const LONGEST_SLEEP_MS = 30_000;

export interface Scheduler {
  /** Something changed: look once, soon. Many calls in one turn are one look. */
  wake(): void;
  /** Looks once, soon; resolves with whether every reactor did. */
  looks(): Promise<boolean>;
  /** Looks no more; resolves once everything that was begun has its outcome. */
  rest(): Promise<void>;
  /** Looks no more, and calls off what was begun. */
  stop(): void;
}

interface SchedulerParts {
  readonly reactors: readonly Reactor[];
  readonly room: () => Room;
  /** Takes a bug of ours, to be told loudly. */
  readonly onFault: (error: unknown) => void;
}

/** After a fault it looks again no sooner than this. */
const AFTER_FAULT_MS = 1_000;

export const createScheduler = (clock: Clock, { reactors, room, onFault }: SchedulerParts): Scheduler => {
  let cancelTimer = (): void => {};
  let isWaking = false;
  let stopped = false;
  let hasFault = false;
  let asking: ((looked: boolean) => void)[] = [];

  /** One reactor's fault costs its own work alone: the pages still go out. */
  const lookOf = (reactor: Reactor, now: Timestamp): Timestamp | null => {
    try {
      return reactor.look(room(), now);
    } catch (error) {
      hasFault = true;
      onFault(error);
      return plusMs(now, AFTER_FAULT_MS);
    }
  };

  const look = (): void => {
    isWaking = false;
    if (stopped) return;
    cancelTimer();
    hasFault = false;
    const nowMs = clock.now();
    const now = toTimestamp(nowMs);
    const next = reactors
      .map((reactor) => lookOf(reactor, now))
      .reduce<string | null>((first, at) => (at !== null && (first === null || at < first) ? at : first), null);
    if (next !== null)
      cancelTimer = clock.after(Math.min(Math.max(0, toEpochMs(next) - nowMs), LONGEST_SLEEP_MS), wake);
    answerAll(!hasFault);
  };

  const answerAll = (looked: boolean): void => {
    const asked = asking;
    asking = [];
    for (const answer of asked) answer(looked);
  };

  const wake = (): void => {
    if (isWaking || stopped) return;
    isWaking = true;
    // Never a microtask: work that is refused at once would look again before any disk or socket gets its turn.
    setImmediate(look);
  };

  const stopLooking = (): void => {
    stopped = true;
    cancelTimer();
    answerAll(false);
  };

  return {
    wake,
    looks: () =>
      new Promise((resolve) => {
        if (stopped) return resolve(false);
        asking.push(resolve);
        wake();
      }),
    rest: async () => {
      stopLooking();
      await Promise.all(reactors.map((reactor) => reactor.finished()));
    },
    stop: () => {
      stopLooking();
      for (const reactor of reactors) reactor.stop();
    },
  };
};
