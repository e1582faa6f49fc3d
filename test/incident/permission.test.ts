import { describe, expect, it } from 'vitest';
import { personCommandSchema } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import { PERMISSIONS, type Permission, permissionFor } from '../../src/incident/permission.ts';
import { safeText } from '../../src/incident/text.ts';
import { person, plan, policy, roomUnderTest } from '../support/room.ts';

const ID = 'INC-2026-0001';

/** What a person without the permission that a command needs is told, whoever they are. */
const asks = (permission: Permission | null, command: Parameters<typeof decide>[1]): string => {
  const room = roomUnderTest();
  room.declares();
  const decision = decide(room.room(), command, { now: room.now(), actor: person('ana'), permission, policy });
  return decision.ok ? 'ok' : decision.refusal.reason;
};

describe('a permission', () => {
  it('lets a viewer look and do nothing at all', () => {
    const types = personCommandSchema.def.options.map((option) => [...option.def.shape.type.def.values][0]);
    expect(types.length).toBeGreaterThan(20);
    for (const type of types) expect(permissionFor({ type } as never), String(type)).not.toBe('viewer');
  });

  it.each([
    ['viewer', 'not-permitted'],
    ['responder', 'ok'],
    ['commander', 'ok'],
    [null, 'not-permitted'],
  ] as const)('of a %s: acknowledging is %s', (permission, outcome) => {
    expect(asks(permission, { type: 'acknowledge', incident: ID })).toBe(outcome);
  });

  it.each([
    ['taking command', { type: 'claim-role', incident: ID, role: 'commander' }],
    ['giving oneself command', { type: 'assign-role', incident: ID, role: 'commander', person: safeText('ana') }],
    ['closing', { type: 'close', incident: ID, falseAlarm: true, reason: safeText('no harm') }],
    ['lifting a silence', { type: 'lift-silence', silence: 'S1' }],
    ['making it private', { type: 'set-people', incident: ID, people: [safeText('ana')] }],
  ] as const)('%s needs a commander', (_what, command) => {
    expect(asks('responder', command)).toBe('not-permitted');
    expect(asks('commander', command)).not.toBe('not-permitted');
  });

  it('says which one is needed', () => {
    const room = roomUnderTest();
    room.declares();
    const decision = decide(
      room.room(),
      { type: 'close', incident: ID, falseAlarm: true, reason: safeText('') },
      { now: room.now(), actor: person('ben'), permission: 'responder', policy },
    );
    expect(decision).toMatchObject({
      ok: false,
      refusal: { message: 'ben is a responder: close needs a commander' },
    });
  });

  it('never reaches what only the agent tells itself', () => {
    expect(asks('commander', { type: 'record-applied', action: 'A1', errorRatio: null })).toBe('not-permitted');
    expect(PERMISSIONS.at(-1)).toBe('commander');
  });
});

describe('two persons', () => {
  const armed = (token: string | undefined) => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', {
      type: 'contain',
      incident: ID,
      service: safeText('checkout'),
      name: safeText('block'),
      params: {},
      arm: false,
    });
    room.agentDoes({ type: 'record-plan', action: 'A1', plan });
    room.by({ ...person('ana'), ...(token === undefined ? {} : { token }) }, { type: 'arm', action: 'A1' });
    return room;
  };
  const confirmedBy = (armedWith: string | undefined, name: string, token: string) => {
    const decision = armed(armedWith).by({ ...person(name), token }, { type: 'confirm', action: 'A1', typed: null });
    return decision.ok ? 'ok' : decision.refusal.reason;
  };

  it.each([
    ['the same name over another token', 'ana', 'desk', 'same-person'],
    ['another name over the same token', 'ben', 'local', 'same-person'],
    ['nobody: another person has a token of their own', 'ben', 'ben', 'ok'],
  ])('are not %s', (_what, name, token, outcome) => {
    expect(confirmedBy('local', name, token)).toBe(outcome);
  });
});
