// Owns what happened between two looks at the room: the new facts of every incident, oldest first.
import type { RoomView } from '../client/room-client.ts';
import type { Incident, TimelineEntry } from '../incident/state.ts';

export interface Fact {
  /** As it is after all of them. */
  readonly incident: Incident;
  readonly entry: TimelineEntry;
}

/** Nothing is new to who just joined, nor in a log that is not the one looked at before. */
export const newFacts = (before: RoomView, after: RoomView): readonly Fact[] => {
  if (before.agent === null || after.room === before.room || after.seq <= before.seq) return [];
  return Object.values(after.room.incidents)
    .filter((incident) => before.room.incidents[incident.id] !== incident)
    .flatMap((incident) => factsSince(incident, before.seq))
    .sort((a, b) => a.entry.seq - b.entry.seq);
};

const factsSince = (incident: Incident, seq: number): readonly Fact[] => {
  const old = incident.timeline.findLastIndex((entry) => entry.seq <= seq);
  return incident.timeline.slice(old + 1).map((entry) => ({ incident, entry }));
};
