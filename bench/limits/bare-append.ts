// Owns the limit of appending: given lines, given batches, one write and one fdatasync a batch, and nothing else.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/** Cuts items into batches of these sizes. */
export const inBatches = <Item>(items: readonly Item[], sizes: readonly number[]): readonly (readonly Item[])[] => {
  let from = 0;
  return sizes.map((size) => {
    from += size;
    return items.slice(from - size, from);
  });
};

/** Milliseconds of each batch, with calls that block. */
export const appendBatches = (path: string, batches: readonly (readonly Buffer[])[]): readonly number[] => {
  const file = openSync(path, 'a', 0o600);
  try {
    return batches.map((lines) => {
      const startedAt = performance.now();
      writeSync(file, Buffer.concat(lines));
      fdatasyncSync(file);
      return performance.now() - startedAt;
    });
  } finally {
    closeSync(file);
  }
};
