// Owns the ways to put files on the disk so that a crash leaves either the old one or the new one, never half of it.
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { type Disk, systemDisk } from './disk.ts';

/** Writes `content` beside `path` (mode 0600), makes it durable and hands it to `place`, which gives it its name. */
export const writeBeside = async (
  path: string,
  content: string,
  place: (written: string) => Promise<void>,
  disk: Disk = systemDisk,
): Promise<void> => {
  const written = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await disk.writeNew(written, content);
    await place(written);
    await disk.syncDirectory(dirname(path));
  } finally {
    await disk.remove(written).catch(() => undefined);
  }
};

/** Puts `content` in the place of the file at `path`, atomically and durably. */
export const replaceFile = (path: string, content: string, disk: Disk = systemDisk): Promise<void> =>
  writeBeside(path, content, (written) => disk.rename(written, path), disk);

/** Reads a small file whole; null where there is none. */
export const readWhole = async (disk: Disk, path: string): Promise<string | null> => {
  const size = await disk.size(path);
  if (size === null) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of disk.read(path, 0, size)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
