// Owns the search through many seeds, on as many cores as it is given.
import { Worker } from 'node:worker_threads';
import type { Told } from './worker.ts';

export interface Search {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
  readonly onTold?: (told: Told) => void;
}

/** All seeds, in their order. Rejects when a worker dies. */
export const searchSeeds = async ({ from, count, workers, onTold }: Search): Promise<readonly Told[]> => {
  const told: Told[] = [];
  const shares = Array.from({ length: Math.min(workers, count) }, (_, index) => index);
  await Promise.all(
    shares.map(
      (share) =>
        new Promise<void>((resolve, reject) => {
          const workerData = { from: from + share, count: count - share, step: shares.length };
          const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
          worker.on('message', (one: Told) => {
            told.push(one);
            onTold?.(one);
          });
          worker.on('error', reject);
          worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
        }),
    ),
  );
  return told.sort((one, other) => one.seed - other.seed);
};
