// Owns what is said of a clock that does not agree with the agent's: nothing while it nearly does, which one is ahead from then on.

/** Below this it is the time on the way as much as the clock. */
const SHOWN_MS = 2_000;
/** Further off than this, times from there are no use. */
const WRONG_MS = 30_000;

export type ClockState = 'agrees' | 'off' | 'WRONG';

/** What is not known agrees: it is shown nowhere. */
export const clockState = (skewMs: number | null): ClockState => {
  const its = Math.abs(skewMs ?? 0);
  if (its > WRONG_MS) return 'WRONG';
  return its > SHOWN_MS ? 'off' : 'agrees';
};

/** `clock 3.4 s ahead`, `CLOCK 2 min BEHIND`; null where it agrees. */
export const clockWords = (skewMs: number | null): string | null => {
  const off = offWords(skewMs);
  return off === null ? null : `${clockState(skewMs) === 'WRONG' ? 'CLOCK' : 'clock'} ${off}`;
};

/** `3.4 s ahead of the agent's`, `2 min BEHIND the agent's`; null where it agrees. */
export const againstAgent = (skewMs: number | null): string | null => {
  const off = offWords(skewMs);
  return off === null ? null : `${off}${(skewMs ?? 0) > 0 ? ' of' : ''} the agent's`;
};

const offWords = (skewMs: number | null): string | null => {
  const state = clockState(skewMs);
  if (skewMs === null || state === 'agrees') return null;
  const way = skewMs > 0 ? 'ahead' : 'behind';
  return `${distance(Math.abs(skewMs))} ${state === 'WRONG' ? way.toUpperCase() : way}`;
};

const distance = (ms: number): string => {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
};
