import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/incident/time.ts';
import type { Presence } from '../../../../src/protocol/messages.ts';
import { idsOf, rolesLines } from '../../../../src/tui/screens/roles/view-model.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, commandedRoom, failingRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';
import { named, seatIn } from '../../../support/seat.ts';

const FIVE = [
  'Diagnosis',
  'Mitigation strategy',
  'Implementation oversight',
  'Technical decisions',
  'Root cause analysis',
];

const presence = (name: string, at: Presence['at'], incident: string | null = INCIDENT): Presence => ({
  name,
  at,
  incident,
  since: '2026-11-23T10:01:07.000Z',
  skewMs: 0,
});

/** As the shipped roles are: five duties each. */
const withDuties = (room: FakeRoom): FakeRoom => {
  const { policy } = room.view();
  const commander = {
    title: 'Incident Commander',
    responsibilities: ['Coordination', 'Decisions', 'Resources', 'Communication', 'Escalation'],
  };
  room.with({
    policy: {
      ...policy,
      roles: { ...policy.roles, commander, tech: { title: 'Technical Lead', responsibilities: FIVE } },
    },
  });
  return room;
};

const workedRoom = (me = 'ana'): FakeRoom => {
  const room = commandedRoom(me);
  const { story } = room;
  story.does('ana', { type: 'set-duty', incident: INCIDENT, role: 'commander', duty: safeText('1'), done: true });
  story.pass(3 * MINUTE);
  story.does('ben', { type: 'release-role', incident: INCIDENT, role: 'tech' });
  story.does('ana', { type: 'assign-role', incident: INCIDENT, role: 'tech', person: safeText('dora') });
  room.with({
    presence: [
      presence('wall', 'wall', null),
      presence('ben', 'timeline'),
      presence('ana', 'roles'),
      presence('ana', null, null),
    ],
  });
  room.changed();
  return room;
};

const hostileRoom = (): FakeRoom => {
  const room = failingRoom();
  const text = safeText(HOSTILE);
  const name = safeText(HOSTILE, 64);
  room.story.does(name, { type: 'claim-role', incident: INCIDENT, role: 'commander' });
  const { policy } = room.view();
  const hostile = { title: HOSTILE, responsibilities: [HOSTILE, `${HOSTILE}2`, '', 'short'] };
  room.with({
    me: name,
    presence: [presence(name, 'room', name)],
    policy: { ...policy, roles: { ...policy.roles, commander: hostile, tech: hostile } },
  });
  room.story.does(name, {
    type: 'assign-role',
    incident: INCIDENT,
    role: 'scribe',
    person: text.slice(0, 60) as typeof text,
  });
  room.changed();
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  roles: () => workedRoom(),
  'roles-five-duties': () => withDuties(workedRoom()),
  'roles-nobody': failingRoom,
  'roles-hostile': hostileRoom,
};

