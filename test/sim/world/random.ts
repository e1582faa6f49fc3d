// Owns chance: everything that may go either way in a simulation is drawn here, from the seed alone.

export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<One>(ones: readonly One[]): One;
  /** A stream of its own, so that more draws in one place change nothing in another. */
  fork(name: string): Random;
}

/** The same seed gives the same stream, on every machine. */
export const randomOf = (seed: number, name = ''): Random => {
  let state = mixed(seed, name);
  // mulberry32: small, fast, and even enough for drawing steps.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (ones) => {
      const one = ones[between(0, ones.length - 1)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
    fork: (inner) => randomOf(seed, `${name}/${inner}`),
  };
};

const mixed = (seed: number, name: string): number => {
  let bits = 0x811c9dc5 ^ Math.imul(seed | 0, 0x9e3779b1);
  for (const letter of name) bits = Math.imul(bits ^ letter.charCodeAt(0), 0x01000193);
  return Math.imul(bits ^ (bits >>> 16), 0x85ebca6b) | 0;
};
