// Owns the notice of time gone wrong: a wall clock that jumped (set by hand, stepped by NTP, asleep with its machine), and a
// stretch in which this process did not get to look (its event loop held, or the process paused).
import type { Clock } from './clock.ts';

export interface ClockWatch {
  /** The wall clock moved by so much more than the time that passed; forward positive, in room milliseconds. */
  jumped(byMs: number): void;
  /** For so long, in room milliseconds, nothing was looked at and no timer fired. */
  stalled(forMs: number): void;
}

const LOOK_EVERY_MS = 1_000;
/** What the wall clock may be off by before it is called a jump. */
export const JUMP_MS = 5_000;
const STALL_MS = 5_000;

export interface WatchedClock {
  /** Looks now, for whoever is about to reckon with the time: what is told of a jump is told before. */
  look(): void;
  stop(): void;
}

/** Compares the room's wall clock with the time that passed, and the time that passed with what was asked for; tells each once. */
export const watchClock = (clock: Clock, { jumped, stalled }: ClockWatch): WatchedClock => {
  const everyMs = LOOK_EVERY_MS * clock.rate;
  let last = { wallMs: clock.now(), elapsedMs: clock.elapsedMs() };
  const look = (): void => {
    const now = { wallMs: clock.now(), elapsedMs: clock.elapsedMs() };
    const passedMs = now.elapsedMs - last.elapsedMs;
    const byMs = now.wallMs - last.wallMs - passedMs;
    last = now;
    if (passedMs - everyMs > STALL_MS * clock.rate) stalled(Math.round(passedMs - everyMs));
    if (Math.abs(byMs) > JUMP_MS * clock.rate) jumped(Math.round(byMs));
  };
  const lookAgain = (): void => {
    look();
    cancel = clock.after(everyMs, lookAgain);
  };
  let cancel = clock.after(everyMs, lookAgain);
  return { look, stop: () => cancel() };
};
