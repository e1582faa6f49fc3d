import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentClock } from '../../src/client/agent-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the guess of the agent's clock", () => {
  it('runs at the rate the welcome told, so that countdowns reach zero when the agent acts', () => {
    const clock = agentClock();
    clock.heard(1_000_000, 20);
    vi.advanceTimersByTime(3_000);
    expect(clock.now()).toBeCloseTo(1_060_000, 3);
  });

  it('keeps the rate at later words, which only set the time', () => {
    const clock = agentClock();
    clock.heard(1_000_000, 20);
    clock.heard(2_000_000);
    vi.advanceTimersByTime(500);
    expect(clock.now()).toBeCloseTo(2_010_000, 3);
  });

  it('follows an agent that came back at another rate', () => {
    const clock = agentClock();
    clock.heard(1_000_000, 20);
    clock.heard(1_000_000, 1);
    vi.advanceTimersByTime(500);
    expect(clock.now()).toBeCloseTo(1_000_500, 3);
  });
});
