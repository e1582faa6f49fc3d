// Owns the signed head: where the log stood when the agent signed it, so that what is cut off the end of the journal is missed.
import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { AgentKey } from './agent-key.ts';
import type { Disk } from './disk.ts';
import { readWhole, replaceFile } from './durable-file.ts';
import type { Head } from './event-log.ts';

const signedHeadSchema = z.strictObject({
  v: z.literal(1),
  seq: z.number().check(z.int(), z.nonnegative()),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** The agent's public key: SubjectPublicKeyInfo, base64. */
  key: z.string(),
  signature: z.string(),
});

export type SignedHead = Readonly<z.infer<typeof signedHeadSchema>>;

export const signHead = ({ seq, hash }: Head, key: AgentKey): SignedHead => ({
  v: 1,
  seq,
  hash,
  key: key.publicKey,
  signature: key.sign(textOf({ seq, hash })),
});

const textOf = ({ seq, hash }: Head): string => `warroom log head\n${seq}\n${hash}\n`;

/** Whether the signature is by the key that stands with it. */
export const isSigned = (head: SignedHead): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.from(head.key, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(textOf(head)), key, Buffer.from(head.signature, 'base64'));
  } catch {
    return false;
  }
};

/** Reads one signed head; null where it is none. */
export const parseSignedHead = (text: string): SignedHead | null => {
  try {
    const read = z.safeParse(signedHeadSchema, JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
};

export const headPath = (journalDirectory: string): string => join(journalDirectory, 'head.json');

export interface HeadKeeper {
  /** Something became durable: it is signed soon. */
  moved(): void;
  /** Signs what is not signed yet; what the disk refuses now is signed at the next start. */
  close(): Promise<void>;
}

export interface HeadKeeping {
  readonly disk: Disk;
  readonly journalDirectory: string;
  readonly key: AgentKey;
  readonly head: () => Head;
  /** Calls back once after so many milliseconds; returns the way to call it off. */
  readonly after: (ms: number, wake: () => void) => () => void;
}

/** One more write to the disk in a second is nothing; one for each commit would halve what the log can take. */
const SIGNED_WITHIN_MS = 1_000;

export const keepHead = ({ disk, journalDirectory, key, head, after }: HeadKeeping): HeadKeeper => {
  let signedSeq = -1;
  let waiting: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const at = head();
    if (at.seq === signedSeq) return;
    await replaceFile(headPath(journalDirectory), `${JSON.stringify(signHead(at, key))}\n`, disk).then(
      () => {
        signedSeq = at.seq;
      },
      () => undefined,
    );
  };

  const sign = (): void => {
    waiting = null;
    writing = writing.then(write);
  };

  return {
    moved: () => {
      waiting ??= after(SIGNED_WITHIN_MS, sign);
    },
    close: async () => {
      waiting?.();
      sign();
      await writing;
    },
  };
};

/** What stands signed in a journal's directory; null where nothing does. Throws `journal-damaged` when it is not what was signed. */
export const readSignedHead = async (disk: Disk, journalDirectory: string): Promise<SignedHead | null> => {
  const path = headPath(journalDirectory);
  const text = await readWhole(disk, path);
  if (text === null) return null;
  const head = parseSignedHead(text);
  if (head === null) throw headDamaged(path, 'it is not a signed head');
  if (!isSigned(head)) throw headDamaged(path, 'its signature does not fit: it was changed');
  return head;
};

export const headDamaged = (path: string, damage: string): OperatorError =>
  new OperatorError(
    'journal-damaged',
    `the log is not as it was signed: ${path}: ${damage}`,
    'Restore the journal from a backup; or, to go on with what is there, move this file away.',
  );
