// Owns the limit on simultaneous work: so many at once, so many in line, the rest turned away.

export interface Slots {
  /** Resolves true once it is one's turn, false at once when the line is full. Whoever got true calls `leave`. */
  enter(): Promise<boolean>;
  leave(): void;
}

export const createSlots = (limits: { readonly concurrency: number; readonly queueLength: number }): Slots => {
  const line: (() => void)[] = [];
  let busy = 0;
  return {
    enter: () => {
      if (busy < limits.concurrency) {
        busy += 1;
        return Promise.resolve(true);
      }
      if (line.length >= limits.queueLength) return Promise.resolve(false);
      return new Promise((resolve) => line.push(() => resolve(true)));
    },
    leave: () => {
      const next = line.shift();
      if (next === undefined) busy -= 1;
      else next();
    },
  };
};
