// Owns what only people may do, and what is true of roles: one commander, severity lowered and incidents ended by hand.
import type { Commit } from '../../../src/incident/commit.ts';
import type { IncidentEvent } from '../../../src/incident/events.ts';
import { evolve } from '../../../src/incident/evolve.ts';
import { ledgerOf, type Room } from '../../../src/incident/state.ts';
import type { Invariant } from './invariant.ts';

/** Each event with the room as it was just before it. */
export const eachEvent = (commit: Commit, before: Room, see: (event: IncidentEvent, room: Room) => void): void => {
  let room = before;
  for (const event of commit.events) {
    see(event, room);
    if (commit.events.length > 1) room = evolve(room, event, { seq: commit.seq, at: commit.at, actor: commit.actor });
  }
};

export const oneCommander: Invariant = (_world, broken) => ({
  onCommit: (commit, before) =>
    eachEvent(commit, before, (event, room) => {
      if (event.type !== 'role.assigned' || event.role !== 'commander') return;
      const holder = room.incidents[event.incident]?.roles.commander?.person ?? null;
      if (holder !== null)
        broken(`${event.incident}: ${event.person} got command while ${holder} had it (commit ${commit.seq})`);
    }),
});

export const loweredByCommander: Invariant = (_world, broken) => ({
  onCommit: (commit, before) =>
    eachEvent(commit, before, (event, room) => {
      if (event.type !== 'severity.lowered') return;
      const commander = room.incidents[event.incident]?.roles.commander?.person ?? null;
      if (commit.actor.kind !== 'person' || commit.actor.name !== commander)
        broken(
          `${event.incident}: lowered to ${event.to} by ${commit.actor.kind} ${commit.actor.name} (commit ${commit.seq})`,
        );
    }),
});

export const endedByPersons: Invariant = (_world, broken) => ({
  onCommit: (commit) => {
    for (const event of commit.events)
      if ((event.type === 'incident.resolved' || event.type === 'incident.closed') && commit.actor.kind !== 'person')
        broken(`${event.incident}: ${event.type} by ${commit.actor.kind} ${commit.actor.name} (commit ${commit.seq})`);
  },
});

export const closedWithNothingInPlace: Invariant = (_world, broken) => ({
  onCommit: (commit, before) =>
    eachEvent(commit, before, (event, room) => {
      const incident = event.type === 'incident.closed' ? room.incidents[event.incident] : undefined;
      if (incident === undefined) return;
      const left = ledgerOf(incident).map(({ id }) => id);
      if (left.length > 0) broken(`${incident.id} closed while ${left.join(', ')} is in place (commit ${commit.seq})`);
    }),
});
