// Owns the verdict over a soak: whether what the agent holds stays as it is while the room grows older.
import type { Holding } from './soak-agent.ts';

export interface Sample extends Holding {
  readonly roomHours: number;
  readonly commits: number;
  readonly incidents: number;
  readonly journalBytes: number;
}

const MIB = 1024 * 1024;
/** The latest commits are kept up to twice their bound, then cut to it. */
const HEAP_NOISE_BYTES = 4 * MIB;
const RESIDENT_NOISE_BYTES = 64 * MIB;
const HANDLE_NOISE = 8;
/** Ids of commands are remembered up to a bound: until then each of them may cost so much. */
const REMEMBERED_COMMANDS = 20_000;
const REMEMBERED_BYTES = 300;
const FEWEST_SAMPLES = 8;

/** What is not flat, in words. The first half of the samples is the warming up: caches and histories fill until their bounds. */
export const judgeFlatness = (samples: readonly Sample[]): readonly string[] => {
  if (samples.length < FEWEST_SAMPLES) return [`${samples.length} samples say nothing, expected ${FEWEST_SAMPLES}`];
  const settled = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [settled[0] as Sample, settled.at(-1) as Sample];
  const remembered = Math.min(last.commits, REMEMBERED_COMMANDS) - Math.min(first.commits, REMEMBERED_COMMANDS);
  const rises = (of: keyof Sample): number => rise(settled.map((sample) => [sample.commits, sample[of]]));
  const limits: readonly [of: keyof Holding, most: number, unit: number, name: string][] = [
    ['heapBytes', HEAP_NOISE_BYTES + remembered * REMEMBERED_BYTES, MIB, 'MiB of heap'],
    ['residentBytes', RESIDENT_NOISE_BYTES, MIB, 'MiB resident'],
    ['files', HANDLE_NOISE, 1, 'open files'],
    ['handles', HANDLE_NOISE, 1, 'handles'],
  ];
  return limits.flatMap(([of, most, unit, name]) => {
    const grown = rises(of);
    if (grown <= most) return [];
    const over = `over ${last.commits - first.commits} commits`;
    return [`${(grown / unit).toFixed(1)} ${name} more ${over}, at most ${(most / unit).toFixed(1)} expected`];
  });
};

/** How far the straight line that fits best rises over the points: one odd sample does not decide. */
const rise = (points: readonly (readonly [x: number, y: number])[]): number => {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return 0;
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return slope * ((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0));
};
