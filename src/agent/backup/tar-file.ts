// Owns the form of a backup: one compressed tar archive of plain files, with a first entry that says what it is.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Header, Parser, type ReadEntry } from 'tar';
import { OperatorError } from '../../protocol/operator-error.ts';

/** One file on its way into an archive. `chunks` are exactly `size` bytes. */
export interface ArchiveFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: Date;
  readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
}

const BLOCK_BYTES = 512;
const padding = (size: number): Buffer => Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);

/** Writes files as a compressed archive, piece by piece. */
export const writeArchive = (
  files: AsyncIterable<ArchiveFile>,
  write: (piece: Buffer) => Promise<void>,
): Promise<void> =>
  pipeline(Readable.from(blocksOf(files)), createGzip(), async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) await write(piece);
  });

async function* blocksOf(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Buffer> {
  for await (const { path, size, modifiedAt, chunks } of files) {
    const header = new Header({ path, size, mode: 0o600, type: 'File', mtime: modifiedAt });
    if (header.encode()) throw new RangeError(`the name ${path} does not fit into an archive`);
    yield header.block as Buffer;
    let written = 0;
    for await (const chunk of chunks) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== size) throw new ChangedMeanwhile(path);
    yield padding(size);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

/** A file became shorter while it was read: the whole is to be read again. */
export class ChangedMeanwhile extends Error {
  constructor(path: string) {
    super(`${path} changed while it was read`);
    this.name = 'ChangedMeanwhile';
  }
}

/** Takes a file out of an archive; reads `chunks` to their end. */
export type TakeFile = (path: string, size: number, chunks: AsyncIterable<Buffer>) => Promise<void>;

/** Hands over each file of an archive, one after the other. Throws `bad-backup` for anything but plain files with plain names. */
export const readArchive = async (path: string, take: TakeFile): Promise<void> => {
  const parser = new Parser({ strict: true });
  const done = Promise.withResolvers<void>();
  let taking: Promise<void> = Promise.resolve();
  const fail = (error: unknown): void => done.reject(error instanceof OperatorError ? error : notOurs(path, error));
  parser.on('error', fail);
  parser.on('entry', (entry: ReadEntry) => {
    taking = taking.then(() => takeEntry(path, entry, take));
    taking.catch(fail);
  });
  parser.on('end', () => void taking.then(() => done.resolve(), fail));
  const bytes = createReadStream(path);
  bytes.on('error', fail);
  bytes.pipe(parser);
  try {
    await done.promise;
  } finally {
    bytes.destroy();
  }
};

const PLAIN_NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-]{1,100}(?:\/[\w.-]{1,100}){0,4}$/;

const takeEntry = async (archive: string, entry: ReadEntry, take: TakeFile): Promise<void> => {
  if (entry.type !== 'File') throw notPlain(archive, `${entry.path} is no plain file`);
  if (!PLAIN_NAME.test(entry.path)) throw notPlain(archive, `${entry.path} is no name of a file of the state`);
  await take(entry.path, entry.size, entry as AsyncIterable<Buffer>);
};

const notPlain = (archive: string, what: string): OperatorError =>
  new OperatorError('bad-backup', `${archive} is no backup of warroom: ${what}`, NOTHING_CHANGED);

const notOurs = (archive: string, cause: unknown): OperatorError =>
  new OperatorError(
    'bad-backup',
    `${archive} cannot be read as a backup: ${cause instanceof Error ? cause.message : String(cause)}`,
    NOTHING_CHANGED,
    { cause },
  );

export const NOTHING_CHANGED = 'Nothing was changed. Take another backup, or copy this one again.';