describe('the screen of roles', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const its = { room: look(), screen: 'roles' } as const;
      await expect(textOf(its, size)).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(widest(its, size)).toBeLessThanOrEqual(size.columns);
    });
  }

  const ids = (room: FakeRoom, more: { readonly filter?: string; readonly subject?: string } = {}) =>
    idsOf(
      rolesLines({
        view: room.view(),
        incident: room.view().room.incidents[INCIDENT] ?? null,
        filter: more.filter ?? '',
        subject: more.subject ?? null,
      }),
    );

  it('begins with the roles of who looks, unfolded, and folds the others', () => {
    expect(ids(workedRoom('chris')).slice(0, 3)).toEqual(['on-call', 'on-call/First responder', 'commander']);
    expect(ids(workedRoom('ben')).slice(0, 6)).toEqual(['commander', 'tech', 'comms', 'scribe', 'on-call', 'here/0']);
  });

  it('finds what is folded, too', () => {
    expect(ids(withDuties(workedRoom()), { filter: 'root cause' })).toEqual(['tech', 'tech/Root cause analysis']);
    expect(ids(workedRoom(), { filter: 'ben' })).toEqual(['here/2', 'held/1']);
    expect(ids(workedRoom(), { filter: 'nobody scribe' })).toEqual(['scribe']);
  });

  it('is loud where nobody commands, as long as the incident is open', () => {
    const room = failingRoom();
    expect(textOf({ room, screen: 'roles' }, SIZES[0]!)).toMatch(/Incident Commander +NO COMMANDER/);
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.changed();
    expect(textOf({ room, screen: 'roles' }, SIZES[0]!)).toMatch(/Incident Commander +nobody/);
  });

  it.each<[string, (room: FakeRoom) => void, RegExp]>([
    ['counts down', () => {}, /response target of SEV2: 15m {3}acknowledge within 00:12:53/],
    [
      'says who met it, and when',
      (room) => room.story.does('ben', { type: 'acknowledge', incident: INCIDENT }),
      /acknowledged by ben after 00:02:07/,
    ],
    ['is loud once nobody did', (room) => room.story.pass(14 * MINUTE), /NOBODY ACKNOWLEDGED, due since 10:15:00/],
    [
      'says how much too late it was met',
      (room) => {
        room.story.pass(14 * MINUTE);
        room.story.does('ben', { type: 'acknowledge', incident: INCIDENT });
      },
      /acknowledged by ben 00:01:07 too late/,
    ],
    [
      'is over with the incident',
      (room) => room.story.does('ben', { type: 'resolve', incident: INCIDENT }),
      /nobody acknowledged$/m,
    ],
  ])('tells of the response target: %s', (_what, happens, expected) => {
    const room = failingRoom();
    happens(room);
    room.changed();
    expect(textOf({ room, screen: 'roles' }, SIZES[0]!)).toMatch(expected);
  });

  it('counts nothing down where the target is business hours', () => {
    const room = calmRoom();
    room.story.declares(['checkout'], 'SEV4');
    room.changed();
    expect(textOf({ room, screen: 'roles' }, SIZES[0]!)).toContain(
      'response target of SEV4: business hours   nothing counts down',
    );
  });

  it('names another day where it was one', () => {
    const room = workedRoom();
    room.story.pass(20 * HOUR);
    expect(textOf({ room, screen: 'roles' }, SIZES[0]!)).toContain('since 11-23 10:02');
  });

  it('has who is here where there is no incident', () => {
    const room = calmRoom();
    expect(textOf({ room, screen: 'roles' }, SIZES[0]!)).toContain('nobody is here');
    room.with({ presence: [presence('ana', 'roles', null)] });
    const text = textOf({ room, screen: 'roles' }, SIZES[0]!);
    expect(text).toContain('WHO IS HERE 1');
    expect(text).not.toContain('Commander');
  });

  it('reaches the end of long lists with the mark', () => {
    const room = workedRoom();
    room.with({
      presence: Array.from({ length: 200 }, (_, index) => presence(`person-${String(index).padStart(3, '0')}`, 'room')),
    });
    const seat = seatIn(room);
    seat.press('D', named('end'));
    expect(seat.marked()).toMatch(/^> +ana +Incident Commander +10:02:07 - now/);
    seat.press('k', 'k', 'k', 'k');
    expect(seat.marked()).toContain('person-199');
  });
});

