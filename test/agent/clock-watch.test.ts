import { describe, expect, it } from 'vitest';
import { watchClock } from '../../src/agent/clock-watch.ts';
import { manualClock } from '../support/manual-clock.ts';

const watched = () => {
  const clock = manualClock();
  const jumps: number[] = [];
  watchClock(clock, (byMs) => jumps.push(byMs));
  return { clock, jumps, jump: clock.jump };
};

describe('the watch over the clock', () => {
  it('says nothing while time passes evenly', async () => {
    const { clock, jumps } = watched();
    await clock.advance(120_000);
    expect(jumps).toEqual([]);
  });

  it.each([3_600_000, -3_600_000])('tells a jump of %d ms once', async (ms) => {
    const { clock, jumps, jump } = watched();
    await clock.advance(25_000);
    jump(ms);
    await clock.advance(Math.max(0, -ms) + 60_000);
    expect(jumps).toEqual([ms]);
  });

  it('takes small corrections for what they are', async () => {
    const { clock, jumps, jump } = watched();
    jump(1_500);
    await clock.advance(60_000);
    expect(jumps).toEqual([]);
  });
});
