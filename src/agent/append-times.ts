// Owns how long the latest appends took: enough of them for honest percentiles, and no more.
import type { AgentHealth } from '../protocol/messages.ts';

const TIMES_KEPT = 1_000;

export const createAppendTimes = (): {
  readonly record: (tookMs: number) => void;
  readonly summary: () => AgentHealth['append'];
} => {
  const times: number[] = [];
  let count = 0;
  return {
    record: (tookMs) => {
      times[count % TIMES_KEPT] = tookMs;
      count += 1;
    },
    summary: () => {
      if (count === 0) return null;
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { p50Ms: at(0.5), p99Ms: at(0.99), count };
    },
  };
};
