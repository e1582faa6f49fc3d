// Owns the one file that proves itself: a signed head on its first line, then every line of the journal as it was written.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod/mini';
import { OperatorError } from '../../protocol/operator-error.ts';
import { readAgentKey } from '../log/agent-key.ts';
import { type Disk, syncDirectory } from '../log/disk.ts';
import type { Head } from '../log/event-log.ts';
import { brokenLink, decodeLine, emptyHead, hashOf } from '../log/journal-line.ts';
import { journalDamaged, journalLines } from '../log/read-journal.ts';
import { journalDirectory, listSegments } from '../log/segments.ts';
import { isSigned, parseSignedHead, type SignedHead, signHead } from '../log/signed-head.ts';
import { auditJournal } from './audit-journal.ts';

const headerSchema = z.object({ warroom: z.literal('audit'), v: z.literal(1), head: z.unknown() });

/** Proves the journal of a state directory and writes it to `file`, signed with the agent's key. Throws `journal-damaged` or `state-unwritable`. */
export const exportAudit = async (disk: Disk, stateDirectory: string, file: string): Promise<SignedHead> => {
  const { head } = await auditJournal(disk, stateDirectory);
  const key = await readAgentKey(stateDirectory, disk);
  if (key === null)
    throw new OperatorError(
      'state-unwritable',
      `${stateDirectory} has no agent-key.pem to sign with`,
      'Start the agent once on it: it makes its key.',
    );
  const signed = signHead(head, key);
  const draft = `${file}.${process.pid}.tmp`;
  try {
    const lines = Readable.from(exported(disk, stateDirectory, signed));
    await pipeline(lines, createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(draft, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError('state-unwritable', `${file} cannot be written: ${why}`, 'Name a file that can be.', {
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
  return signed;
};

async function* exported(disk: Disk, stateDirectory: string, head: SignedHead): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify({ warroom: 'audit', v: 1, head })}\n`);
  for (const segment of await listSegments(disk, journalDirectory(stateDirectory))) {
    for await (const line of journalLines(disk, segment)) {
      // What a running agent has appended since is of the next export.
      if (segment.firstSeq + line.number - 1 > head.seq) return;
      yield Buffer.concat([line.bytes, Buffer.from('\n')]);
    }
  }
}

/** Proves an exported file by itself: every line, every link, and the signature over the last. Throws `journal-damaged` with the line. */
export const auditExport = async (disk: Disk, file: string): Promise<SignedHead> => {
  const length = await disk.size(file);
  if (length === null) throw new OperatorError('bad-usage', `there is no file ${file}`, 'name an exported audit file');
  let signed: SignedHead | null = null;
  let head: Head = emptyHead;
  for await (const line of journalLines(disk, { path: file, firstSeq: 0, length })) {
    if (!line.complete) throw journalDamaged(file, line.number, 'it is cut short');
    if (line.number === 1) {
      signed = headIn(line.bytes);
      if (signed === null) throw journalDamaged(file, 1, 'it is not the signed head of an exported audit file');
      if (!isSigned(signed)) throw journalDamaged(file, 1, 'its signature does not fit: it was changed');
      continue;
    }
    const decoded = decodeLine(line.bytes);
    if (!decoded.ok) throw journalDamaged(file, line.number, decoded.damage);
    const broken = brokenLink(head, decoded.commit);
    if (broken !== null) throw journalDamaged(file, line.number, broken);
    head = { seq: decoded.commit.seq, hash: hashOf(line.bytes) };
  }
  if (signed === null) throw journalDamaged(file, 1, 'the file is empty');
  if (signed.seq !== head.seq || signed.hash !== head.hash)
    throw journalDamaged(file, head.seq + 1, `it ends at commit ${head.seq}; commit ${signed.seq} is what was signed`);
  return signed;
};

const headIn = (line: Buffer): SignedHead | null => {
  try {
    const header = z.safeParse(headerSchema, JSON.parse(line.toString()));
    return header.success ? parseSignedHead(JSON.stringify(header.data.head)) : null;
  } catch {
    return null;
  }
};
