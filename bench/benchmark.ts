// Owns what a benchmark is: it measures our program and a limit in the same run, or says why it could not.

/** One line of the table. Times in milliseconds; the two lists come from interleaved samples of the same run. */
export interface Row {
  readonly name: string;
  readonly ours: readonly number[];
  readonly limit: readonly number[];
  /** What the limit is, in a few words. */
  readonly against: string;
  /** Further figures of the same run; empty for none. */
  readonly note: string;
}

export type Outcome =
  | { readonly kind: 'measured'; readonly rows: readonly Row[] }
  | { readonly kind: 'not-run'; readonly reason: string };

export interface Effort {
  readonly isQuick: boolean;
  /** An empty directory of this benchmark's own, on the disk that is measured; removed afterwards. */
  readonly directory: string;
}

export interface Benchmark {
  readonly name: string;
  readonly about: string;
  run(effort: Effort): Promise<Outcome>;
}
