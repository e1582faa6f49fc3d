// Owns chance that can be had again: the same seed, the same numbers.

export interface Chance {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  of<One>(ones: readonly One[]): One;
  is(probability: number): boolean;
}

/** Mulberry32: small, fast, and good enough to choose what to break. */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    is: (probability) => next() < probability,
    of: (ones) => ones[below(ones.length)] as (typeof ones)[number],
  };
};
