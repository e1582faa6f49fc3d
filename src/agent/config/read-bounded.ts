// Owns reading a whole file of the operator's: only a regular one, and never more than it may have.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The bytes of a regular file; of a larger one, one byte more than `mostBytes`. Throws what the system says. */
export const readBounded = async (path: string, mostBytes: number): Promise<Uint8Array> => {
  // Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error('not a regular file');
    const buffer = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
  } finally {
    await file.close();
  }
};
