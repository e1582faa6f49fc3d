// Owns the time of a simulation: one queue of what will happen, a wall clock that may jump, and waiting until all is quiet.
import type { Clock } from '../../../src/agent/clock.ts';
import type { Life } from './life.ts';

export interface SimulatedTime {
  /** Milliseconds that really passed. */
  elapsedMs(): number;
  /** What the wall clock shows. */
  wallMs(): number;
  /** Sets the wall clock forward or back, as a hand, NTP or a sleeping laptop does. */
  jump(byMs: number): void;
  /** How far the wall clock went forward since then by jumps too small to hide anything. */
  smallJumpsMs(sinceElapsedMs: number): number;
  /** Calls `run` once after that long; returns the way to call it off. */
  after(delayMs: number, run: () => void): () => void;
  /** A promise that is kept after that long; at once for nothing. */
  wait(delayMs: number): Promise<void>;
  /** Lets time pass, one happening after the other; after each, all that follows from it at once follows. */
  pass(ms: number): Promise<void>;
  /** All that follows at once from what happened so far. */
  settle(): Promise<void>;
  /** To be told of every call from the agent into the world: it is quiet when there are none. */
  noteActivity(): void;
  /** The clock of a machine, which tells a process nothing once that process is dead. */
  clockOf(life: Life): Clock;
}

interface Happening {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  isOff: boolean;
}

/** Sources are asked so often that a gap as long as this hides nothing. */
const SMALL_JUMP_MS = 120_000;
/** After so many turns of the event loop in which nobody did anything, nobody will. */
const QUIET_TURNS = 3;
/** More turns at one moment than any sound agent needs: somebody goes round in a circle without time passing. */
const MOST_TURNS = 20_000;

export const simulatedTime = (startWallMs: number, afterEach: () => void): SimulatedTime => {
  let elapsed = 0;
  let jumped = 0;
  let order = 0;
  let activity = 0;
  const queue: Happening[] = [];
  const jumps: { readonly atMs: number; readonly byMs: number }[] = [];

  const isBefore = (one: Happening, other: Happening): boolean =>
    one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

  const add = (happening: Happening): void => {
    let low = 0;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = queue[middle];
      // Latest first, so that the next one is taken from the end.
      if (there !== undefined && isBefore(happening, there)) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, happening);
  };

  const after = (delayMs: number, run: () => void): (() => void) => {
    activity += 1;
    order += 1;
    const happening: Happening = { atMs: elapsed + Math.max(0, delayMs), order, run, isOff: false };
    add(happening);
    return () => {
      happening.isOff = true;
    };
  };

  const settle = async (): Promise<void> => {
    let seen = activity;
    let quiet = 0;
    for (let turn = 0; quiet < QUIET_TURNS; turn += 1) {
      if (turn > MOST_TURNS) throw new Error('it never becomes quiet: something goes round in a circle');
      await new Promise<void>((resolve) => setImmediate(resolve));
      quiet = activity === seen ? quiet + 1 : 0;
      seen = activity;
    }
    afterEach();
  };

  return {
    elapsedMs: () => elapsed,
    wallMs: () => startWallMs + elapsed + jumped,
    jump: (byMs) => {
      jumped += byMs;
      jumps.push({ atMs: elapsed, byMs });
    },
    smallJumpsMs: (sinceMs) =>
      jumps
        .filter(({ atMs, byMs }) => atMs >= sinceMs && byMs > 0 && byMs <= SMALL_JUMP_MS)
        .reduce((sum, { byMs }) => sum + byMs, 0),
    after,
    wait: (delayMs) =>
      delayMs <= 0 ? Promise.resolve() : new Promise<void>((resolve) => void after(delayMs, resolve)),
    settle,
    noteActivity: () => {
      activity += 1;
    },
    pass: async (ms) => {
      const until = elapsed + ms;
      for (;;) {
        const next = queue.at(-1);
        if (next === undefined || next.atMs > until) break;
        queue.pop();
        if (next.isOff) continue;
        elapsed = Math.max(elapsed, next.atMs);
        next.run();
        await settle();
      }
      elapsed = until;
      await settle();
    },
    clockOf: (life) => ({
      rate: 1,
      now: () => startWallMs + elapsed + jumped,
      elapsedMs: () => elapsed,
      after: (delayMs, wake) => after(delayMs, () => life.isAlive() && wake()),
    }),
  };
};
