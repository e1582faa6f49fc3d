// Owns the ways to put files on the disk so that a crash leaves either the old one or the new one, never half of it.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the names in a directory durable. */
export const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
};

/** Writes `content` beside `path` (mode 0600), makes it durable and hands it to `place`, which gives it its name. */
export const writeBeside = async (
  path: string,
  content: string,
  place: (written: string) => Promise<void>,
): Promise<void> => {
  const written = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeNew(written, content);
    await place(written);
    await syncDirectory(dirname(path));
  } finally {
    await rm(written, { force: true });
  }
};

/** Puts `content` in the place of the file at `path`, atomically and durably. */
export const replaceFile = (path: string, content: string): Promise<void> =>
  writeBeside(path, content, (written) => rename(written, path));

const writeNew = async (path: string, content: string): Promise<void> => {
  const file: FileHandle = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
};
