import { describe, expect, it } from 'vitest';
import { afterClockJump } from '../../src/incident/clock-set-back.ts';
import { deadlinesOf } from '../../src/incident/due.ts';
import { silenceOver } from '../../src/incident/silences.ts';
import { emptyRoom } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, msBetween, plusMs, SECOND } from '../../src/incident/time.ts';
import { contain, doWhatIsDue, plan, type RoomUnderTest, roomUnderTest } from '../support/room.ts';

const ID = 'INC-2026-0001';

/** The clock of the agent is set by so much, and the agent notes it. */
const setsClock = (room: RoomUnderTest, byMs: number): void => {
  room.pass(byMs);
  room.agentDoes({ type: 'note-clock-jump', byMs });
};

/** What is due, and how long from now. */
const due = (room: RoomUnderTest): readonly (readonly [string, number])[] =>
  deadlinesOf(room.room()).map(({ at, command }) => [JSON.stringify(command), msBetween(room.now(), at)]);

const declared = (): RoomUnderTest => {
  const room = roomUnderTest();
  room.declares(['checkout'], 'SEV2');
  doWhatIsDue(room);
  return room;
};

const asked = (room: RoomUnderTest): string => {
  const [requested] = room.does('ana', {
    type: 'contain',
    incident: null,
    service: safeText('checkout'),
    name: safeText('circuit-breaker'),
    params: {},
    arm: true,
  });
  if (requested?.type !== 'action.requested') throw new Error('not requested');
  room.agentDoes({ type: 'record-plan', action: requested.action, plan });
  return requested.action;
};

const silenced = (room: RoomUnderTest, startsInMs: number) =>
  room.does('ana', {
    type: 'silence',
    services: [safeText('search')],
    startsInMs,
    forMs: 30 * MINUTE,
    reason: safeText('a release'),
  });

const waits: readonly (readonly [string, () => RoomUnderTest])[] = [
  ['a level and a response', declared],
  [
    'a level that is overdue',
    () => {
      const room = declared();
      room.pass(31 * MINUTE);
      return room;
    },
  ],
  [
    'an acknowledgement',
    () => {
      const room = declared();
      room.does('ana', { type: 'acknowledge', incident: ID });
      return room;
    },
  ],
  [
    'an arm',
    () => {
      const room = declared();
      asked(room);
      return room;
    },
  ],
  [
    'a confirmation',
    () => {
      const room = declared();
      room.does('ana', { type: 'confirm', action: asked(room), typed: null });
      return room;
    },
  ],
  [
    'the expiry of a containment',
    () => {
      const room = declared();
      contain(room);
      return room;
    },
  ],
  [
    'the next try of an expiry',
    () => {
      const room = declared();
      contain(room);
      room.pass(HOUR);
      doWhatIsDue(room);
      const undo = Object.values(room.incident().actions).find(({ automatic }) => automatic);
      const detail = 'no route';
      room.agentDoes({ type: 'refuse-plan', action: undo?.id ?? '', reason: 'unreachable', detail, changes: [] });
      return room;
    },
  ],
  [
    'a silence in force',
    () => {
      const room = roomUnderTest();
      silenced(room, 0);
      return room;
    },
  ],
];

describe('a clock that is set back', () => {
  it.each(waits)('leaves %s as far away as before', (_what, begin) => {
    const room = begin();
    room.pass(7 * SECOND);
    const before = due(room);
    expect(before.length).toBeGreaterThan(0);
    setsClock(room, -6 * HOUR);
    expect(due(room)).toEqual(before);
  });

  it('leaves the next try of a page as far away as before', () => {
    const room = declared();
    const page = Object.keys(room.incident().pages)[0] ?? '';
    const retryAt = plusMs(room.now(), 2 * SECOND);
    const parcel = { kind: 'page', incident: ID, page } as const;
    room.agentDoes({ type: 'record-not-sent', parcel, reason: 'down', retryAt, mayHaveArrived: false });
    setsClock(room, -HOUR);
    expect(msBetween(room.now(), room.incident().pages[page]?.retryAt ?? '')).toBe(2 * SECOND);
  });

  it('does not shorten the time a ladder was held', () => {
    const room = declared();
    room.pass(10 * MINUTE);
    room.does('ana', { type: 'acknowledge', incident: ID });
    room.pass(20 * MINUTE);
    setsClock(room, -HOUR);
    room.pass(10 * MINUTE);
    doWhatIsDue(room);
    expect(due(room)[0]).toEqual([expect.stringContaining('sev2/30min'), 20 * MINUTE]);
  });

  it('pages at once whoever a raise finds overdue', () => {
    const room = declared();
    room.pass(16 * MINUTE);
    setsClock(room, -HOUR);
    room.does('ana', { type: 'set-severity', incident: ID, severity: 'SEV1', reason: safeText('it is worse') });
    const reached = room.incident().escalation?.levels.filter(({ reachedAt }) => reachedAt !== null);
    expect(reached?.map(({ level }) => level)).toEqual(['sev1/initial', 'sev1/15min']);
  });

  it('holds with a silence what it held before, and begins a planned one at its time of day', () => {
    const room = roomUnderTest();
    silenced(room, 0);
    silenced(room, 2 * HOUR);
    const planned = room.room().silences.S2;
    room.pass(MINUTE);
    setsClock(room, -HOUR);
    expect(silenceOver(room.room(), 'search', room.now())?.id).toBe('S1');
    expect(room.room().silences.S2).toEqual(planned);
  });

  it('leaves a false alarm that left the room as long ago as before', () => {
    const room = { ...emptyRoom, falseAlarms: { checkout: '2026-11-23T10:00:00.000Z' } };
    const { falseAlarms } = afterClockJump(room, -HOUR, '2026-11-23T09:30:00.000Z');
    expect(falseAlarms).toEqual({ checkout: '2026-11-23T09:00:00.000Z' });
  });

  it('changes nothing that has happened', () => {
    const room = declared();
    const { timeline, pages } = room.incident();
    setsClock(room, -HOUR);
    expect(room.incident()).toMatchObject({ timeline, pages });
  });
});

describe('a clock that is set on', () => {
  it.each(waits)('brings %s nearer, as a sleep of the machine would', (_what, begin) => {
    const room = begin();
    const before = due(room);
    setsClock(room, 6 * HOUR);
    expect(due(room)).toEqual(before.map(([command, ms]) => [command, ms - 6 * HOUR]));
  });
});
