// Owns the limit of appending: given lines, given batches, one write and one fdatasync a batch, and nothing else.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** The lines, each with its newline, that a file has after its first `offset` bytes. */
export const linesAfter = async (path: string, offset: number): Promise<readonly Buffer[]> => {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read({ buffer: Buffer.alloc(size - offset), position: offset });
    const lines: Buffer[] = [];
    for (let from = 0; from < buffer.length; ) {
      const after = buffer.indexOf(0x0a, from) + 1;
      lines.push(buffer.subarray(from, after));
      from = after;
    }
    return lines;
  } finally {
    await handle.close();
  }
};

const batched = (lines: readonly Buffer[], sizes: readonly number[]): readonly Buffer[] => {
  let from = 0;
  return sizes.map((size) => {
    const batch = Buffer.concat(lines.slice(from, from + size));
    from += size;
    return batch;
  });
};

/** Milliseconds of each batch, with calls that block. */
export const appendBatches = (path: string, lines: readonly Buffer[], sizes: readonly number[]): readonly number[] => {
  const file = openSync(path, 'a', 0o600);
  try {
    return batched(lines, sizes).map((batch) => {
      const startedAt = performance.now();
      writeSync(file, batch);
      fdatasyncSync(file);
      return performance.now() - startedAt;
    });
  } finally {
    closeSync(file);
  }
};

/** Milliseconds of each batch, with calls that leave the thread free, as a server needs them. */
export const appendBatchesWithPromises = async (
  path: string,
  lines: readonly Buffer[],
  sizes: readonly number[],
): Promise<readonly number[]> => {
  const handle = await open(path, 'a', 0o600);
  try {
    const took: number[] = [];
    for (const batch of batched(lines, sizes)) {
      const startedAt = performance.now();
      await handle.write(batch);
      await handle.datasync();
      took.push(performance.now() - startedAt);
    }
    return took;
  } finally {
    await handle.close();
  }
};
