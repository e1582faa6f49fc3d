// Owns the notice of a wall clock that jumped: set by hand, stepped by NTP, or asleep with its machine.
import type { Clock } from './clock.ts';

const LOOK_EVERY_MS = 10_000;
const JUMP_MS = 5_000;

/** Compares the room's wall clock with the time that passed; tells jumps in room milliseconds, forward positive. */
export const watchClock = (clock: Clock, jumped: (byMs: number) => void): (() => void) => {
  let last = { wallMs: clock.now(), elapsedMs: clock.elapsedMs() };
  const look = (): void => {
    const now = { wallMs: clock.now(), elapsedMs: clock.elapsedMs() };
    const byMs = now.wallMs - last.wallMs - (now.elapsedMs - last.elapsedMs);
    last = now;
    if (Math.abs(byMs) > JUMP_MS * clock.rate) jumped(Math.round(byMs));
    cancel = clock.after(LOOK_EVERY_MS * clock.rate, look);
  };
  let cancel = clock.after(LOOK_EVERY_MS * clock.rate, look);
  return () => cancel();
};
