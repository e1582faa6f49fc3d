// Owns the one storage interface: an ordered log of commits, with derived snapshots beside it.
import type { Commit, CommitDraft } from '../../incident/commit.ts';

export interface Head {
  /** Sequence number of the last durable commit; 0 when there is none. */
  readonly seq: number;
  /** SHA-256 (hex) of that commit's line; of nothing when there is none. */
  readonly hash: string;
}

export type AppendResult =
  | { readonly ok: true; readonly commit: Commit }
  /** Somebody else appended first: decide again on the state at `head`. */
  | { readonly ok: false; readonly reason: 'conflict'; readonly head: Head }
  /**
   * The medium refused (disk full, read-only, closed). Nothing of this draft is or will become durable, unless what was begun could not
   * be taken back (`takenBack` false): then it counts if the log is opened again before it takes another append, and does not otherwise.
   */
  | { readonly ok: false; readonly reason: 'unwritable'; readonly detail: string; readonly takenBack: boolean };

export interface Snapshot<State> {
  readonly seq: number;
  readonly state: State;
}

export interface EventLog {
  head(): Head;
  /**
   * Adds one commit after `expectedSeq`; resolves once it is durable. Calls may be made without waiting for earlier ones:
   * `expectedSeq` counts appends in flight. When one fails, every later one in flight fails with it.
   */
  append(expectedSeq: number, draft: CommitDraft): Promise<AppendResult>;
  /** Durable commits from `fromSeq` on, in order, up to the head at the time of the call. */
  read(fromSeq: number): AsyncIterable<Commit>;
  /** Calls `listener` for every durable commit from `fromSeq` on, once each, in order, also those to come. */
  subscribe(fromSeq: number, listener: (commit: Commit) => void): () => void;
  /** Keeps a derived copy of the state after `seq`; never the only copy of anything. */
  saveSnapshot(seq: number, state: unknown): Promise<void>;
  /** The newest readable snapshot, or null. A damaged one is passed over. */
  latestSnapshot(): Promise<Snapshot<unknown> | null>;
  /** Waits for appends in flight, then lets go of the medium. */
  close(): Promise<void>;
}
