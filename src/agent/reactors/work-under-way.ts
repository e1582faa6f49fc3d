// Owns knowing what a reactor has begun and not ended, so that a stop can wait for it.

export interface WorkUnderWay {
  add(work: Promise<unknown>): void;
  /** Resolves once nothing is under way. */
  finished(): Promise<void>;
}

export const workUnderWay = (): WorkUnderWay => {
  const under = new Set<Promise<unknown>>();
  return {
    add: (work) => {
      const ended = work.finally(() => under.delete(ended));
      under.add(ended);
    },
    finished: async () => {
      while (under.size > 0) await Promise.allSettled(under);
    },
  };
};
