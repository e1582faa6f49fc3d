// Owns a clock for tests that moves only when told, and runs what falls due on the way, in order.
import type { Clock } from '../../src/agent/clock.ts';

export interface ManualClock extends Clock {
  /** Moves on, waking everything that falls due, then lets pending promises settle. */
  advance(ms: number): Promise<void>;
  /** Jumps the wall clock without waking anybody, as a suspended machine would. */
  jump(ms: number): void;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

export const manualClock = (startAt = Date.parse('2026-11-22T03:00:00.000Z')): ManualClock => {
  let now = startAt;
  let jumped = 0;
  let sleepers: { at: number; readonly wake: () => void }[] = [];
  return {
    rate: 1,
    now: () => now,
    elapsedMs: () => now - jumped,
    after: (delayMs, wake) => {
      const sleeper = { at: now + Math.max(0, delayMs), wake };
      sleepers.push(sleeper);
      return () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
      };
    },
    jump: (ms) => {
      now += ms;
      jumped += ms;
      // Timers know nothing of the wall clock: each wakes when it would have.
      for (const sleeper of sleepers) sleeper.at += ms;
    },
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter((sleeper) => sleeper.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        sleepers = sleepers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
};
