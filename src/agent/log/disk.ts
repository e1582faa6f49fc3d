// Owns the tiny part of a file system that the log stands on, and the machine's own. What is not synced may be gone after a crash.
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file open for appending. A `FileHandle` opened with O_APPEND is one. */
export interface DiskFile {
  /** May take fewer bytes than it was given. */
  write(bytes: Uint8Array): Promise<{ readonly bytesWritten: number }>;
  /** Everything written so far survives a crash once this resolves. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** Errors are those of Node, with their `code`; what is not there is null or empty where it says so. */
export interface Disk {
  /** Opens for appending; makes the file (mode 0600) if it is missing. Its name is durable after `syncDirectory`. */
  openToAppend(path: string): Promise<DiskFile>;
  /** Bytes from `start` up to, not including, `end`, in chunks. */
  read(path: string, start: number, end: number): AsyncIterable<Buffer>;
  /** In bytes; null where there is no such file. */
  size(path: string): Promise<number | null>;
  /** Names in a directory, in no order; none where there is no such directory. */
  list(directory: string): Promise<readonly string[]>;
  /** Makes a directory and those above it (mode 0700), durably. */
  makeDirectory(path: string): Promise<void>;
  /** Writes a file that must not be there yet (mode 0600); its content is durable once this resolves, its name after `syncDirectory`. */
  writeNew(path: string, content: string): Promise<void>;
  /** Atomic: the name means the old file or the new one. Durable after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens where there is no such file. */
  remove(path: string): Promise<void>;
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/** Makes the names in a directory durable. */
export const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
};

/** The machine's own. */
export const systemDisk: Disk = {
  openToAppend: (path) => open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600),
  read: (path, start, end) =>
    start >= end ? nothing() : createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK_BYTES }),
  size: async (path) => (await orNull(stat(path)))?.size ?? null,
  list: async (directory) => (await orNull(readdir(directory))) ?? [],
  makeDirectory: async (path) => {
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncDirectory(dirname(path));
  },
  writeNew: async (path, content) => {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  syncDirectory,
};

async function* nothing(): AsyncGenerator<Buffer> {}

const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};
