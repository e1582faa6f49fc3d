// Owns what a client that comes back is told of the room: the commits it missed where those bring its copy to the present, else all of it.
import type { Commit } from '../../incident/commit.ts';
import { own } from '../../incident/own.ts';
import type { Room } from '../../incident/state.ts';
import { mayView, roomFor } from '../../incident/visibility.ts';
import type { Greeted } from './session.ts';

/** The present of one log, and what is still held of its past. */
export interface Present {
  readonly log: string;
  readonly seq: number;
  readonly room: Room;
  /** Names the commit at that number; null where it is too long ago. */
  readonly markAt: (seq: number) => string | null;
  /** Null where it is too long ago. */
  readonly commitsAfter: (seq: number) => readonly Commit[] | null;
}

export interface Resumed {
  readonly seq: number;
  readonly mark: string;
  readonly room: Room | null;
  readonly commits: readonly Commit[];
}

export const resume = (greeted: Greeted, present: Present): Resumed => {
  const { seq, room } = present;
  const mark = present.markAt(seq) ?? '';
  const missed = holdsOurPast(greeted, present) ? present.commitsAfter(greeted.since) : null;
  return missed !== null && isSeenWhole(missed, room, greeted.you)
    ? { seq, mark, room: null, commits: missed }
    : { seq, mark, room: roomFor(room, greeted.you), commits: [] };
};

type Returning = Greeted & { readonly since: number };

/** The number alone does not tell: a log that was copied to another host goes on there with other commits. */
const holdsOurPast = (greeted: Greeted, { log, markAt }: Present): greeted is Returning =>
  greeted.log === log && greeted.since !== null && greeted.mark !== null && greeted.mark === markAt(greeted.since);

/**
 * Whether a reader may see every one of these commits as it is, judged by the present: what is not in the room any more may have
 * been private, and who may see what must not have changed meanwhile.
 */
const isSeenWhole = (commits: readonly Commit[], room: Room, person: string): boolean =>
  commits.every(({ events }) =>
    events.every((event) => {
      if (!('incident' in event)) return true;
      const incident = own(room.incidents, event.incident);
      return event.type !== 'incident.people_changed' && incident !== undefined && mayView(incident, person);
    }),
  );
