// Owns the rhythm of a source: one poll at a time, the next one due a fixed time after the last one began.
import type { Clock } from '../clock.ts';

export interface Polling {
  readonly clock: Clock;
  readonly everyMs: number;
  /** One poll. Its signal aborts when polling stops; it must not throw for what the world does. */
  readonly poll: (stopping: AbortSignal) => Promise<void>;
}

/** Polls at once and then on; returns the way to stop. A poll that takes longer than `everyMs` delays the next and never piles up. */
export const startPolling = ({ clock, everyMs, poll }: Polling): (() => void) => {
  const stopping = new AbortController();
  let callOff: () => void = () => undefined;
  const run = async (): Promise<void> => {
    const startedAt = clock.now();
    await poll(stopping.signal);
    if (stopping.signal.aborted) return;
    const dueInMs = startedAt + everyMs - clock.now();
    callOff = clock.after(Math.min(Math.max(0, dueInMs), everyMs), () => void run());
  };
  void run();
  return () => {
    stopping.abort();
    callOff();
  };
};

/** Starts every polling on its own rhythm; returns the way to stop them all. */
export const startAll = (pollings: readonly Polling[]): (() => void) => {
  const stops = pollings.map(startPolling);
  return () => {
    for (const stop of stops) stop();
  };
};
