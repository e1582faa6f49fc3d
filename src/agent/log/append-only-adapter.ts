// Owns the writing of the journal: a lowdb adapter that appends what it is given and makes it durable, or takes it back whole.
import type { Adapter } from 'lowdb';
import type { Disk, DiskFile } from './disk.ts';
import type { EncodedCommit } from './journal-line.ts';
import { SEGMENT_BYTES, type Segment, segmentPath } from './segments.ts';

/** lowdb hands over all of its `data`: only the commits that are not on the disk yet. */
export type JournalTail = EncodedCommit[];

export interface AppendOnlyAdapter extends Adapter<JournalTail> {
  /** The segment that is written to, as long as it is durable. */
  segment(): Segment;
  /** Cuts off what a failed write left, and lets go of the file. */
  close(): Promise<void>;
}

/** What a failed write left could not be cut off: whole lines of it count if the journal is opened as it is. */
export class LeftBehind extends Error {}

export interface Appending {
  readonly disk: Disk;
  readonly directory: string;
  /** The last one, cut to what is sound. */
  readonly segment: Segment;
  /** A further segment begins: this one is as it stays. */
  readonly onBefore: (finished: Segment) => void;
}

/**
 * An adapter that appends to the last segment of a journal, and begins another when that has grown. `write` resolves once every line
 * is durable; when it rejects, none is, and what was half written is cut off: now or, if the medium refuses even that, before the next
 * line is written. Then it rejects with `LeftBehind`.
 */
export const appendOnlyAdapter = async ({
  disk,
  directory,
  segment: opened,
  onBefore,
}: Appending): Promise<AppendOnlyAdapter> => {
  let segment = opened;
  let file: DiskFile = await disk.openToAppend(opened.path);
  // An agent that was killed may have left whole lines that no sync covered: from now on they count as said.
  await file.datasync().catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  let hasRemains = false;

  const cutRemains = async (): Promise<void> => {
    if (!hasRemains) return;
    await file.truncate(segment.length);
    await file.datasync();
    hasRemains = false;
  };

  const begin = async (firstSeq: number): Promise<void> => {
    const path = segmentPath(directory, firstSeq);
    const next = await disk.openToAppend(path);
    await disk.syncDirectory(directory).catch(async (error: unknown) => {
      await next.close();
      throw error;
    });
    // Nothing is written to it any more: what closing it could lose is durable.
    await file.close().catch(() => undefined);
    onBefore(segment);
    file = next;
    segment = { path, firstSeq, length: 0 };
  };

  return {
    segment: () => segment,
    read: async () => null,
    write: async (tail) => {
      const first = tail[0];
      if (first === undefined) return;
      await cutRemains();
      if (segment.length >= SEGMENT_BYTES) await begin(first.commit.seq);
      const bytes = Buffer.concat(tail.map((encoded) => encoded.bytes));
      hasRemains = true;
      let written = 0;
      try {
        while (written < bytes.length) written += await writeSome(file, bytes.subarray(written));
        await file.datasync();
      } catch (error) {
        await cutRemains().catch(() => {
          // Without a whole line of it nothing can ever count.
          if (written < first.bytes.length) return;
          throw new LeftBehind(error instanceof Error ? error.message : String(error), { cause: error });
        });
        throw error;
      }
      hasRemains = false;
      segment = { ...segment, length: segment.length + bytes.length };
    },
    close: async () => {
      // What cannot be cut now is torn, and cut at the next open.
      await cutRemains().catch(() => undefined);
      await file.close();
    },
  };
};

const writeSome = async (file: DiskFile, bytes: Uint8Array): Promise<number> => {
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten === 0) throw new Error('the disk took nothing');
  return bytesWritten;
};
