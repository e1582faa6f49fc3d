// Owns when reactors look: after every commit, and at the earliest moment one of them named. Sleeps otherwise.
import type { Room } from '../incident/state.ts';
import { toEpochMs, toTimestamp } from '../incident/time.ts';
import type { Clock } from './clock.ts';
import type { Reactor } from './reactors/reactor.ts';

// Wall clocks jump and laptops sleep: no timer is trusted for longer than this.
const LONGEST_SLEEP_MS = 30_000;

export interface Scheduler {
  /** Something changed: look once, soon. Many calls in one turn are one look. */
  wake(): void;
  stop(): void;
}

export const createScheduler = (clock: Clock, reactors: readonly Reactor[], room: () => Room): Scheduler => {
  let cancelTimer = (): void => {};
  let isWaking = false;
  let stopped = false;

  const look = (): void => {
    isWaking = false;
    if (stopped) return;
    cancelTimer();
    const nowMs = clock.now();
    const now = toTimestamp(nowMs);
    const next = reactors
      .map((reactor) => reactor.look(room(), now))
      .reduce<string | null>((first, at) => (at !== null && (first === null || at < first) ? at : first), null);
    if (next !== null)
      cancelTimer = clock.after(Math.min(Math.max(0, toEpochMs(next) - nowMs), LONGEST_SLEEP_MS), wake);
  };

  const wake = (): void => {
    if (isWaking || stopped) return;
    isWaking = true;
    // Never a microtask: work that is refused at once would look again before any disk or socket gets its turn.
    setImmediate(look);
  };

  return {
    wake,
    stop: () => {
      stopped = true;
      cancelTimer();
      for (const reactor of reactors) reactor.stop();
    },
  };
};
