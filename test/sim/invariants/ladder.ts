// Owns the rules of escalation: no level skipped, none in a burst, nothing early, nothing late without a cause, no acknowledgement that stops what is worse.
import type { Commit } from '../../../src/incident/commit.ts';
import { deadlinesOf } from '../../../src/incident/due.ts';
import { LATE_AFTER_MS, nextLevel } from '../../../src/incident/escalation.ts';
import type { EventOf, IncidentEvent, LadderLevel } from '../../../src/incident/events.ts';
import type { Room } from '../../../src/incident/state.ts';
import { msBetween, plusMs, toEpochMs } from '../../../src/incident/time.ts';
import { isAbove } from '../../../src/incident/words.ts';
import { eachEvent } from './duties.ts';
import type { Invariant } from './invariant.ts';

type Reached = EventOf<'escalation.level_reached'>;

/** The levels that one commit reaches by themselves: not those that a new ladder finds passed already. */
const reachedBy = (commit: Commit): readonly Reached[] => {
  const startedIn = new Set(
    commit.events.flatMap((event) => (event.type === 'escalation.started' ? [event.incident] : [])),
  );
  return commit.events.filter(
    (event): event is Reached => event.type === 'escalation.level_reached' && !startedIn.has(event.incident),
  );
};

export const noLevelSkipped: Invariant = (_world, broken) => ({
  onCommit: (commit, before) => {
    for (const { incident: id, level } of reachedBy(commit)) {
      const incident = before.incidents[id];
      const next = incident === undefined ? null : nextLevel(incident);
      if (next?.level !== level)
        broken(`${id}: ${level} was reached when ${next?.level ?? 'nothing'} was next (commit ${commit.seq})`);
      const holder = incident?.escalation?.heldBy ?? null;
      if (holder !== null)
        broken(`${id}: ${level} was reached while ${holder.person} had acknowledged (commit ${commit.seq})`);
    }
  },
});

/** After an absence: the current level at once, and then full delays (field 4.3). */
export const noBurst: Invariant = (_world, broken) => {
  const ladders = new Map<
    string,
    { readonly levels: readonly LadderLevel[]; last: { level: string; at: string } | null }
  >();
  return {
    onCommit: (commit) => {
      for (const event of commit.events) {
        if (event.type === 'escalation.started') ladders.set(event.incident, { levels: event.levels, last: null });
        // Levels keep their distance from the one before, in the clock as it is then.
        if (event.type === 'clock.jumped' && event.byMs < 0)
          for (const { last } of ladders.values()) if (last !== null) last.at = plusMs(last.at, event.byMs);
      }
      const reached = reachedBy(commit);
      for (const { incident, level } of reached) {
        if (reached.filter((other) => other.incident === incident).length > 1)
          broken(`${incident}: several levels at once (commit ${commit.seq})`);
        const ladder = ladders.get(incident);
        const dueAt = (key: string): string => ladder?.levels.find((one) => one.level === key)?.dueAt ?? '';
        if (ladder === undefined || dueAt(level) === '') {
          broken(`${incident}: ${level} is on no ladder (commit ${commit.seq})`);
          continue;
        }
        const { last } = ladder;
        const distanceMs = last === null ? 0 : msBetween(dueAt(last.level), dueAt(level));
        if (last !== null && msBetween(last.at, commit.at) < distanceMs - LATE_AFTER_MS)
          broken(
            `${incident}: ${level} came ${msBetween(last.at, commit.at)} ms after ${last.level}, not ${distanceMs} (commit ${commit.seq})`,
          );
        ladder.last = { level, at: commit.at };
      }
    },
  };
};

/** Since when something that just came was due; null for what has no deadline. */
const dueFor = (event: IncidentEvent, room: Room): string | null => {
  switch (event.type) {
    case 'escalation.level_reached':
      return (
        room.incidents[event.incident]?.escalation?.levels.find(({ level }) => level === event.level)?.dueAt ?? null
      );
    case 'acknowledgement.expired':
      return event.because === 'shut-out' ? null : (room.incidents[event.incident]?.escalation?.heldBy?.until ?? null);
    case 'response.missed':
      return room.incidents[event.incident]?.response?.dueAt ?? null;
    case 'silence.ended':
      return event.because === 'expired' ? (room.silences[event.silence]?.endsAt ?? null) : null;
    case 'action.disarmed': {
      const state = room.incidents[event.incident]?.actions[event.action]?.state;
      return event.reason === 'expired' && (state?.name === 'armed' || state?.name === 'confirmed')
        ? state.until
        : null;
    }
    case 'action.requested': {
      const entry = event.undoes === null ? undefined : room.incidents[event.incident]?.actions[event.undoes];
      return event.automatic && entry?.state.name === 'applied' ? entry.state.expiresAt : null;
    }
    default:
      return null;
  }
};

export const nothingEarly: Invariant = (_world, broken) => ({
  onCommit: (commit, before) =>
    eachEvent(commit, before, (event, room) => {
      const dueAt = dueFor(event, room);
      if (dueAt !== null && commit.at < dueAt)
        broken(`${event.type} at ${commit.at}, due at ${dueAt} (commit ${commit.seq})`);
    }),
});

/** A timer may sleep half a minute over a jump of the clock; slower than this is lost. */
const BOUND_MS = 45_000;

export const nothingLate: Invariant = (world, broken) => ({
  afterStep: () => {
    const since = world.undisturbedSinceMs();
    const running = world.running();
    if (running === null || since === null || world.time.elapsedMs() - since < BOUND_MS) return;
    for (const { at, command } of deadlinesOf(running.agent.committer.committed().room)) {
      const lateMs = world.time.wallMs() - toEpochMs(at);
      if (lateMs > BOUND_MS)
        broken(`${JSON.stringify(command)} is ${lateMs} ms late, and nothing keeps the agent from it`);
    }
  },
});

export const acknowledgedOnlyAsSeen: Invariant = (_world, broken) => ({
  onCommit: (commit, _before, after) => {
    for (const event of commit.events) {
      if (event.type !== 'escalation.started' && event.type !== 'incident.acknowledged') continue;
      const incident = after.incidents[event.incident];
      const ladder = incident?.escalation ?? null;
      if (incident === undefined || ladder === null || ladder.heldBy === null) continue;
      const its = incident.acknowledgements[ladder.heldBy.person];
      if (its === undefined || isAbove(ladder.severity, its.severity))
        broken(
          `${incident.id}: ${ladder.heldBy.person} acknowledged ${its?.severity ?? 'nothing'}, and that stops ${ladder.severity} (commit ${commit.seq})`,
        );
    }
  },
});
