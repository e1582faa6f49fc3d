// Owns the writing of the journal: a lowdb adapter that appends what it is given and makes it durable, or takes it back whole.
import type { Adapter } from 'lowdb';
import type { EncodedCommit } from './journal-line.ts';

/** What the journal needs of an open file. A `FileHandle` opened with O_APPEND is one. */
export interface JournalHandle {
  write(bytes: Uint8Array): Promise<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** lowdb hands over all of its `data`: only the commits that are not on the disk yet. */
export type JournalTail = EncodedCommit[];

export interface AppendOnlyAdapter extends Adapter<JournalTail> {
  /** Cuts off what a failed write left, if anything is left. Rejects when the medium refuses that too. */
  cutRemains(): Promise<void>;
}

/**
 * An adapter that appends to a journal of `durableLength` bytes. `write` resolves once every line is durable; when it rejects,
 * none is, and what was half written is cut off, now or, if the medium refuses even that, before the next line is written.
 */
export const appendOnlyAdapter = (handle: JournalHandle, durableLength: number): AppendOnlyAdapter => {
  let length = durableLength;
  let hasRemains = false;

  const cutRemains = async (): Promise<void> => {
    if (!hasRemains) return;
    await handle.truncate(length);
    await handle.datasync();
    hasRemains = false;
  };

  return {
    read: async () => null,
    write: async (tail) => {
      await cutRemains();
      const bytes = Buffer.concat(tail.map((encoded) => encoded.bytes));
      hasRemains = true;
      try {
        await writeWhole(handle, bytes);
        await handle.datasync();
      } catch (error) {
        // A second refusal changes nothing for the caller: `hasRemains` keeps the next write waiting for a clean end.
        await cutRemains().catch(() => undefined);
        throw error;
      }
      hasRemains = false;
      length += bytes.length;
    },
    cutRemains,
  };
};

const writeWhole = async (handle: JournalHandle, bytes: Uint8Array): Promise<void> => {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes.subarray(written));
    if (bytesWritten === 0) throw new Error('the disk took nothing');
    written += bytesWritten;
  }
};
