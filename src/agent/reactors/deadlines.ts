// Owns deadlines that only the passing of time brings: levels, leases, arms, expiries.
import { deadlinesOf } from '../../incident/due.ts';
import type { Room } from '../../incident/state.ts';
import { plusMs, type Timestamp } from '../../incident/time.ts';
import type { Reactor, Record } from './reactor.ts';

// A deadline that could not be recorded (the disk is full) is tried again this often.
const TRY_AGAIN_AFTER_MS = 1_000;

/** Looks at the tip rather than at what is durable: a deadline on its way to disk is not due twice. */
export const deadlines = (record: Record, tip: () => Room): Reactor => ({
  finished: async () => {},
  stop: () => {},
  look: (_room, now) => {
    const due = deadlinesOf(tip());
    const first = due[0]?.at ?? null;
    if (first === null || first > now) return first;
    for (const deadline of due) {
      if (deadline.at > now) break;
      void record(deadline.command);
    }
    const next: Timestamp | undefined = deadlinesOf(tip())[0]?.at;
    if (next === undefined) return null;
    return next > now ? next : plusMs(now, TRY_AGAIN_AFTER_MS);
  },
});
