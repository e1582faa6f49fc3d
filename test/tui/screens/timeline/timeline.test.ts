import { describe, expect, it } from 'vitest';
import { ALERTS_TOLD } from '../../../../src/incident/evolve.ts';
import type { TimelineEntry } from '../../../../src/incident/state.ts';
import { safeText } from '../../../../src/incident/text.ts';
import { HOUR, plusMs, SECOND } from '../../../../src/incident/time.ts';
import { linesOf, toldEntries } from '../../../../src/tui/screens/timeline/view-model.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { alertTold, START } from '../../../support/room.ts';
import { calmRoom, containedRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';
import { named, seatIn } from '../../../support/seat.ts';

const noted = (room: FakeRoom, text: string, by = 'ben'): void => {
  room.story.does(by, { type: 'add-note', incident: INCIDENT, text: safeText(text, 4_000) });
  room.changed();
};

/** It began late on one day and goes on over midnight, twice. */
const longRoom = (): FakeRoom => {
  const room = containedRoom();
  room.story.pass(20 * HOUR);
  noted(room, 'still looking');
  room.story.pass(24 * HOUR);
  noted(room, 'found it: the pool of payments');
  return room;
};

const stormRoom = (): FakeRoom => {
  const room = containedRoom();
  const alerts = Array.from({ length: 5_000 }, (_, index) =>
    alertTold(`f${index}`, { message: `replica ${index} fails` }),
  );
  room.story.agentDoes({ type: 'report-alerts', alerts });
  room.story.agentDoes({ type: 'report-alerts', alerts });
  room.changed();
  return room;
};

const hostileRoom = (): FakeRoom => {
  const room = containedRoom();
  noted(room, HOSTILE, safeText(HOSTILE, 64));
  noted(room, '火'.repeat(3_000));
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  timeline: containedRoom,
  'timeline-days': longRoom,
  'timeline-storm': stormRoom,
  'timeline-hostile': hostileRoom,
};

/** An incident with so many notes that say when they are read. */
const watchedRoom = (count: number): { readonly room: FakeRoom; readonly read: Set<number> } => {
  const room = containedRoom();
  const read = new Set<number>();
  const timeline = Array.from(
    { length: count },
    (_, index): TimelineEntry => ({
      seq: index + 1,
      at: plusMs(START, index * SECOND),
      actor: { kind: 'person', name: 'ben' },
      event: {
        type: 'note.added',
        incident: INCIDENT,
        note: `N${index + 1}`,
        get text() {
          read.add(index);
          return safeText(`note ${index + 1} of many, ${index % 7 === 0 ? 'which goes on and on, '.repeat(9) : ''}end`);
        },
      },
    }),
  );
  const { room: state } = room.view();
  const incident = { ...state.incidents[INCIDENT]!, timeline };
  room.with({ room: { ...state, incidents: { [INCIDENT]: incident } } });
  return { room, read };
};

describe('the timeline', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const its = { room: look(), screen: 'timeline' } as const;
      await expect(textOf(its, size)).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(widest(its, size)).toBeLessThanOrEqual(size.columns);
    });
  }

  const lines = (room: FakeRoom, filter = ''): readonly string[] => {
    const incident = room.view().room.incidents[INCIDENT]!;
    const told = toldEntries(incident, filter);
    return told
      .flatMap((_, index) => linesOf(told, index, incident))
      .map(({ time, who, text }) => `${time} ${who} ${text}`.trim());
  };

  it('begins with the newest, and names the day where it is another', () => {
    const [first, second, third, fourth] = lines(longRoom());
    expect(first).toBe('06:03:12 ben note: found it: the pool of payments');
    expect(second).toBe('the day before this was 2026-11-24');
    expect(third).toBe('06:03:12 ben note: still looking');
    expect(fourth).toBe('the day before this was 2026-11-23');
    expect(lines(longRoom()).filter((line) => line.startsWith('the day before'))).toHaveLength(2);
  });

  it('names the days between what the filter leaves', () => {
    expect(lines(longRoom(), 'note release')).toEqual([expect.stringMatching(/^10:02:27 ben note: release/)]);
    expect(lines(longRoom(), 'note:').filter((line) => line.startsWith('the day before'))).toHaveLength(2);
  });

  it.each([
    ['2026-11-24', ['06:03:12 ben note: still looking']],
    ['10:02:07 chris', ['10:02:07 chris took on-call']],
    ['ana took', ['10:02:07 ana took command']],
    ['paged !log', [expect.stringContaining('paged on-call-engineer through webhook')]],
    ['nothing like it', []],
  ])('filters by day, time, person and words: %o', (filter, expected) => {
    expect(lines(longRoom(), filter)).toEqual(expected);
  });

  it('tells of a storm how much of it is here', () => {
    const text = textOf({ room: stormRoom(), screen: 'timeline' }, SIZES[0]!);
    expect(text).toContain(`52 facts; of 5000 alerts the first ${ALERTS_TOLD} ─`);
    expect(textOf({ room: containedRoom(), screen: 'timeline' }, SIZES[0]!)).not.toContain('the first');
  });

  it('says so where nothing is like the filter, and where there is no incident', () => {
    expect(textOf({ room: longRoom(), screen: 'timeline', on: { filter: 'xyz' } }, SIZES[0]!)).toContain(
      'nothing in it is like that',
    );
    expect(textOf({ room: calmRoom(), screen: 'timeline' }, SIZES[0]!)).toContain(
      'there is no incident, so there is no timeline',
    );
  });

  it.each([0, 5_000, 9_999])('makes no more than two windows of 10,000 facts, scrolled to %i', (cursor) => {
    const { room, read } = watchedRoom(10_000);
    const text = textOf({ room, screen: 'timeline', on: { cursor } }, SIZES[0]!);
    expect(text).toContain('TIMELINE UTC, newest first, 10000 facts');
    expect(read.size).toBeGreaterThan(5);
    expect(read.size).toBeLessThanOrEqual(2 * SIZES[0]!.rows);
  });

  it('reads every fact for a filter, and only then', () => {
    const { room, read } = watchedRoom(2_000);
    const text = textOf({ room, screen: 'timeline', on: { filter: '1777' } }, SIZES[0]!);
    expect(text).toContain('note 1777 of many');
    expect(read.size).toBe(2_000);
  });

  it('is scrolled to its very first fact and no further, where facts take several rows', () => {
    const { room } = watchedRoom(300);
    const seat = seatIn(room);
    seat.press('t', named('end'));
    const end = seat.text();
    expect(end).toMatch(/note 2 of many[^\n]*\n[^\n]*note 1 of many/);
    expect(end).toContain('end\n ───');
    seat.press(named('page-down'), 'j');
    expect(seat.text()).toBe(end);
    seat.press('k');
    expect(seat.text()).not.toBe(end);
    seat.press(named('home'));
    expect(seat.text()).toContain('note 300 of many');
  });

  it('has all of a short one in view, and does not scroll', () => {
    const { room } = watchedRoom(3);
    const seat = seatIn(room);
    seat.press('t');
    const text = seat.text();
    seat.press(named('end'), 'j');
    expect(seat.text()).toBe(text);
  });
});
