// Owns the log on one machine's disk, put together: the journal that is appended to, the reading of it, and its snapshots.
import { join } from 'node:path';
import type { Commit } from '../../incident/commit.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { appendOnlyAdapter } from './append-only-adapter.ts';
import type { EventLog } from './event-log.ts';
import { groupCommit } from './group-commit.ts';
import { decodeLine, emptyHead } from './journal-line.ts';
import { type JournalOptions, openJournal } from './open-journal.ts';
import { type JournalRange, journalDamaged, journalLines } from './read-journal.ts';
import { type Snapshots, snapshots } from './snapshots.ts';
import { subscriptions } from './subscriptions.ts';

export interface FileEventLogOptions extends JournalOptions {
  /** Told when a subscriber throws or its history cannot be read; neither disturbs the log or the others. */
  readonly onSubscriberError?: (error: unknown) => void;
}

export interface FileEventLog extends EventLog {
  /** The journal file. */
  readonly path: string;
}

/**
 * Opens the log in a state directory, which is made if it is missing. Cuts a torn last line and reports it through `onTorn`.
 * Throws an OperatorError: `journal-damaged` with the line's number, or `state-unwritable`. One process at a time may hold it.
 */
export const openFileEventLog = async (options: FileEventLogOptions): Promise<FileEventLog> => {
  const journal = await openJournal(options);
  const { path, handle, index } = journal;
  const kept = oneByOne(snapshots(join(options.directory, 'snapshots')));
  const adapter = appendOnlyAdapter(handle, journal.length);
  let length = journal.length;
  let closing: Promise<void> | null = null;

  const read = (fromSeq: number): AsyncIterable<Commit> =>
    fromSeq > appended.head().seq ? nothing() : commitsIn(path, index.rangeFrom(fromSeq, length), fromSeq);

  const told = subscriptions({
    headSeq: () => appended.head().seq,
    read,
    onError: (error) => options.onSubscriberError?.(error),
  });

  const appended = groupCommit(adapter, journal.head, ({ commit, bytes }) => {
    index.add(commit.seq, length);
    length += bytes.length;
    told.publish(commit);
  });

  const hashAt = async (seq: number): Promise<string> => {
    const head = appended.head();
    if (seq === 0) return emptyHead.hash;
    if (seq === head.seq) return head.hash;
    for await (const next of read(seq + 1)) return next.prev;
    throw new RangeError(`commit ${seq} is beyond the head of the log, ${head.seq}`);
  };

  const letGo = async (): Promise<void> => {
    await appended.close();
    await kept.settled();
    told.close();
    // What cannot be cut now is torn, and cut at the next open.
    await adapter.cutRemains().catch(() => undefined);
    await handle.close();
  };

  return {
    path,
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

/** Lines are numbered as commits are. */
async function* commitsIn(path: string, range: JournalRange, fromSeq: number): AsyncGenerator<Commit> {
  for await (const line of journalLines(path, range)) {
    if (line.number < fromSeq) continue;
    const decoded = decodeLine(line.bytes);
    if (!decoded.ok) throw journalDamaged(path, line.number, decoded.damage);
    yield decoded.commit;
  }
}

async function* nothing(): AsyncGenerator<Commit> {}

/** Snapshots saved one after the other, a refusal of the disk said in the operator's words. */
const oneByOne = (kept: Snapshots): Snapshots & { settled(): Promise<void> } => {
  let saving: Promise<void> = Promise.resolve();
  return {
    ...kept,
    save: (at, state, headSeq) => {
      const saved = saving.then(() => kept.save(at, state, headSeq));
      saving = saved.catch(() => undefined);
      return saved.catch((error: unknown) => {
        throw snapshotUnwritable(error);
      });
    },
    settled: () => saving,
  };
};

const snapshotUnwritable = (cause: unknown): OperatorError =>
  new OperatorError(
    'state-unwritable',
    `a snapshot cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Make room on the disk of the state directory. The journal holds everything; only the next start takes longer.',
    { cause },
  );
