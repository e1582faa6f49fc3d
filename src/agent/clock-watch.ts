// Owns the notice of a wall clock that jumped: set by hand, stepped by NTP, or asleep with its machine.
import type { Clock } from './clock.ts';

const LOOK_EVERY_MS = 10_000;
const JUMP_MS = 5_000;

/** Compares the room's clock with the machine's monotonic time; tells jumps in room milliseconds, forward positive. */
export const watchClock = (
  clock: Clock,
  jumped: (byMs: number) => void,
  monotonicMs: () => number = () => performance.now(),
): (() => void) => {
  let last = { clockMs: clock.now(), monotonicMs: monotonicMs() };
  const look = (): void => {
    const now = { clockMs: clock.now(), monotonicMs: monotonicMs() };
    const byMs = now.clockMs - last.clockMs - (now.monotonicMs - last.monotonicMs) * clock.rate;
    last = now;
    if (Math.abs(byMs) > JUMP_MS * clock.rate) jumped(Math.round(byMs));
    cancel = clock.after(LOOK_EVERY_MS * clock.rate, look);
  };
  let cancel = clock.after(LOOK_EVERY_MS * clock.rate, look);
  return () => cancel();
};
