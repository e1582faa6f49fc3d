// Owns how the journal is cut into files: each is named by the first commit it holds, and is never written again once the next one is begun.
import { join } from 'node:path';
import type { Disk } from './disk.ts';

export interface Segment {
  readonly path: string;
  /** Of its first line; the lines after it count on. */
  readonly firstSeq: number;
  /** In bytes: of the last segment, what is durable. */
  readonly length: number;
}

/** A segment that has grown to this is left as it is; the next batch begins another. */
export const SEGMENT_BYTES = 4 * 1024 * 1024;

const NAME = /^journal-(\d{6,15})\.jsonl$/;

export const journalDirectory = (stateDirectory: string): string => join(stateDirectory, 'journal');

export const segmentPath = (directory: string, firstSeq: number): string =>
  join(directory, `journal-${String(firstSeq).padStart(6, '0')}.jsonl`);

/** The segments in a directory, oldest first. */
export const listSegments = async (disk: Disk, directory: string): Promise<readonly Segment[]> => {
  const firsts = (await disk.list(directory))
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (const firstSeq of firsts) {
    const path = segmentPath(directory, firstSeq);
    segments.push({ path, firstSeq, length: (await disk.size(path)) ?? 0 });
  }
  return segments;
};

/** The segments that hold the commits from `seq` on. */
export const segmentsFrom = (segments: readonly Segment[], seq: number): readonly Segment[] => {
  const index = segments.findLastIndex((segment) => segment.firstSeq <= seq);
  return segments.slice(Math.max(0, index));
};
