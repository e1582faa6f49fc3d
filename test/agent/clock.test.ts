import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scaledClock, systemClock } from '../../src/agent/clock.ts';

const START = Date.parse('2026-11-22T03:00:00.000Z');
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a scaled clock', () => {
  it.each([1, 2, 20, 60])('at rate %d runs that many seconds in each real one', (rate) => {
    const clock = scaledClock(rate);
    const elapsed = clock.elapsedMs();
    expect([clock.rate, clock.now()]).toEqual([rate, START]);
    vi.advanceTimersByTime(1_500);
    expect(clock.now()).toBe(START + 1_500 * rate);
    expect(clock.elapsedMs() - elapsed).toBeCloseTo(1_500 * rate, 3);
  });

  it('wakes after fifteen minutes of its own: at rate 20, after 45 real seconds', () => {
    const clock = scaledClock(20);
    const wake = vi.fn(() => clock.now());
    clock.after(15 * MINUTE, wake);
    vi.advanceTimersByTime(44_999);
    expect(wake).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(wake).toHaveReturnedWith(START + 15 * MINUTE);
  });

  it('does not wake when called off, and at once when the time has passed', () => {
    const clock = scaledClock(20);
    const [never, atOnce] = [vi.fn(), vi.fn()];
    clock.after(1_000, never)();
    clock.after(-5, atOnce);
    vi.advanceTimersByTime(1_000);
    expect([never.mock.calls.length, atOnce.mock.calls.length]).toEqual([0, 1]);
  });

  it('goes on where another of the same start would be: an agent that comes back is not thrown into the past', () => {
    const first = scaledClock(20, START);
    vi.advanceTimersByTime(10 * MINUTE);
    expect(scaledClock(20, START).now()).toBe(first.now());
    expect(first.now()).toBe(START + 200 * MINUTE);
  });

  it('sleeps a month rather than a millisecond where Node cannot wait that long', () => {
    const wake = vi.fn();
    scaledClock(1).after(400 * 24 * 60 * MINUTE, wake);
    vi.advanceTimersByTime(24 * 60 * MINUTE);
    expect(wake).not.toHaveBeenCalled();
  });
});

describe('the system clock', () => {
  it('is the time of the machine, also when that is set', () => {
    const clock = systemClock();
    vi.setSystemTime(START + MINUTE);
    expect([clock.rate, clock.now()]).toEqual([1, START + MINUTE]);
  });
});
