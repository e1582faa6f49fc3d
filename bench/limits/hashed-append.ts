// Owns the limit of a log like ours: JSON lines chained by SHA-256, what arrives during a sync shares the next one, and nothing else.
import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface HashedLines {
  /** Resolves once the line is durable. */
  append(content: object): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export const openHashedLines = async (path: string): Promise<HashedLines> => {
  const file = await open(path, 'a', 0o600);
  let seq = 0;
  let prev = hash('sha256', '');
  let waiting: Waiting[] = [];
  let isFlushing = false;

  const flush = async (): Promise<void> => {
    isFlushing = true;
    // One turn, so that lines written together share one sync.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await file.write(Buffer.concat(batch.map(({ line }) => line)));
        await file.datasync();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      // Whoever was answered writes again within this turn.
      await Promise.resolve();
    }
    isFlushing = false;
  };

  return {
    append: (content) =>
      new Promise((resolve, reject) => {
        seq += 1;
        const text = JSON.stringify({ v: 1, seq, prev, ...content });
        prev = hash('sha256', text);
        waiting.push({ line: Buffer.from(`${text}\n`), resolve, reject });
        if (!isFlushing) void flush();
      }),
    close: () => file.close(),
  };
};
