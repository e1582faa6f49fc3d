// Owns directories that last as long as one test file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Returns the way to make new empty directories, all removed when the tests of this file are over. */
export const temporaryDirectories = (): (() => string) => {
  const made: string[] = [];
  afterAll(() => {
    for (const path of made) rmSync(path, { recursive: true, force: true });
  });
  return () => {
    const path = mkdtempSync(join(tmpdir(), 'warroom-test-'));
    made.push(path);
    return path;
  };
};
