// Owns bytes that grow at their end and can be cut there, without being copied at each step.

export interface GrowingBytes {
  length(): number;
  append(bytes: Uint8Array): void;
  truncate(length: number): void;
  /** Shares the memory: to be read at once. */
  view(): Buffer;
  copy(): Buffer;
  become(other: GrowingBytes): void;
}

export const bytesOf = (): GrowingBytes => {
  let memory = Buffer.alloc(1024);
  let length = 0;
  const reserve = (needed: number): void => {
    if (needed <= memory.length) return;
    const larger = Buffer.alloc(Math.max(needed, 2 * memory.length));
    memory.copy(larger, 0, 0, length);
    memory = larger;
  };
  return {
    length: () => length,
    append: (bytes) => {
      reserve(length + bytes.length);
      memory.set(bytes, length);
      length += bytes.length;
    },
    truncate: (to) => {
      reserve(to);
      if (to > length) memory.fill(0, length, to);
      length = to;
    },
    view: () => memory.subarray(0, length),
    copy: () => Buffer.from(memory.subarray(0, length)),
    become: (other) => {
      const bytes = other.copy();
      reserve(bytes.length);
      memory.set(bytes, 0);
      length = bytes.length;
    },
  };
};
