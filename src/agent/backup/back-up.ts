// Owns making a backup of a state directory, also while its agent runs: first what is derived, last the journal, whole lines only.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../protocol/operator-error.ts';
import { systemDisk } from '../log/disk.ts';
import { BACKUP_VERSION, MANIFEST, STATE } from './manifest.ts';
import {
  derivedFiles,
  journalFiles,
  lineStartBefore,
  type OpenStateFile,
  openStateFile,
  type StateFile,
} from './state-files.ts';
import { type ArchiveFile, ChangedMeanwhile, writeArchive } from './tar-file.ts';

export interface BackupRequest {
  readonly directory: string;
  readonly file: string;
  /** Of this program. */
  readonly version: string;
  readonly now: Date;
}

export interface Backup {
  readonly files: number;
  /** Of the archive. */
  readonly bytes: number;
  /** Sequence number of the last commit in it. */
  readonly seq: number;
}

const MOST_TRIES = 5;

/** Writes `file`, mode 0600, whole or not at all; one that is there stays. Everything acknowledged before the call is in it. */
export const backUp = async (request: BackupRequest): Promise<Backup> => {
  await assertNew(request.file);
  for (let tries = 1; ; tries++) {
    try {
      return await backUpOnce(request);
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      if (!(error instanceof ChangedMeanwhile) || tries === MOST_TRIES) throw failed(request.file, error);
    }
  }
};

const backUpOnce = async (request: BackupRequest): Promise<Backup> => {
  const { directory } = request;
  const [derived, journal] = await Promise.all([derivedFiles(directory), journalFiles(directory)]).catch(
    (cause: unknown) => {
      throw unreadable(directory, cause);
    },
  );
  if (journal.length === 0) throw nothingThere(directory);
  const packed = { files: 0, seq: 0 };
  const written = `${request.file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const to = await open(written, 'wx', 0o600).catch((cause: unknown) => {
      throw unwritable(request.file, cause);
    });
    try {
      await writeArchive(packing(request, derived, packed), (piece) => to.writeFile(piece));
      await to.sync();
    } finally {
      await to.close();
    }
    const { size } = await stat(written);
    await assertNew(request.file);
    await rename(written, request.file);
    await systemDisk.syncDirectory(join(request.file, '..'));
    return { ...packed, bytes: size };
  } finally {
    await rm(written, { force: true });
  }
};

async function* packing(
  { directory, version, now }: BackupRequest,
  derived: readonly StateFile[],
  packed: { files: number; seq: number },
): AsyncGenerator<ArchiveFile> {
  const manifest = Buffer.from(`${JSON.stringify({ v: BACKUP_VERSION, madeAt: now.toISOString(), version })}\n`);
  yield { path: MANIFEST, size: manifest.length, modifiedAt: now, chunks: [manifest] };
  for await (const file of oneAfterTheOther(directory, derived)) {
    const opened = await openStateFile(directory, file);
    if (opened === null) continue;
    try {
      const { length, modifiedAt } = opened;
      if (file.isJournal) packed.seq = (await lastSeq(opened)) ?? packed.seq;
      yield { path: `${STATE}/${file.name}`, size: length, modifiedAt, chunks: chunksOf(opened) };
      packed.files += 1;
    } finally {
      await opened.handle.close();
    }
  }
}

/** The journal is listed once all that speaks of it is read: an agent may begin a file of it meanwhile. */
async function* oneAfterTheOther(directory: string, derived: readonly StateFile[]): AsyncGenerator<StateFile> {
  yield* derived;
  yield* await journalFiles(directory);
}

const CHUNK_BYTES = 256 * 1024;

async function* chunksOf({ handle, length }: OpenStateFile): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, length - at));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** The number that the last line has; null where it says none. */
const lastSeq = async ({ handle, length }: OpenStateFile): Promise<number | null> => {
  if (length === 0) return null;
  const from = await lineStartBefore(handle, length - 1);
  const line = await readAt(handle, from, length - from);
  const seq = /"seq":(\d{1,15})\b/.exec(line.toString('utf8', 0, 200))?.[1];
  return seq === undefined ? null : Number(seq);
};

const readAt = async (handle: FileHandle, position: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(Math.min(length, 200));
  await handle.read(bytes, 0, bytes.length, position);
  return bytes;
};

const assertNew = async (file: string): Promise<void> => {
  if ((await stat(file).catch(() => null)) === null) return;
  throw new OperatorError('bad-usage', `${file} is there already`, 'Name another file, or remove that one first.');
};

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const unreadable = (directory: string, cause: unknown): OperatorError =>
  new OperatorError(
    'state-unwritable',
    `the state directory ${directory} cannot be read: ${wordsOf(cause)}`,
    'Run it as the user of the agent, or name the directory in WARROOM_STATE_DIR.',
    { cause },
  );

const nothingThere = (directory: string): OperatorError =>
  new OperatorError(
    'bad-usage',
    `there is no journal in ${directory}: nothing to back up`,
    'Name the state directory of the agent in WARROOM_STATE_DIR.',
  );

const failed = (file: string, cause: unknown): OperatorError =>
  new OperatorError(
    'bad-backup',
    `no backup was made: ${wordsOf(cause)}`,
    `See to that, and whether the disk of ${file} has room; then try again.`,
    { cause },
  );

const unwritable = (file: string, cause: unknown): OperatorError =>
  new OperatorError(
    'bad-usage',
    `${file} cannot be written: ${wordsOf(cause)}`,
    'Name a file in a directory that is there and that this user may write to.',
    { cause },
  );
