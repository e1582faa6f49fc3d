// Owns what a journal on disk says, read without the code that wrote it: its lines, its chain, and a torn end.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Line {
  readonly seq: number;
  readonly prev: string;
  readonly commandId: string;
  readonly events: readonly StoredEvent[];
}

export interface StoredEvent {
  readonly type: string;
  readonly incident?: string;
  readonly page?: string;
  readonly message?: string;
  readonly title?: string;
  readonly text?: string;
  readonly alert?: { readonly fingerprint: string };
}

export interface Journal {
  readonly lines: readonly Line[];
  /** What is wrong with it; a torn end is not. */
  readonly problems: readonly string[];
  /** The last file, and how many of its bytes are no whole line. */
  readonly last: { readonly path: string; readonly tornBytes: number } | null;
}

export const readJournal = async (stateDirectory: string): Promise<Journal> => {
  const directory = join(stateDirectory, 'journal');
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^journal-\d+\.jsonl$/.test(name));
  const files = names.toSorted((one, other) => numberIn(one) - numberIn(other)).map((name) => join(directory, name));
  const lines: Line[] = [];
  const problems: string[] = [];
  let prev = sha256('');
  let tornBytes = 0;
  for (const [index, path] of files.entries()) {
    const bytes = await readFile(path);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      const text = bytes.subarray(start, end);
      start = end + 1;
      const line = parsed(text);
      if (line === null) {
        problems.push(`${path}: a line after commit ${lines.length} is not JSON`);
        continue;
      }
      if (line.seq !== lines.length + 1) problems.push(`${path}: commit ${line.seq} where ${lines.length + 1} belongs`);
      if (line.prev !== prev) problems.push(`${path}: commit ${line.seq} does not continue the one before`);
      prev = sha256(text);
      lines.push(line);
    }
    tornBytes = bytes.length - start;
    if (tornBytes > 0 && index < files.length - 1)
      problems.push(`${path}: ends in half a line, and is not the last file`);
  }
  const path = files.at(-1);
  return { lines, problems, last: path === undefined ? null : { path, tornBytes } };
};

const numberIn = (name: string): number => Number(/\d+/.exec(name)?.[0]);
const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

const parsed = (text: Buffer): Line | null => {
  try {
    return JSON.parse(text.toString()) as Line;
  } catch {
    return null;
  }
};
