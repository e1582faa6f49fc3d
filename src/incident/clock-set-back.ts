// Owns what a clock that was set back does to the room: what is counted from or to a moment keeps its distance from now.
import type { Action, ActionState, Delivery, Incident, Response, Room, Silence } from './state.ts';
import { plusMs, type Timestamp } from './time.ts';

type Move = (moment: Timestamp) => Timestamp;

/**
 * The room after its clock moved by `byMs`. Set back, every deadline moves with it, passed or not, and so does what they are counted from;
 * what happened stays in the timeline under the time it was told. Set on, nothing moves: a machine that slept is as late as the time says.
 */
export const afterClockJump = (room: Room, byMs: number, at: Timestamp): Room => {
  if (byMs >= 0) return room;
  const move: Move = (moment) => plusMs(moment, byMs);
  const clockBefore = plusMs(at, -byMs);
  return {
    ...room,
    incidents: each(room.incidents, (incident) => movedIncident(incident, move)),
    falseAlarms: each(room.falseAlarms, move),
    // One that is planned is for a time of day.
    silences: each(room.silences, (silence) =>
      silence.startsAt > clockBefore ? silence : movedSilence(silence, move),
    ),
    tests: each(room.tests, (test) => movedDelivery(test, move)),
  };
};

const each = <One>(ones: Readonly<Record<string, One>>, change: (one: One) => One): Readonly<Record<string, One>> =>
  Object.fromEntries(Object.entries(ones).map(([key, one]) => [key, change(one)]));

const movedIncident = (incident: Incident, move: Move): Incident => ({
  ...incident,
  declaredAt: move(incident.declaredAt),
  resolvedAt: movedOrNull(incident.resolvedAt, move),
  closedAt: movedOrNull(incident.closedAt, move),
  acknowledgements: each(incident.acknowledgements, (lease) =>
    lease.expired ? lease : { ...lease, until: move(lease.until) },
  ),
  escalation: incident.escalation === null ? null : movedLadder(incident.escalation, move),
  response: incident.response === null ? null : movedResponse(incident.response, move),
  pages: each(incident.pages, (page) => movedDelivery(page, move)),
  messages: each(incident.messages, (message) => movedDelivery(message, move)),
  actions: each(incident.actions, (action) => movedAction(action, move)),
});

const movedOrNull = (moment: Timestamp | null, move: Move): Timestamp | null => (moment === null ? null : move(moment));

const movedLadder = (ladder: NonNullable<Incident['escalation']>, move: Move): NonNullable<Incident['escalation']> => ({
  ...ladder,
  levels: ladder.levels.map((level) => (level.reachedAt === null ? { ...level, dueAt: move(level.dueAt) } : level)),
  heldBy:
    ladder.heldBy === null
      ? null
      : { ...ladder.heldBy, since: move(ladder.heldBy.since), until: move(ladder.heldBy.until) },
});

const movedResponse = (response: Response, move: Move): Response =>
  response.metAt !== null || response.missedAt !== null
    ? response
    : { ...response, expectedAt: move(response.expectedAt), dueAt: move(response.dueAt) };

const movedDelivery = <One extends Delivery>(one: One, move: Move): One =>
  one.retryAt === null ? one : { ...one, retryAt: move(one.retryAt) };

/** An expiry that could not reach its target is tried again some time after it was asked for. */
const movedAction = (action: Action, move: Move): Action => ({
  ...action,
  requestedAt: action.automatic ? move(action.requestedAt) : action.requestedAt,
  state: movedState(action.state, move),
});

const movedState = (state: ActionState, move: Move): ActionState => {
  switch (state.name) {
    case 'armed':
      return { ...state, at: move(state.at), until: move(state.until) };
    case 'confirmed':
      return { ...state, until: move(state.until) };
    case 'applied':
      return { ...state, expiresAt: movedOrNull(state.expiresAt, move) };
    default:
      return state;
  }
};

const movedSilence = (silence: Silence, move: Move): Silence => ({
  ...silence,
  startsAt: move(silence.startsAt),
  endsAt: move(silence.endsAt),
  ended: silence.ended === null ? null : { ...silence.ended, at: move(silence.ended.at) },
});
