// Owns one worker of a search through many seeds: runs its share, and tells of each run in short.
import { parentPort, workerData } from 'node:worker_threads';
import { report } from './report.ts';
import { runSeed } from './run.ts';

/** What a worker tells of one seed. */
export interface Told {
  readonly seed: number;
  readonly commits: number;
  readonly hash: string;
  /** The types of all that was recorded. */
  readonly events: readonly string[];
  /** Null: all held. */
  readonly failure: string | null;
}

const { from, count, step } = workerData as { readonly from: number; readonly count: number; readonly step: number };

for (let seed = from; seed < from + count; seed += step) {
  // What breaks the run itself is named by its seed, too.
  const run = await runSeed(seed).catch((cause: unknown) => {
    throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  const { commits, hash, events } = run;
  const failure = run.broken.length === 0 ? null : report(run);
  parentPort?.postMessage({ seed, commits, hash, events: [...events], failure } satisfies Told);
}
