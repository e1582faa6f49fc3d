// Owns finding in the log what was archived: each incident as it was when it left the room.
import type { Commit } from '../../incident/commit.ts';
import { evolve } from '../../incident/evolve.ts';
import { emptyRoom, type Incident, type Room } from '../../incident/state.ts';

/** Folds commits and tells each archived incident, in the order in which they left. */
export const archivedIn = (found: (incident: Incident) => void): ((commit: Commit) => void) => {
  let room: Room = emptyRoom;
  return (commit) => {
    for (const event of commit.events) {
      const leaving = event.type === 'incident.archived' ? room.incidents[event.incident] : undefined;
      if (leaving !== undefined) found(leaving);
      room = evolve(room, event, commit);
    }
  };
};
