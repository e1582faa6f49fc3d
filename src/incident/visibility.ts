// Owns who sees what: a private incident is there only for those it names, in the room and in every commit.
import type { Commit } from './commit.ts';
import { own } from './own.ts';
import type { Incident, Room } from './state.ts';

/** Whoever it is: a name that no incident can name. What is counted or told without a name is told to them. */
export const ANYBODY = '';

export const mayView = ({ people }: Pick<Incident, 'people'>, person: string): boolean =>
  people === null || people.includes(person);

/**
 * The room as that person may see it: the same object where nothing is hidden from them. Only incidents are left out; how many
 * were numbered stays, so that what is decided on it numbers on.
 */
export const roomFor = (room: Room, person: string): Room => {
  const all = Object.entries(room.incidents);
  const seen = all.filter(([, incident]) => mayView(incident, person));
  return seen.length === all.length ? room : { ...room, incidents: Object.fromEntries(seen) };
};

/** Whether anything of the commit is about an incident that is private before or after it. Such a commit differs from reader to reader. */
export const touchesPrivate = (commit: Pick<Commit, 'events'>, before: Room, after: Room): boolean =>
  commit.events.some((event) => 'incident' in event && isPrivate(event.incident, before, after));

const isPrivate = (id: string, ...rooms: readonly Room[]): boolean =>
  rooms.some((room) => (own(room.incidents, id)?.people ?? null) !== null);

/** What that person may see of a commit: its other events are left out. `after` is the room with it, `before` the one without. */
export const commitFor = (commit: Commit, before: Room, after: Room, person: string): Commit => {
  const events = commit.events.filter((event) => {
    if (!('incident' in event)) return true;
    const incident = own(after.incidents, event.incident) ?? own(before.incidents, event.incident);
    return incident === undefined || mayView(incident, person);
  });
  return events.length === commit.events.length ? commit : { ...commit, events };
};
