import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/agent/clock.ts';
import { watchClock } from '../../src/agent/clock-watch.ts';

/** A machine whose process can be paused and whose wall clock can be set. */
const machine = (rate = 1) => {
  let elapsedMs = 0;
  let setByMs = 0;
  let sleeper: { readonly at: number; readonly wake: () => void } | null = null;
  const clock: Clock = {
    rate,
    now: () => 1_800_000_000_000 + elapsedMs + setByMs,
    elapsedMs: () => elapsedMs,
    after: (delayMs, wake) => {
      const mine = { at: elapsedMs + delayMs, wake };
      sleeper = mine;
      return () => {
        if (sleeper === mine) sleeper = null;
      };
    },
  };
  const wakeUp = (): void => {
    if (sleeper === null || sleeper.at > elapsedMs) return;
    const { wake } = sleeper;
    sleeper = null;
    wake();
  };
  const told: string[] = [];
  const { look, stop } = watchClock(clock, {
    jumped: (byMs) => told.push(`jumped ${byMs}`),
    stalled: (forMs) => told.push(`stalled ${forMs}`),
  });
  return {
    told,
    look,
    stop,
    isAsleep: () => sleeper === null,
    runs: (ms: number): void => {
      const until = elapsedMs + ms;
      while (sleeper !== null && sleeper.at <= until) {
        elapsedMs = Math.max(elapsedMs, sleeper.at);
        wakeUp();
      }
      elapsedMs = until;
    },
    /** Time passes and nothing of the process runs. */
    pauses: (ms: number): void => {
      elapsedMs += ms;
    },
    /** The machine sleeps: its monotonic time stands still, the wall clock does not. */
    setsClock: (byMs: number): void => {
      setByMs += byMs;
    },
  };
};

describe('the watch over the clock', () => {
  it('says nothing while time passes evenly', () => {
    const its = machine();
    its.runs(120_000);
    expect(its.told).toEqual([]);
  });

  it.each([3_600_000, -3_600_000])('tells a jump of %d ms once, and calls it no stall', (ms) => {
    const its = machine();
    its.runs(25_000);
    its.setsClock(ms);
    its.runs(60_000);
    expect(its.told).toEqual([`jumped ${ms}`]);
  });

  it('tells a jump to whoever is about to reckon with the time, and not once more', () => {
    const its = machine();
    its.runs(25_300);
    its.setsClock(-3_600_000);
    its.look();
    expect(its.told).toEqual(['jumped -3600000']);
    its.runs(60_000);
    expect(its.told).toEqual(['jumped -3600000']);
  });

  it('takes small corrections for what they are', () => {
    const its = machine();
    its.setsClock(1_500);
    its.runs(60_000);
    expect(its.told).toEqual([]);
  });

  it('tells a stretch in which nothing ran once, and calls it no jump', () => {
    const its = machine();
    its.runs(10_000);
    its.pauses(9_000);
    its.runs(60_000);
    expect(its.told).toEqual(['stalled 8000']);
  });

  it('takes a busy moment for what it is', () => {
    const its = machine();
    its.runs(10_000);
    its.pauses(5_900);
    its.runs(60_000);
    expect(its.told).toEqual([]);
  });

  it('tells both where a process was paused and the clock was set meanwhile', () => {
    const its = machine();
    its.runs(10_000);
    its.pauses(21_000);
    its.setsClock(-60_000);
    its.runs(10_000);
    expect(its.told).toEqual(['stalled 20000', 'jumped -60000']);
  });

  it('measures by real time where the room runs faster', () => {
    const its = machine(10);
    its.runs(100_000);
    its.pauses(49_000);
    its.runs(100_000);
    expect(its.told).toEqual([]);
    its.pauses(80_000);
    its.runs(100_000);
    expect(its.told).toEqual(['stalled 70000']);
  });

  it('is quiet once it is stopped', () => {
    const its = machine();
    its.stop();
    expect(its.isAsleep()).toBe(true);
  });
});
