import { describe, expect, it } from 'vitest';
import { deadlinesOf } from '../../src/incident/due.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, plusMs } from '../../src/incident/time.ts';
import type { Severity } from '../../src/incident/words.ts';
import {
  alertTold,
  doWhatIsDue,
  evidence,
  outcome,
  type RoomUnderTest,
  roomUnderTest,
  START,
} from '../support/room.ts';

const ID = 'INC-2026-0001';
const at = (minutes: number): string => plusMs(START, minutes * MINUTE);
const miss = { type: 'miss-response', incident: ID } as const;
const acknowledge = { type: 'acknowledge', incident: ID } as const;

const declared = (severity: Severity): RoomUnderTest => {
  const room = roomUnderTest();
  room.declares(['checkout'], severity);
  return room;
};
const set = (room: RoomUnderTest, severity: Severity): void => {
  if (room.incident().roles.commander === null)
    room.does('ana', { type: 'claim-role', incident: ID, role: 'commander' });
  room.does('ana', { type: 'set-severity', incident: ID, severity, reason: safeText('so it is') });
};
const missedAt = (room: RoomUnderTest) => room.incident().response?.missedAt;
const missing = (room: RoomUnderTest): number =>
  room.commits().flatMap((commit) => commit.events.filter((event) => event.type === 'response.missed')).length;

describe('a response', () => {
  it.each([
    ['SEV1', at(0)],
    ['SEV2', at(15)],
    ['SEV3', at(60)],
  ] as const)('to %s is expected by %s', (severity, dueAt) => {
    expect(declared(severity).incident().response).toEqual({
      severity,
      expectedAt: START,
      dueAt,
      metAt: null,
      metBy: null,
      missedAt: null,
    });
  });

  it('within business hours is no time that counts down', () => {
    const room = declared('SEV4');
    expect(room.incident().response).toBeNull();
    expect(outcome(room.agentAsks(miss))).toBe('nothing-due');
  });

  it.each(['report-breach', 'report-alert'] as const)('is expected whoever declares: %s', (type) => {
    const room = roomUnderTest();
    room.agentDoes(
      type === 'report-breach'
        ? { type, severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') }
        : { type: 'report-alerts', alerts: [alertTold('f1', { givenSeverity: 'error' })] },
    );
    expect(room.incident().response).toMatchObject({ severity: 'SEV2', dueAt: at(15) });
  });

  it('is met by the first who acknowledges', () => {
    const room = declared('SEV2');
    room.pass(5 * MINUTE);
    room.does('chris', acknowledge);
    room.pass(MINUTE);
    room.does('ben', acknowledge);
    expect(room.incident().response).toMatchObject({ metAt: at(5), metBy: 'chris', missedAt: null });
    room.pass(HOUR);
    doWhatIsDue(room);
    expect(missing(room)).toBe(0);
  });

  it('is missed once, when its time is over', () => {
    const room = declared('SEV2');
    doWhatIsDue(room);
    room.pass(15 * MINUTE - 1);
    doWhatIsDue(room);
    expect(outcome(room.agentAsks(miss))).toBe('nothing-due');
    room.pass(1);
    doWhatIsDue(room);
    expect(missedAt(room)).toBe(at(15));
    expect(outcome(room.agentAsks(miss))).toBe('nothing-due');
    room.pass(10 * HOUR);
    doWhatIsDue(room);
    expect(missing(room)).toBe(1);
  });

  it('that came late is missed and met', () => {
    const room = declared('SEV2');
    room.pass(20 * MINUTE);
    doWhatIsDue(room);
    room.does('chris', acknowledge);
    expect(room.incident().response).toMatchObject({ missedAt: at(20), metAt: at(20), metBy: 'chris' });
  });

  it('that is wanted at once is waited for from the start, and never called missed', () => {
    const room = declared('SEV1');
    doWhatIsDue(room);
    expect(outcome(room.agentAsks(miss))).toBe('nothing-due');
    room.pass(HOUR);
    doWhatIsDue(room);
    expect(missing(room)).toBe(0);
    room.does('chris', acknowledge);
    expect(room.incident().response).toMatchObject({ metAt: at(60), missedAt: null });
  });

  it('is no longer waited for once it is over', () => {
    const room = declared('SEV2');
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(HOUR);
    expect(deadlinesOf(room.room())).toEqual([]);
    expect(outcome(room.agentAsks(miss))).toBe('incident-resolved');
  });
});

describe('the time for a response', () => {
  it('begins anew when the severity is raised, by a person or a rule', () => {
    const room = declared('SEV3');
    room.does('chris', acknowledge);
    room.pass(30 * MINUTE);
    set(room, 'SEV2');
    expect(room.incident().response).toMatchObject({ severity: 'SEV2', dueAt: at(45), metAt: null });
    const ruled = roomUnderTest();
    ruled.agentDoes({ type: 'report-breach', severity: 'SEV3', evidence: evidence('checkout', 'r') });
    ruled.pass(10 * MINUTE);
    ruled.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 's', ruled.now()) });
    expect(ruled.incident().response).toMatchObject({ severity: 'SEV2', dueAt: at(25) });
  });

  it('is longer from now on when the severity is lowered before anybody responded', () => {
    const room = declared('SEV2');
    room.pass(10 * MINUTE);
    set(room, 'SEV3');
    expect(room.incident().response).toMatchObject({ severity: 'SEV3', dueAt: at(70), metAt: null });
    room.pass(5 * MINUTE);
    expect(outcome(room.agentAsks(miss))).toBe('nothing-due');
  });

  it('is over when the severity is lowered to one that has none', () => {
    const room = declared('SEV2');
    set(room, 'SEV4');
    expect(room.incident().response).toBeNull();
    room.pass(HOUR);
    expect(outcome(room.agentAsks(miss))).toBe('nothing-due');
  });

  it.each(['SEV3', 'SEV4'] as const)('stays met when the severity is lowered to %s', (to) => {
    const room = declared('SEV2');
    room.does('chris', acknowledge);
    set(room, to);
    expect(room.incident().response).toMatchObject({ severity: 'SEV2', metBy: 'chris' });
  });

  it('begins anew when it goes on after the end, also where that raises it', () => {
    const room = declared('SEV2');
    room.does('chris', acknowledge);
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(20 * MINUTE);
    room.does('ana', { type: 'reopen', incident: ID, reason: safeText('again') });
    expect(room.incident().response).toMatchObject({ dueAt: at(35), metAt: null });
    const ruled = roomUnderTest();
    ruled.agentDoes({ type: 'report-breach', severity: 'SEV3', evidence: evidence('checkout', 'r') });
    ruled.does('ana', { type: 'resolve', incident: ID });
    ruled.pass(10 * MINUTE);
    ruled.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 's', ruled.now()) });
    expect(ruled.incident()).toMatchObject({ severity: 'SEV2', response: { severity: 'SEV2', dueAt: at(25) } });
  });
});
