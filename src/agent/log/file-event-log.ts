// Owns the log on one machine's disk, put together: the journal that is appended to, the reading of it, its signed head, its snapshots.
import { join } from 'node:path';
import type { Commit } from '../../incident/commit.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { AgentKey } from './agent-key.ts';
import { appendOnlyAdapter } from './append-only-adapter.ts';
import { type Disk, systemDisk } from './disk.ts';
import type { EventLog } from './event-log.ts';
import { groupCommit } from './group-commit.ts';
import { emptyHead } from './journal-line.ts';
import { openJournal } from './open-journal.ts';
import { commitsIn, type TornLine } from './read-journal.ts';
import { journalDirectory, type Segment, segmentsFrom } from './segments.ts';
import { headDamaged, headPath, keepHead, readSignedHead } from './signed-head.ts';
import { type Snapshots, snapshots } from './snapshots.ts';
import { subscriptions } from './subscriptions.ts';

export interface FileEventLogOptions {
  readonly directory: string;
  /** The machine's own unless told otherwise. */
  readonly disk?: Disk;
  /** Called once when a crash had left half a line, which is cut. */
  readonly onTorn?: (torn: TornLine) => void;
  /** Told when a subscriber throws or its history cannot be read; neither disturbs the log or the others. */
  readonly onSubscriberError?: (error: unknown) => void;
  /** Signs where the log stands, now and then. Without it nothing is signed; what is signed already is checked all the same. */
  readonly signing?: Signing;
}

export interface Signing {
  readonly key: AgentKey;
  /** Calls back once after so many milliseconds; returns the way to call it off. */
  readonly after: (ms: number, wake: () => void) => () => void;
}

export interface FileEventLog extends EventLog {
  /** Every file of the journal, oldest first, each as long as it is durable. */
  segments(): readonly Segment[];
}

/**
 * Opens the log in a state directory, which is made if it is missing. Cuts a torn last line and reports it through `onTorn`. Reads only
 * what no snapshot holds. Throws an OperatorError: `journal-damaged` with file and line, or `state-unwritable`. One process at a
 * time may hold it.
 */
export const openFileEventLog = async (options: FileEventLogOptions): Promise<FileEventLog> => {
  const { disk = systemDisk, signing } = options;
  const directory = journalDirectory(options.directory);
  const kept = oneByOne(snapshots(disk, join(options.directory, 'snapshots')));
  const soundUpTo = await kept.newestSeq().catch(() => 0);
  // One that is not as it was signed is told of below, once the journal itself is known to be sound.
  const signed = await readSignedHead(disk, directory).catch(() => null);
  const journal = await openJournal({
    disk,
    directory: options.directory,
    soundUpTo,
    signedSeq: signed?.seq ?? null,
    ...(options.onTorn === undefined ? {} : { onTorn: options.onTorn }),
  });
  let sealed = journal.segments.slice(0, -1);
  const adapter = await appendOnlyAdapter({
    disk,
    directory,
    segment: journal.segments.at(-1) as Segment,
    onBefore: (finished) => {
      sealed = [...sealed, finished];
    },
  }).catch((cause: unknown) => {
    throw unwritable(`the journal in ${directory} cannot be opened`, cause);
  });
  const segments = (): readonly Segment[] => [...sealed, adapter.segment()];
  let closing: Promise<void> | null = null;

  const read = (fromSeq: number): AsyncIterable<Commit> => {
    const from = Math.max(1, fromSeq);
    return from > appended.head().seq ? nothing() : commitsIn(disk, segmentsFrom(segments(), from), from);
  };

  const told = subscriptions({
    headSeq: () => appended.head().seq,
    read,
    onError: (error) => options.onSubscriberError?.(error),
  });

  const appended = groupCommit(adapter, journal.head, ({ commit }) => {
    told.publish(commit);
    keeper?.moved();
  });

  const hashAt = async (seq: number): Promise<string> => {
    const head = appended.head();
    if (seq === 0) return emptyHead.hash;
    if (seq === head.seq) return head.hash;
    for await (const next of read(seq + 1)) return next.prev;
    throw new RangeError(`commit ${seq} is beyond the head of the log, ${head.seq}`);
  };

  const keeper =
    signing === undefined
      ? null
      : keepHead({ disk, journalDirectory: directory, key: signing.key, head: appended.head, after: signing.after });

  const letGo = async (): Promise<void> => {
    await appended.close();
    await kept.settled();
    await keeper?.close();
    told.close();
    await adapter.close();
  };

  await checkSignedHead({ disk, directory, headSeq: journal.head.seq, hashAt }).catch(async (error: unknown) => {
    await adapter.close();
    throw error;
  });
  keeper?.moved();

  return {
    segments,
    head: appended.head,
    append: appended.append,
    read,
    subscribe: told.subscribe,
    saveSnapshot: async (seq, state) => kept.save({ seq, hash: await hashAt(seq) }, state, appended.head().seq),
    latestSnapshot: () => kept.latest(appended.head().seq, hashAt),
    close: () => {
      closing ??= letGo();
      return closing;
    },
  };
};

async function* nothing(): AsyncGenerator<Commit> {}

interface CheckingHead {
  readonly disk: Disk;
  /** Of the journal. */
  readonly directory: string;
  readonly headSeq: number;
  readonly hashAt: (seq: number) => Promise<string>;
}

/** What was acknowledged and signed must be there: a journal that was cut, or copied while it was written, is not taken for the whole. */
const checkSignedHead = async ({ disk, directory, headSeq, hashAt }: CheckingHead): Promise<void> => {
  const signed = await readSignedHead(disk, directory);
  if (signed === null) return;
  const path = headPath(directory);
  if (signed.seq > headSeq)
    throw headDamaged(path, `commit ${signed.seq} was signed, and the journal ends at ${headSeq}: the rest is missing`);
  if ((await hashAt(signed.seq)) !== signed.hash)
    throw headDamaged(path, `commit ${signed.seq} of the journal is not the one that was signed`);
};

/** Snapshots saved one after the other, a refusal of the disk said in the operator's words. */
const oneByOne = (kept: Snapshots): Snapshots & { settled(): Promise<void> } => {
  let saving: Promise<void> = Promise.resolve();
  return {
    ...kept,
    save: (at, state, headSeq) => {
      const saved = saving.then(() => kept.save(at, state, headSeq));
      saving = saved.catch(() => undefined);
      return saved.catch((error: unknown) => {
        throw unwritable('a snapshot cannot be written', error);
      });
    },
    settled: () => saving,
  };
};

const unwritable = (what: string, cause: unknown): OperatorError =>
  new OperatorError(
    'state-unwritable',
    `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Make room on the disk of the state directory and make it writable for this user, or name another one in WARROOM_STATE_DIR.',
    { cause },
  );
