// Owns which files of a state directory a backup has, in which order, and how much of a file that is being written is whole.
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface StateFile {
  /** Below the state directory, with `/` between its parts. */
  readonly name: string;
  /** Whether it is a part of the journal itself, of which everything else is derived. */
  readonly isJournal: boolean;
}

/** Whatever is said of the running agent, is half written, or belongs to the demo's own state. */
export const isLeftOut = (name: string): boolean => /^(?:port|demo|agent.*\.sock|.*\.tmp)$/.test(name);

const DEEPEST = 4;

const JOURNAL = /^journal\/[^/]+\.jsonl$/;

/** All but the journal: to be read before it is even listed, for nothing in a backup may speak of commits that its journal does not have. */
export const derivedFiles = async (directory: string): Promise<readonly StateFile[]> => {
  const names = await filesBelow(directory, '', DEEPEST);
  const derived = names.filter((name) => !JOURNAL.test(name)).sort(inOrder);
  return derived.map((name) => ({ name, isJournal: false }));
};

/** The journal as far as it is now, oldest first. */
export const journalFiles = async (directory: string): Promise<readonly StateFile[]> => {
  const names = await filesBelow(directory, 'journal/', 1).catch(goneIsNull);
  const journal = (names ?? []).filter((name) => JOURNAL.test(name)).sort(inOrder);
  return journal.map((name) => ({ name, isJournal: true }));
};

/** Segments are named by a number that grows out of its leading zeros. */
const inOrder = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** Links are followed: somebody may have put the journal on another disk. */
const filesBelow = async (directory: string, prefix: string, depth: number): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const name of await readdir(join(directory, prefix))) {
    if (prefix === '' ? isLeftOut(name) : name.endsWith('.tmp')) continue;
    const path = `${prefix}${name}`;
    const its = await stat(join(directory, path)).catch(goneIsNull);
    if (its?.isDirectory() && depth > 1) found.push(...(await filesBelow(directory, `${path}/`, depth - 1)));
    else if (its?.isFile()) found.push(path);
  }
  return found;
};

/** A file as it is put into a backup: open, and as long as it is whole. */
export interface OpenStateFile {
  readonly handle: FileHandle;
  readonly length: number;
  readonly modifiedAt: Date;
}

/** Null where the file is gone: derived copies come and go. Lines that are still being written are left out. */
export const openStateFile = async (
  directory: string,
  { name, isJournal }: StateFile,
): Promise<OpenStateFile | null> => {
  const handle = await open(join(directory, name), 'r').catch(goneIsNull);
  if (handle === null) return null;
  try {
    const { size, mtime } = await handle.stat();
    // What the agent has written and not yet made durable it may take back; what is durable once this resolves it keeps.
    if (isJournal) await handle.datasync();
    const length = name.endsWith('.jsonl') ? await lineStartBefore(handle, size) : size;
    return { handle, length, modifiedAt: mtime };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Where the line begins that `end` is in, or would be in: everything before it is whole lines. */
export const lineStartBefore = async (handle: FileHandle, end: number): Promise<number> => {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, to - from, from);
    const newline = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline !== -1) return from + newline + 1;
    to = from;
  }
  return 0;
};

const goneIsNull = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};
