// Owns appending: sequence and hash given on arrival, one sync for all that arrived during the last, failures taken back whole.
import { Low } from 'lowdb';
import { type AppendOnlyAdapter, type JournalTail, LeftBehind } from './append-only-adapter.ts';
import type { AppendResult, EventLog, Head } from './event-log.ts';
import { type EncodedCommit, encodeCommit, LONGEST_LINE_BYTES } from './journal-line.ts';

export interface GroupCommit {
  /** The last durable commit. */
  head(): Head;
  readonly append: EventLog['append'];
  /** Refuses further appends; resolves when those in flight are answered. */
  close(): Promise<void>;
}

interface Waiting {
  readonly encoded: EncodedCommit;
  readonly resolve: (result: AppendResult) => void;
}

/** Appends after `opened` through lowdb; `onDurable` hears of every commit, in order, before its append resolves. */
export const groupCommit = (
  adapter: AppendOnlyAdapter,
  opened: Head,
  onDurable: (encoded: EncodedCommit) => void,
): GroupCommit => {
  const db = new Low<JournalTail>(adapter, []);
  let durable = opened;
  let tip = opened;
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | null = null;
  let isClosed = false;

  const becomeDurable = ({ encoded, resolve }: Waiting): void => {
    durable = encoded.head;
    onDurable(encoded);
    resolve({ ok: true, commit: encoded.commit });
  };

  /** What was queued meanwhile is chained to what just failed, so it fails with it. */
  const takeBack = (failed: readonly Waiting[], error: Error): void => {
    const unwritten = waiting;
    waiting = [];
    db.data = [];
    tip = durable;
    const takenBack = !(error instanceof LeftBehind);
    for (const { resolve } of failed) resolve(unwritable(error, takenBack));
    for (const { resolve } of unwritten) resolve(unwritable(error));
  };

  const flushOnce = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    // lowdb passes `data` on before its first await: from here on `data` is the tail of the next flush.
    const written = db.write();
    db.data = [];
    const failure = await written.then(() => null, asError);
    if (failure === null) batch.forEach(becomeDurable);
    else takeBack(batch, failure);
  };

  const flush = async (): Promise<void> => {
    // One turn, so that appends made together share one sync.
    await Promise.resolve();
    while (waiting.length > 0) await flushOnce();
    flushing = null;
  };

  return {
    head: () => durable,
    append: async (expectedSeq, draft) => {
      if (isClosed) return unwritable(new Error('the log is closed'));
      if (expectedSeq !== tip.seq) return { ok: false, reason: 'conflict', head: tip };
      const encoded = encodeCommit(tip, draft);
      if (encoded.bytes.length > LONGEST_LINE_BYTES) {
        return unwritable(new Error('a commit may not be longer than 64 MiB'));
      }
      return new Promise((resolve) => {
        tip = encoded.head;
        db.data.push(encoded);
        waiting.push({ encoded, resolve });
        flushing ??= flush();
      });
    },
    close: async () => {
      isClosed = true;
      await flushing;
    },
  };
};

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));

const unwritable = (cause: Error, takenBack = true): AppendResult => ({
  ok: false,
  reason: 'unwritable',
  detail: cause.message,
  takenBack,
});