describe('keys on the screen of roles', () => {
  it('Enter on a duty ticks it, and again takes it up; the screen stays', async () => {
    const room = workedRoom();
    const seat = seatIn(room);
    seat.press('D', 'j', 'j', named('enter'));
    const duty = { type: 'set-duty', incident: INCIDENT, role: 'commander', duty: 'Escalation decisions' };
    expect(seat.asked).toEqual([{ ...duty, done: true }]);
    await seat.answers();
    expect(seat.where()).toBe('roles');
    expect(seat.marked()).toMatch(/^> +\[x\] Escalation decisions +ana 10:05:27$/);
    expect(seat.text()).toContain('2 of 2 done');
    seat.press(named('enter'));
    expect(seat.asked.at(-1)).toEqual({ ...duty, done: false });
  });

  it('names a duty in the words the room keeps, whatever stands in the configuration', async () => {
    const room = failingRoom();
    const { policy } = room.view();
    const duties = ['two  spaces', `\u001b[31mred ${'long '.repeat(300)}`, 'two  spaces', '\u0007'];
    room.with({
      policy: { ...policy, roles: { ...policy.roles, commander: { title: 'IC', responsibilities: duties } } },
    });
    const seat = seatIn(room);
    seat.press('D', named('enter'), 'j', 'j', named('enter'));
    expect(seat.asked).toMatchObject([{ type: 'set-duty', duty: safeText(duties[1]!) }]);
    expect(seat.ui().dialog).toMatchObject({ cursor: 2 });
  });

  it('Enter on a role unfolds it, and folds it again', () => {
    const seat = seatIn(workedRoom());
    seat.press('D', named('home'), named('enter'));
    expect(seat.text()).not.toContain('[x]');
    seat.press('j', named('enter'));
    expect(seat.text()).toContain('[ ] Technical diagnosis');
    expect(seat.marked()).toContain('Technical Lead');
    seat.press(named('enter'));
    expect(seat.text()).not.toContain('[ ]');
    expect(seat.asked).toEqual([]);
  });

  it('t takes the marked role, x lays it down, from its duties as well', async () => {
    const seat = seatIn(workedRoom());
    seat.press('D', 'j', 'j', 'j', 'j', 't');
    expect(seat.asked).toEqual([{ type: 'claim-role', incident: INCIDENT, role: 'comms' }]);
    await seat.answers();
    expect(seat.where()).toBe('roles');
    expect(seat.marked()).toContain('Communications Lead');
    expect(seat.text()).toContain('[ ] Status page updates');
    seat.press('j', 'x');
    expect(seat.asked.at(-1)).toEqual({ type: 'release-role', incident: INCIDENT, role: 'comms' });
    await seat.answers();
    expect(seat.notice()).toBe('communications is free again');
    expect(seat.where()).toBe('roles');
  });

  it('says why a role is not to be had', async () => {
    const seat = seatIn(workedRoom('ben'));
    seat.press('D', 't');
    await seat.answers();
    expect(seat.notice()).toBe('ana has command; ana releases it first');
    expect(seat.where()).toBe('roles');
  });

  it('g asks for the name and comes back', async () => {
    const seat = seatIn(workedRoom());
    seat.press('D', 'j', 'j', 'j', 'g');
    expect(seat.text()).toContain('Who is to be technical lead of INC-2026-0001?');
    seat.types('ben');
    seat.press(named('enter'));
    expect(seat.asked).toEqual([{ type: 'assign-role', incident: INCIDENT, role: 'tech', person: 'ben' }]);
    expect(seat.where()).toBe('roles');
    await seat.answers();
    expect(seat.text()).toMatch(/Technical Lead +ben/);
    seat.press('g', named('escape'));
    expect(seat.where()).toBe('roles');
  });

  it('g gives neither command, nor what another holds without the commander', () => {
    const seat = seatIn(workedRoom());
    seat.press('D', 'g');
    expect(seat.notice()).toBe('command is taken, not given: t takes it');
    const other = seatIn(workedRoom('ben'));
    other.press('D', 'j', 'g');
    expect(other.notice()).toBe('dora is Technical Lead: only the commander gives it to somebody else');
    expect([seat.where(), other.where()]).toEqual(['roles', 'roles']);
  });

  it('asks for a role where none is marked', () => {
    const seat = seatIn(workedRoom());
    seat.press('D', '/');
    seat.types('wall');
    seat.press(named('enter'), 't');
    expect(seat.notice()).toBe('mark a role first');
    expect(seat.asked).toEqual([]);
  });

  it('sends nothing over a stale line, and says so', () => {
    const room = workedRoom();
    const seat = seatIn(room);
    seat.press('D', 'j');
    room.connection({ name: 'stale', sinceMs: room.now() - 47 * SECOND, attempt: 3 });
    for (const key of [named('enter'), 't', 'x', 'g']) {
      seat.press(key);
      expect(seat.notice()).toContain('the agent has not answered for 47 s');
    }
    expect(seat.effects).toEqual([]);
    expect(seat.where()).toBe('roles');
  });
});
