import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, plusMs } from '../../src/incident/time.ts';
import { ROLES, type Role } from '../../src/incident/words.ts';
import { outcome, policy, type RoomUnderTest, roomUnderTest, START } from '../support/room.ts';

const ID = 'INC-2026-0001';
const open = (): RoomUnderTest => {
  const room = roomUnderTest();
  room.declares();
  return room;
};
const claim = (role: Role) => ({ type: 'claim-role', incident: ID, role }) as const;
const release = (role: Role) => ({ type: 'release-role', incident: ID, role }) as const;
const assign = (role: Role, person: string) =>
  ({ type: 'assign-role', incident: ID, role, person: safeText(person) }) as const;
const holder = (room: RoomUnderTest, role: Role) => room.incident().roles[role]?.person ?? null;

describe('a role', () => {
  it.each(ROLES.filter((role) => role !== 'commander'))('%s is given by anybody while nobody has it', (role) => {
    const room = open();
    room.does('ana', assign(role, 'ben'));
    expect(room.incident().roles[role]).toEqual({ person: 'ben', since: START });
  });

  it('that somebody has is given to another by the commander alone', () => {
    const room = open();
    room.does('ben', claim('scribe'));
    expect(outcome(room.asks('chris', assign('scribe', 'dora')))).toBe('role-held');
    room.does('ana', claim('commander'));
    room.does('ana', assign('scribe', 'dora'));
    expect(holder(room, 'scribe')).toBe('dora');
    expect(room.incident().roles.commander?.person).toBe('ana');
  });

  it('is taken back by the commander, laid down by its holder, and by nobody else', () => {
    const room = open();
    room.does('ben', claim('tech'));
    expect(outcome(room.asks('chris', release('tech')))).toBe('role-held');
    room.does('ana', claim('commander'));
    room.does('ana', release('tech'));
    room.does('ben', claim('comms'));
    room.does('ben', release('comms'));
    expect([holder(room, 'tech'), holder(room, 'comms')]).toEqual([null, null]);
    expect(outcome(room.asks('ana', release('tech')))).toBe('role-not-held');
  });

  it('given to who has it already is no news', () => {
    const room = open();
    room.does('ben', claim('tech'));
    expect(outcome(room.asks('ana', assign('tech', 'ben')))).toBe('already-so');
    expect(outcome(room.asks('ben', assign('tech', 'ben')))).toBe('already-so');
  });

  it('given to oneself is a claim, also of command', () => {
    const room = open();
    room.does('ana', assign('commander', 'ana'));
    expect(holder(room, 'commander')).toBe('ana');
    expect(outcome(room.asks('ben', assign('commander', 'ben')))).toBe('role-held');
  });

  it('given is no acknowledgement', () => {
    const room = open();
    room.does('ana', assign('on-call', 'ben'));
    expect(room.incident()).toMatchObject({
      acknowledgements: {},
      response: { metAt: null },
      escalation: { heldBy: null },
    });
  });

  it('is neither given nor claimed once it is over', () => {
    const room = open();
    room.does('ana', { type: 'resolve', incident: ID });
    expect(outcome(room.asks('ana', assign('scribe', 'ben')))).toBe('incident-resolved');
    expect(outcome(room.asks('ana', claim('scribe')))).toBe('incident-resolved');
  });
});

describe('command', () => {
  it.each(['nobody has it', 'somebody has it', 'the commander gives it'])('is never given: %s', (when) => {
    const room = open();
    if (when !== 'nobody has it') room.does('ana', claim('commander'));
    const giver = when === 'the commander gives it' ? 'ana' : 'chris';
    expect(room.asks(giver, assign('commander', 'ben'))).toMatchObject({
      ok: false,
      refusal: { reason: 'own-claim-only', message: 'command is taken, not given' },
    });
  });

  it('is released by who has it', () => {
    const room = open();
    room.does('ana', claim('commander'));
    expect(outcome(room.asks('ben', release('commander')))).toBe('role-held');
    room.does('ana', release('commander'));
    room.does('ben', claim('commander'));
    expect(holder(room, 'commander')).toBe('ben');
  });
});

