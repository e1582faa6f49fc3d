// Owns putting a backup in the place of a state directory: unpacked beside it, checked whole, then given its name in one step.
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, realpath, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import { auditJournal } from '../audit/audit-journal.ts';
import { systemDisk } from '../log/disk.ts';
import { openStateDirectory } from '../state-directory.ts';
import { BACKUP_VERSION, MANIFEST, type Manifest, readManifest, STATE } from './manifest.ts';
import { isLeftOut } from './state-files.ts';
import { NOTHING_CHANGED, readArchive } from './tar-file.ts';

export interface RestoreRequest {
  readonly file: string;
  readonly directory: string;
  /** Moves what is in the directory aside instead of refusing. */
  readonly replace: boolean;
  readonly now: Date;
}

export interface Restored {
  readonly directory: string;
  /** Sequence number of the last commit. */
  readonly seq: number;
  readonly files: number;
  /** When the backup was made. */
  readonly madeAt: string;
  /** Where the earlier state is now; null where there was none. */
  readonly movedTo: string | null;
}

/** Puts nothing in place unless all of it was read, plain, and its journal whole. Throws an OperatorError otherwise. */
export const restore = async (request: RestoreRequest): Promise<Restored> => {
  const directory = await realpath(request.directory).catch(() => resolve(request.directory));
  const holding = await holdIfThere(directory);
  try {
    const isFull = holding !== null && (await holdsState(directory));
    if (isFull && !request.replace) throw notEmpty(directory);
    const suffix = randomBytes(6).toString('hex');
    const staging = `${directory}.restoring-${suffix}`;
    try {
      await mkdirBeside(staging);
      const unpacked = await unpack(request.file, staging);
      const seq = await checkedSeq(request.file, staging);
      await giveTo(await ownerFor(directory, holding !== null), staging);
      await systemDisk.syncDirectory(staging);
      const old = holding === null ? null : `${directory}.before-restore-${stamp(request.now)}-${suffix.slice(0, 4)}`;
      await place(staging, directory, old);
      if (old !== null && !isFull) await rm(old, { recursive: true, force: true });
      return { directory, seq, ...unpacked, movedTo: isFull ? old : null };
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  } finally {
    await holding?.release();
  }
};

/** An agent must neither run on it nor begin to while it is replaced. */
const holdIfThere = async (directory: string) =>
  (await stat(directory).catch(() => null)) === null ? null : openStateDirectory(directory);

const holdsState = async (directory: string): Promise<boolean> =>
  (await readdir(directory)).some((name) => !isLeftOut(name) || name === 'demo');

const mkdirBeside = async (staging: string): Promise<void> => {
  try {
    await mkdir(dirname(staging), { recursive: true, mode: 0o700 });
    await mkdir(staging, { mode: 0o700 });
  } catch (cause) {
    throw unplaceable(dirname(staging), cause);
  }
};

const SPARE_BYTES = 64 * 1024 * 1024;

const unpack = async (file: string, staging: string): Promise<{ readonly files: number; readonly madeAt: string }> => {
  let manifest: Manifest | null = null;
  const names = new Set<string>();
  await readArchive(file, async (path, size, chunks) => {
    if (manifest === null) {
      manifest = path === MANIFEST && size < 10_000 ? readManifest(await textOf(chunks)) : null;
      if (manifest === null) throw noBackup(file);
      if (manifest.v > BACKUP_VERSION) throw tooNew(file, manifest.version);
      return;
    }
    if (!path.startsWith(`${STATE}/`) || names.has(path)) throw noBackup(file);
    names.add(path);
    const { bavail, bsize } = await statfs(staging);
    if (size + SPARE_BYTES > bavail * bsize) throw noRoom(dirname(staging));
    await writeFile(join(staging, path.slice(STATE.length + 1)), chunks);
  });
  const { madeAt } = (manifest as Manifest | null) ?? { madeAt: null };
  if (madeAt === null) throw noBackup(file);
  return { files: names.size, madeAt };
};

const textOf = async (chunks: AsyncIterable<Buffer>): Promise<string> => {
  const read: Buffer[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read).toString();
};

const writeFile = async (path: string, chunks: AsyncIterable<Buffer>): Promise<void> => {
  const refused = (cause: unknown): never => {
    throw unplaceable(path, cause);
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(refused);
  const handle = await open(path, 'wx', 0o600).catch(refused);
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk).catch(refused);
    await handle.sync().catch(refused);
  } finally {
    await handle.close();
  }
};

/** The whole chain, and that it is what the agent signed. */
const checkedSeq = async (file: string, staging: string): Promise<number> => {
  try {
    const { seq } = (await auditJournal(systemDisk, staging)).head;
    if (seq === 0) throw new OperatorError('bad-backup', `the journal in ${file} is empty`, NOTHING_CHANGED);
    return seq;
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code === 'bad-backup') throw error;
    const words = error.message.replaceAll(`${staging}/`, '');
    throw new OperatorError('bad-backup', `${file}: ${words}`, NOTHING_CHANGED, { cause: error });
  }
};

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Root restores for whoever runs the agent: who has the directory, or will have it by the one it is in. */
const ownerFor = async (directory: string, isThere: boolean): Promise<Owner | null> =>
  process.getuid?.() === 0 ? stat(isThere ? directory : dirname(directory)) : null;

const giveTo = async (owner: Owner | null, path: string): Promise<void> => {
  if (owner === null) return;
  const names = await readdir(path, { recursive: true });
  for (const name of ['', ...names]) await chown(join(path, name), owner.uid, owner.gid);
};

const place = async (staging: string, directory: string, old: string | null): Promise<void> => {
  try {
    if (old !== null) await rename(directory, old);
    try {
      await rename(staging, directory);
    } catch (error) {
      if (old !== null) await rename(old, directory);
      throw error;
    }
    await systemDisk.syncDirectory(dirname(directory));
  } catch (cause) {
    throw unplaceable(directory, cause);
  }
};

/** `20261122-031500`, in UTC. */
const stamp = (now: Date): string => now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');

const noBackup = (file: string): OperatorError =>
  new OperatorError('bad-backup', `${file} is no backup of warroom`, 'Name a file that warroom backup has made.');

const tooNew = (file: string, version: string): OperatorError =>
  new OperatorError(
    'bad-backup',
    `${file} was made by warroom ${version}, in a form this one does not know`,
    `Restore it with warroom ${version} or later.`,
  );

const noRoom = (directory: string): OperatorError =>
  new OperatorError('state-unwritable', `there is no room in ${directory} for what the backup holds`, 'Make room.');

const notEmpty = (directory: string): OperatorError =>
  new OperatorError(
    'bad-usage',
    `${directory} is not empty: the state in it would be lost`,
    'Add --replace to move it aside, or name another directory in WARROOM_STATE_DIR.',
  );

const unplaceable = (directory: string, cause: unknown): OperatorError => {
  const { code } = cause as NodeJS.ErrnoException;
  const isMount = code === 'EBUSY' || code === 'EXDEV';
  return new OperatorError(
    'state-unwritable',
    `the backup cannot be put in place: ${cause instanceof Error ? cause.message : String(cause)}`,
    isMount
      ? `${directory} is a mount: name a directory below it, as in WARROOM_STATE_DIR=${join(directory, 'state')}.`
      : `Run it as a user who may write to ${dirname(directory)}, or name another directory in WARROOM_STATE_DIR.`,
    { cause },
  );
};
