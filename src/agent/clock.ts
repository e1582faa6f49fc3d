// Owns the agent's one clock: what time it is, and waking up later. `rate` is above 1 where a demo runs faster than life.

export interface Clock {
  /** Milliseconds since the epoch, in the room's time. */
  now(): number;
  /** Room milliseconds since some fixed moment, whatever is done to the wall clock meanwhile. */
  elapsedMs(): number;
  /** Room seconds that pass in one real second. */
  readonly rate: number;
  /** Calls `wake` once after `delayMs` of room time; returns the way to call it off. */
  after(delayMs: number, wake: () => void): () => void;
}

// Node turns longer delays into 1 ms; the scheduler simply looks again after this long.
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's clock as it is. */
export const systemClock = (): Clock => scaledClock(1);

/** A clock that showed the machine's time at `startedAtMs` and has run `rate` times as fast since. Same arguments, same time. */
export const scaledClock = (rate: number, startedAtMs = Date.now()): Clock => ({
  rate,
  elapsedMs: () => performance.now() * rate,
  now: () => (rate === 1 ? Date.now() : Math.round(startedAtMs + (Date.now() - startedAtMs) * rate)),
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, Math.min(Math.max(0, delayMs) / rate, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
});
