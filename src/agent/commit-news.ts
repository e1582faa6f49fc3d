// Owns how a durable commit is told to each reader: as it is, without what is hidden from them, or as another room.
import { isDeepStrictEqual } from 'node:util';
import type { Commit } from '../incident/commit.ts';
import { evolveCommit } from '../incident/evolve.ts';
import type { Room } from '../incident/state.ts';
import { commitFor, roomFor, touchesPrivate } from '../incident/visibility.ts';
import type { AgentMessage } from '../protocol/messages.ts';

/** A commit with its mark, and the room without and with it. */
export interface CommitTold {
  readonly commit: Commit;
  readonly mark: string;
  readonly before: Room;
  readonly after: Room;
}

/** One message for everybody; null where readers differ. */
export const newsForAll = ({ commit, mark, before, after }: CommitTold): AgentMessage | null =>
  touchesPrivate(commit, before, after) ? null : events(commit.seq, mark, [commit]);

/** The message for one reader. */
export const newsFor = ({ commit, mark, before, after }: CommitTold, person: string): AgentMessage => {
  const seen = commitFor(commit, before, after, person);
  const room = roomFor(after, person);
  // Who is let in or shut out sees another past, and what is numbered is counted though it is hidden: no event brings a copy there.
  return isDeepStrictEqual(evolveCommit(roomFor(before, person), seen), room)
    ? events(commit.seq, mark, seen.events.length === 0 ? [] : [seen])
    : { type: 'room', seq: commit.seq, mark, room };
};

const events = (seq: number, mark: string, commits: readonly Commit[]): AgentMessage => ({
  type: 'events',
  after: seq - 1,
  upTo: seq,
  mark,
  commits,
});
