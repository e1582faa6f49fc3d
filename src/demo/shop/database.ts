// Owns the database of one service: how long a query takes while others run.

export interface Database {
  /** `ms` is what the query takes on a database that is well and otherwise idle. */
  query(ms: number): Promise<void>;
}

export interface DatabaseOptions {
  readonly spend: (ms: number) => Promise<void>;
  /** How many times longer each running query makes the next one. */
  readonly contention: () => number;
}

export const createDatabase = ({ spend, contention }: DatabaseOptions): Database => {
  let running = 0;
  return {
    query: async (ms) => {
      const slowness = 1 + contention() * running;
      running += 1;
      try {
        await spend(ms * slowness);
      } finally {
        running -= 1;
      }
    },
  };
};
