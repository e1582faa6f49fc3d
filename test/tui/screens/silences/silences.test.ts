import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { HOUR, MINUTE } from '../../../../src/incident/time.ts';
import { DEAD_TIME_MS } from '../../../../src/tui/dialog.ts';
import { silenceFoot, silencesListed } from '../../../../src/tui/screens/silences/view-model.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { alertTold, evidence } from '../../../support/room.ts';
import { calmRoom, failingRoom } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';
import { named, seatIn } from '../../../support/seat.ts';

interface Wanted {
  readonly services?: readonly string[];
  readonly startsInMs?: number;
  readonly forMs?: number;
  readonly reason?: string;
  readonly by?: string;
}

const silence = (room: FakeRoom, wanted: Wanted = {}): void => {
  const { services = ['checkout'], startsInMs = 0, forMs = 30 * MINUTE, reason = '', by = 'ana' } = wanted;
  room.story.does(by, {
    type: 'silence',
    services: services.map((service) => safeText(service)),
    startsInMs,
    forMs,
    reason: safeText(reason),
  });
  room.changed();
};

const holds = (room: FakeRoom, count: number): void => {
  const alerts = Array.from({ length: count }, (_, index) =>
    alertTold(`f${index}`, { message: `too many errors on replica ${index}` }),
  );
  room.story.agentDoes({ type: 'report-alerts', alerts });
  room.changed();
};

/** S1 in force and holding, S2 for everything and later, S3 expired, S4 lifted. */
const silencedRoom = (): FakeRoom => {
  const room = calmRoom();
  silence(room, { services: ['checkout', 'payments'], reason: 'deploy of 4.2' });
  silence(room, {
    services: ['*'],
    startsInMs: 70 * MINUTE,
    forMs: 2 * HOUR,
    by: 'ben',
    reason: 'maintenance of the database, as announced',
  });
  silence(room, { services: ['search'], forMs: 2 * MINUTE });
  silence(room, { services: ['vault'], forMs: 4 * HOUR, by: 'ben', reason: 'rotation of keys' });
  holds(room, 3);
  room.story.agentDoes({
    type: 'report-alerts',
    alerts: [alertTold('f1', { message: 'too many errors on replica 1', firing: false })],
  });
  room.story.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('payments', 'errors-tenth') });
  room.story.pass(3 * MINUTE);
  room.story.agentDoes({ type: 'end-silence', silence: 'S3' });
  room.story.pass(MINUTE);
  room.story.does('ben', { type: 'lift-silence', silence: 'S4' });
  room.changed();
  return room;
};

const manyRoom = (): FakeRoom => {
  const room = calmRoom();
  for (let index = 0; index < 100; index++)
    silence(room, { forMs: (100 - index) * MINUTE + HOUR, reason: `number ${index}` });
  holds(room, 10_000);
  return room;
};

const hostileRoom = (): FakeRoom => {
  const room = failingRoom();
  silence(room, { services: ['*'], reason: HOSTILE, by: safeText(HOSTILE, 64) });
  room.story.agentDoes({
    type: 'report-alerts',
    alerts: [alertTold('x', { service: safeText(HOSTILE, 64), message: HOSTILE })],
  });
  room.changed();
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  silences: silencedRoom,
  'silences-none': calmRoom,
  'silences-many': manyRoom,
  'silences-hostile': hostileRoom,
};

