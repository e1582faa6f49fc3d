// Owns the snapshots beside the journal: derived copies of the state, checked when read, never the only copy of anything.
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Disk } from './disk.ts';
import { readWhole, replaceFile } from './durable-file.ts';
import type { Head, Snapshot } from './event-log.ts';
import { hashOf } from './journal-line.ts';

const KEPT = 2;
const NAME = /^snapshot-(\d{1,15})\.json$/;

const headerSchema = z.object({ v: z.literal(1), seq: z.number(), head: z.string(), sha256: z.string() });

export interface Snapshots {
  /** Keeps `state` as it was at `at`; `headSeq` is where the log stands. Rejects when the disk refuses. */
  save(at: Head, state: unknown, headSeq: number): Promise<void>;
  /** The commit of the newest snapshot by its name; 0 where there is none. */
  newestSeq(): Promise<number>;
  /** The newest sound snapshot of this very log, which `hashAt` vouches for; or null. */
  latest(headSeq: number, hashAt: (seq: number) => Promise<string>): Promise<Snapshot<unknown> | null>;
}

/** Snapshots in `directory`, which is made when the first one is saved. */
export const snapshots = (disk: Disk, directory: string): Snapshots => {
  const pathOf = (seq: number): string => join(directory, `snapshot-${seq}.json`);
  return {
    save: async (at, state, headSeq) => {
      await disk.makeDirectory(directory);
      await removeUnfinished(disk, directory);
      await replaceFile(pathOf(at.seq), encodeSnapshot(at, state), disk);
      const newestFirst = await savedSeqs(disk, directory);
      const kept = newestFirst.filter((seq) => seq <= headSeq).slice(0, KEPT);
      const dropped = newestFirst.filter((seq) => !kept.includes(seq));
      for (const seq of dropped) await disk.remove(pathOf(seq));
      if (dropped.length > 0) await disk.syncDirectory(directory);
    },
    newestSeq: async () => (await savedSeqs(disk, directory))[0] ?? 0,
    latest: async (headSeq, hashAt) => {
      for (const seq of await savedSeqs(disk, directory)) {
        if (seq > headSeq) continue;
        const decoded = await readSnapshot(disk, pathOf(seq));
        if (decoded !== null && decoded.at.seq === seq && decoded.at.hash === (await hashAt(seq))) {
          return { seq, state: decoded.state };
        }
      }
      return null;
    },
  };
};

const checksum = (at: Head, stateText: string): string => hashOf(`${at.seq}\n${at.hash}\n${stateText}`);

const encodeSnapshot = (at: Head, state: unknown): string => {
  const stateText = JSON.stringify(state);
  const header = { v: 1, seq: at.seq, head: at.hash, sha256: checksum(at, stateText) };
  return `${JSON.stringify(header)}\n${stateText}\n`;
};

const readSnapshot = async (
  disk: Disk,
  path: string,
): Promise<{ readonly at: Head; readonly state: unknown } | null> => {
  try {
    const [headerText = '', stateText = ''] = ((await readWhole(disk, path)) ?? '').split('\n');
    const { seq, head, sha256 } = z.parse(headerSchema, JSON.parse(headerText));
    const at = { seq, hash: head };
    return sha256 === checksum(at, stateText) ? { at, state: JSON.parse(stateText) } : null;
  } catch {
    // Unreadable, cut short or not ours: the journal holds everything a snapshot could say.
    return null;
  }
};

/** What a crash left while a snapshot was written; snapshots are saved one at a time. */
const removeUnfinished = async (disk: Disk, directory: string): Promise<void> => {
  const unfinished = (await disk.list(directory)).filter((name) => name.endsWith('.tmp'));
  for (const name of unfinished) await disk.remove(join(directory, name));
};

/** Newest first. */
const savedSeqs = async (disk: Disk, directory: string): Promise<readonly number[]> => {
  const names = await disk.list(directory);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
};
