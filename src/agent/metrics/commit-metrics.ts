// Owns the counting of commits: each event goes to the counters it concerns.
import type { Registry } from 'prom-client';
import type { Commit } from '../../incident/commit.ts';
import { own } from '../../incident/own.ts';
import type { Room } from '../../incident/state.ts';
import { incidentCounters } from './incident-counters.ts';
import { outcomeCounters } from './outcome-counters.ts';

/** Counts one commit, given the room as it is after it. Never throws for what a commit may hold. */
export const commitMetrics = (registry: Registry): ((commit: Commit, room: Room) => void) => {
  const countIncident = incidentCounters(registry);
  const countOutcome = outcomeCounters(registry);
  return ({ seq, events }, room) => {
    for (const event of events) {
      const incident = 'incident' in event ? own(room.incidents, event.incident) : undefined;
      if (incident === undefined) continue;
      countIncident(event, incident, seq);
      countOutcome(event, incident);
    }
  };
};