describe('the screen of silences', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const its = { room: look(), screen: 'silences' } as const;
      await expect(textOf(its, size)).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(widest(its, size)).toBeLessThanOrEqual(size.columns);
    });
  }

  const listed = (room: FakeRoom, filter = ''): readonly string[] =>
    silencesListed(room.view().room, { now: room.now(), filter }).map(({ id }) => id);

  it('lists those in force, the next to end first, then the planned, then the ended', () => {
    const room = silencedRoom();
    expect(listed(room)).toEqual(['S1', 'S2', 'S4', 'S3']);
    silence(room, { forMs: 5 * MINUTE });
    silence(room, { startsInMs: 5 * MINUTE });
    expect(listed(room)).toEqual(['S5', 'S1', 'S6', 'S2', 'S4', 'S3']);
  });

  it('takes one whose end has come for ended, before the agent says so', () => {
    const room = silencedRoom();
    room.story.pass(30 * MINUTE);
    expect(textOf({ room, screen: 'silences' }, SIZES[0]!)).toMatch(/S1 +expired +checkout, payments +at 10:30:00/);
  });

  it.each([
    ['in force', ['S1']],
    ['planned', ['S2']],
    ['every service', ['S2']],
    ['lifted ben', ['S4']],
    ['!ben', ['S1', 'S3']],
    ['deploy', ['S1']],
    ['s3', ['S3']],
    ['nothing like it', []],
  ])('filters by %o', (filter, expected) => {
    expect(listed(silencedRoom(), filter)).toEqual(expected);
  });

  it('shows below what the marked one holds, the first few', () => {
    const { room } = silencedRoom().view();
    const foot = silenceFoot(room.silences.S1!, { now: Date.parse('2026-11-23T10:03:00Z'), most: 3 });
    expect(foot.held.map(({ what, words }) => `${what}: ${words}`)).toEqual([
      'payments: breach of rule errors-tenth',
      'checkout: too many errors on replica 0',
    ]);
    expect(foot.more).toBe(2);
    const all = silenceFoot(room.silences.S1!, { now: Date.parse('2026-11-23T10:03:00Z'), most: 10 });
    expect(all.held.map(({ words }) => words)).toContain('too many errors on replica 1 (cleared 10:00)');
    expect(all.more).toBe(0);
  });

  it('says so where nothing is like the filter, and how to set one where there is none', () => {
    expect(textOf({ room: silencedRoom(), screen: 'silences', on: { filter: 'xyz' } }, SIZES[0]!)).toContain(
      'no silence is like that',
    );
    expect(textOf({ room: calmRoom(), screen: 'silences' }, SIZES[0]!)).toContain(
      'nothing is silenced: m mutes a service; or warroom silence checkout --for 30m',
    );
  });
});

describe('keys on the screen of silences', () => {
  it('m asks for services, time and reason, and comes back', async () => {
    const room = calmRoom();
    const seat = seatIn(room);
    seat.press('m', 'm');
    expect(seat.text()).toContain('Silence which service, how long, and why?');
    seat.types('checkout 30m deploy of 4.2');
    seat.press(named('enter'));
    expect(seat.asked).toEqual([
      { type: 'silence', services: ['checkout'], startsInMs: 0, forMs: 30 * MINUTE, reason: 'deploy of 4.2' },
    ]);
    await seat.answers();
    expect(seat.where()).toBe('silences');
    expect(seat.text()).toMatch(/S1 +in force +checkout +00:30:00 left/);
    seat.press('m', named('escape'));
    expect(seat.where()).toBe('silences');
  });

  it('keeps what was written when it is no silence', () => {
    const seat = seatIn(calmRoom());
    seat.press('m', 'm');
    seat.types('checkout');
    seat.press(named('enter'));
    expect(seat.where()).toBe('entry');
    expect(seat.notice()).toContain('expected a service and how long');
    expect(seat.asked).toEqual([]);
  });

  it('x asks before it lifts, says what may declare, and comes back', async () => {
    const room = silencedRoom();
    const seat = seatIn(room);
    seat.press('m', 'x');
    const text = seat.text();
    expect(text).toContain('Lift S1: checkout, payments?');
    expect(text).toContain('2 held alerts still firing: lifting may declare, and page');
    expect(text).toContain('held breaches of payments');
    seat.press('y', named('enter'));
    expect(seat.asked).toEqual([]);
    seat.passes(2 * DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toEqual([{ type: 'lift-silence', silence: 'S1' }]);
    await seat.answers();
    expect(seat.where()).toBe('silences');
    expect(seat.notice()).toBe('silence S1 is lifted');
    expect(Object.keys(room.view().room.incidents)).toHaveLength(1);
  });

  it.each(['x', 'q', 'h', named('escape'), named('left')])('%o is no, and leads back to the list', (key) => {
    const seat = seatIn(silencedRoom());
    seat.press('m', 'x', key);
    expect(seat.where()).toBe('silences');
    expect(seat.asked).toEqual([]);
  });

  it('tells in the place of the question that it has ended meanwhile', async () => {
    const room = silencedRoom();
    const seat = seatIn(room);
    seat.press('m', 'x');
    seat.passes(2 * DEAD_TIME_MS);
    seat.press('y');
    room.story.does('ben', { type: 'lift-silence', silence: 'S1' });
    await seat.answers();
    expect(seat.text()).toContain('REFUSED: S1 has ended already');
    seat.looks();
    expect(seat.text()).toContain('it has ended already');
  });

  it('lifts nothing that has ended', () => {
    const seat = seatIn(silencedRoom());
    seat.press('m', named('end'), 'x');
    expect(seat.where()).toBe('silences');
    expect(seat.notice()).toBe('S3 has ended already');
  });

  it('x does nothing where there is none', () => {
    const seat = seatIn(calmRoom());
    seat.press('m', 'x', named('enter'));
    expect(seat.where()).toBe('silences');
    expect(seat.effects).toEqual([]);
  });
});