describe('the history of roles', () => {
  it('has each holder from when until when, and who gave it', () => {
    const room = open();
    room.does('ana', claim('commander'));
    room.pass(MINUTE);
    room.does('chris', assign('scribe', 'ben'));
    room.pass(MINUTE);
    room.does('ana', assign('scribe', 'dora'));
    room.pass(MINUTE);
    room.does('dora', release('scribe'));
    room.pass(MINUTE);
    room.does('ben', claim('scribe'));
    const at = (minutes: number): string => plusMs(START, minutes * MINUTE);
    expect(room.incident().roleHistory).toEqual([
      { role: 'commander', person: 'ana', from: at(0), until: null, by: 'ana' },
      { role: 'scribe', person: 'ben', from: at(1), until: at(2), by: 'chris' },
      { role: 'scribe', person: 'dora', from: at(2), until: at(3), by: 'ana' },
      { role: 'scribe', person: 'ben', from: at(4), until: null, by: 'ben' },
    ]);
  });

  it('goes on through a resolution and a reopening', () => {
    const room = open();
    room.does('ana', claim('commander'));
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(MINUTE);
    room.does('ana', { type: 'reopen', incident: ID, reason: safeText('again') });
    expect(holder(room, 'commander')).toBe('ana');
    expect(room.incident().roleHistory).toHaveLength(1);
  });

  it('of a later incident begins anew: nobody is commander of it unasked', () => {
    const room = open();
    room.does('ana', claim('commander'));
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(HOUR);
    room.does('ana', { type: 'reopen', incident: ID, reason: safeText('again') });
    expect(room.incident('INC-2026-0002')).toMatchObject({ roles: { commander: null }, roleHistory: [], follows: ID });
  });
});

describe('a duty', () => {
  const duty = (said: string, done = true, role: Role = 'commander') =>
    ({ type: 'set-duty', incident: ID, role, duty: safeText(said), done }) as const;

  it.each(['Escalation decisions', '2'])('is ticked by its words or its number: %s', (said) => {
    const room = open();
    room.pass(MINUTE);
    room.does('ben', duty(said));
    expect(room.incident().duties.commander).toEqual({
      'Escalation decisions': { by: 'ben', at: plusMs(START, MINUTE) },
    });
  });

  it('is taken up again', () => {
    const room = open();
    room.does('ben', duty('1'));
    room.does('ben', duty('2'));
    room.does('ana', duty('1', false));
    expect(Object.keys(room.incident().duties.commander)).toEqual(['Escalation decisions']);
    room.does('ana', duty('1'));
    expect(room.incident().duties.commander['Overall coordination']).toMatchObject({ by: 'ana' });
  });

  it.each([
    ['1', true, true],
    ['2', false, false],
  ])('%s that is %s already is no news', (said, done, ticked) => {
    const room = open();
    if (ticked) room.does('ana', duty(said));
    expect(outcome(room.asks('ben', duty(said, done)))).toBe('already-so');
  });

  it.each([
    '0',
    '3',
    '-1',
    '1.5',
    'NaN',
    'Infinity',
    '1e99',
    '__proto__',
    'constructor',
    'length',
    'Technical diagnosis',
  ])('that the role does not have is refused, with those it has: %s', (said) => {
    expect(open().asks('ana', duty(said))).toMatchObject({
      ok: false,
      refusal: { reason: 'no-such-duty', remedy: 'duties: 1 Overall coordination, 2 Escalation decisions' },
    });
  });

  it('belongs to its role', () => {
    const room = open();
    room.does('ana', duty('1', true, 'scribe'));
    expect(room.incident().duties).toEqual({
      ...Object.fromEntries(ROLES.map((role) => [role, {}])),
      scribe: { 'Timeline documentation': { by: 'ana', at: START } },
    });
  });

  it.each(['__proto__', 'constructor', 'x'.repeat(500), 'tell\u202e every\u200bbody'])(
    'is kept under odd words as under any: %j',
    (words) => {
      const room = roomUnderTest({ ...policy, responsibilities: { ...policy.responsibilities, comms: [words] } });
      room.declares();
      room.does('ana', duty('1', true, 'comms'));
      expect(Object.keys(room.incident().duties.comms)).toHaveLength(1);
      expect(outcome(room.asks('ana', duty('1', true, 'comms')))).toBe('already-so');
      room.does('ana', duty('1', false, 'comms'));
      expect(Object.keys(room.incident().duties.comms)).toEqual([]);
    },
  );

  it('can be ticked after the end', () => {
    const room = open();
    room.does('ana', { type: 'resolve', incident: ID });
    expect(outcome(room.asks('ana', duty('1')))).toBe('allowed');
  });
});
