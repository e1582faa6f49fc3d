import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { HOUR, MINUTE } from '../../../../src/incident/time.ts';
import { listed } from '../../../../src/tui/screens/incidents/view-model.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, INCIDENT, severalRoom } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';
import { named, seatIn } from '../../../support/seat.ts';

const declare = (
  room: FakeRoom,
  title: string,
  more: { readonly by?: string; readonly service?: string } = {},
): void => {
  room.story.does(more.by ?? 'ben', {
    type: 'declare',
    title: safeText(title, 200),
    services: [safeText(more.service ?? 'search', 64)],
    severity: 'SEV3',
  });
};

/** Of last week: INC-1 closed with a commander, INC-2 a false alarm. Of today: three open ones and one resolved. */
const historyRoom = (): FakeRoom => {
  const room = calmRoom();
  const { story } = room;
  declare(room, 'search is slow after the reindex');
  story.does('dora', { type: 'claim-role', incident: INCIDENT, role: 'commander' });
  story.pass(HOUR);
  story.does('dora', { type: 'resolve', incident: INCIDENT });
  story.does('dora', { type: 'close', incident: INCIDENT, falseAlarm: false, reason: safeText('') });
  declare(room, 'payments: a probe fails', { service: 'payments' });
  story.does('ben', {
    type: 'close',
    incident: 'INC-2026-0002',
    falseAlarm: true,
    reason: safeText('the probe was wrong'),
  });
  story.pass(7 * 24 * HOUR);
  declare(room, 'search finds nothing in two regions, and the suggestions of the start page are empty as well');
  declare(room, 'checkout is slow', { service: 'checkout' });
  declare(room, 'vault is sealed', { service: 'vault', by: 'ana' });
  story.does('ana', { type: 'set-severity', incident: 'INC-2026-0005', severity: 'SEV1', reason: safeText('') });
  story.does('ana', { type: 'claim-role', incident: 'INC-2026-0005', role: 'commander' });
  declare(room, 'payments are slow', { service: 'payments' });
  story.does('ben', { type: 'resolve', incident: 'INC-2026-0006' });
  story.pass(12 * MINUTE);
  room.changed();
  return room;
};

const manyRoom = (): FakeRoom => {
  const room = calmRoom();
  for (let index = 0; index < 100; index++) declare(room, `incident number ${index}`);
  room.changed();
  return room;
};

const hostileRoom = (): FakeRoom => {
  const room = severalRoom();
  room.story.does(safeText(HOSTILE, 64), { type: 'retitle', incident: INCIDENT, title: safeText(HOSTILE, 200) });
  room.story.does('ana', { type: 'release-role', incident: INCIDENT, role: 'commander' });
  room.story.does(safeText(HOSTILE, 64), { type: 'claim-role', incident: INCIDENT, role: 'commander' });
  room.changed();
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  'incidents-history': historyRoom,
  'incidents-many': manyRoom,
  'incidents-hostile': hostileRoom,
};

describe('the list of incidents', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const its = { room: look(), screen: 'incidents', on: { cursor: 1 } } as const;
      await expect(textOf(its, size)).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(widest(its, size)).toBeLessThanOrEqual(size.columns);
    });
  }

  const numbers = (filter: string, room = historyRoom()): readonly number[] =>
    listed(room.view(), filter).map(({ id }) => Number(id.slice(-4)));

  it('has the open ones first, the worst first, then the resolved, then the closed', () => {
    expect(numbers('')).toEqual([5, 4, 3, 6, 2, 1]);
  });

  it.each([
    ['a person who had a role', 'dora', [1]],
    ['a service', 'payments', [6, 2]],
    ['a day', '2026-11-23', [2, 1]],
    ['another day', '2026-11-30', [5, 4, 3, 6]],
    ['words of the title', 'slow reindex', [1]],
    ['its phase', 'resolved', [6]],
    ['what it turned out to be', 'false alarm', [2]],
    ['its severity', 'sev1', [5]],
    ['its number', '0004', [4]],
    ['what it is not', '!closed !sev1', [4, 3, 6, 2]],
    ['nothing', 'xyz', []],
  ])('is searched by %s: %o', (_what, filter, expected) => {
    expect(numbers(filter)).toEqual(expected);
  });

  it('says how many are like that, and so where none is', () => {
    const room = historyRoom();
    expect(textOf({ room, screen: 'incidents', on: { filter: 'payments' } }, SIZES[0]!)).toContain(
      '3 open ones of 6, 2 like that',
    );
    expect(textOf({ room, screen: 'incidents', on: { filter: 'xyz' } }, SIZES[0]!)).toContain(
      'no incident is like that',
    );
    expect(textOf({ room: calmRoom(), screen: 'incidents' }, SIZES[0]!)).toContain('there was no incident yet');
  });

  it('has the whole title of the marked one in view at 80 columns', () => {
    const seat = seatIn(historyRoom());
    seat.press('i', '/');
    seat.types('suggestions');
    seat.press(named('enter'));
    expect(seat.text()).toMatch(/^ search finds nothing in two regions, and [^\n]*\n [^\n]*as well$/m);
    expect(seat.text()).toContain('INC-2026-0003 search, staging');
  });

  it('opens a closed one, which can be reopened from there', () => {
    const seat = seatIn(historyRoom());
    seat.press('i', named('end'), named('enter'));
    expect(seat.ui()).toMatchObject({ dialog: null, incident: INCIDENT });
    seat.press('O');
    expect(seat.text()).toContain('Why reopen INC-2026-0001?');
  });
});
