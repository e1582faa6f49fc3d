import { describe, expect, it } from 'vitest';
import { deadlinesOf } from '../../src/incident/due.ts';
import { safeText } from '../../src/incident/text.ts';
import { MINUTE, msBetween, plusMs, SECOND } from '../../src/incident/time.ts';
import { doWhatIsDue, evidence, outcome, type RoomUnderTest, roomUnderTest, START } from '../support/room.ts';

const ID = 'INC-2026-0001';

const paged = (room: RoomUnderTest): string[] =>
  Object.values(room.incident().pages).map(
    (page) => `${page.kind} ${page.level} ${page.contact} ${page.channel} ${page.attempt}`,
  );

describe('the ladder', () => {
  it('pages the first level at once through every channel of each contact', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV1');
    doWhatIsDue(room);
    expect(paged(room)).toEqual([
      'page sev1/initial on-call-engineer webhook 1',
      'page sev1/initial on-call-engineer log 1',
      'page sev1/initial incident-commander log 1',
    ]);
  });

  it('reaches each level at its absolute deadline, and not before', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV1');
    doWhatIsDue(room);
    room.pass(15 * MINUTE - 1);
    doWhatIsDue(room);
    expect(paged(room)).toHaveLength(3);
    expect(outcome(room.agentAsks({ type: 'reach-level', incident: ID, level: 'sev1/15min' }))).toBe('nothing-due');
    room.pass(1);
    doWhatIsDue(room);
    expect(paged(room).at(-1)).toBe('page sev1/15min engineering-manager log 1');
  });

  it('runs only the current level after an absence, says how late, and keeps full distances from then on', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV2');
    doWhatIsDue(room);
    room.pass(50 * MINUTE);
    doWhatIsDue(room);
    expect(paged(room).slice(2)).toEqual(['page sev2/30min incident-commander log 1']);
    const levels = room.incident().escalation?.levels ?? [];
    expect(levels[1]).toMatchObject({ level: 'sev2/30min', lateMs: 20 * MINUTE });
    expect(msBetween(room.now(), levels[2]?.dueAt ?? '')).toBe(30 * MINUTE);
  });

  it('after an absence on SEV1 gives notice to the levels that were overdue too', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV1');
    doWhatIsDue(room);
    room.pass(61 * MINUTE);
    doWhatIsDue(room);
    expect(paged(room).slice(3)).toEqual([
      'page sev1/15min engineering-manager log 1',
      'notice sev1/30min vp-engineering log 1',
      'notice sev1/60min cto log 1',
    ]);
    room.pass(15 * MINUTE);
    doWhatIsDue(room);
    expect(paged(room).at(-1)).toBe('page sev1/30min vp-engineering log 2');
  });

  it('defers a business-hours ladder to the next working moment', () => {
    const room = roomUnderTest();
    room.pass(8 * 60 * MINUTE + 30 * MINUTE);
    room.declares(['search'], 'SEV4');
    expect(deadlinesOf(room.room())[0]?.at).toBe('2026-11-24T09:00:00.000Z');
  });

  it('never pages for a resolved incident', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV1');
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(120 * MINUTE);
    expect(deadlinesOf(room.room())).toEqual([]);
    expect(outcome(room.agentAsks({ type: 'reach-level', incident: ID, level: 'sev1/initial' }))).toBe(
      'incident-resolved',
    );
  });
});

describe('an acknowledgement', () => {
  it('holds the ladder for its lease, then the current level is paged again and the rest moves on by the pause', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV1');
    doWhatIsDue(room);
    room.pass(5 * MINUTE);
    room.does('chris', { type: 'acknowledge', incident: ID });
    expect(deadlinesOf(room.room())[0]).toMatchObject({
      at: plusMs(START, 15 * MINUTE),
      command: { type: 'expire-acknowledgement' },
    });
    room.pass(10 * MINUTE);
    doWhatIsDue(room);
    expect(paged(room).slice(3)).toEqual([
      'page sev1/initial on-call-engineer webhook 2',
      'page sev1/initial on-call-engineer log 2',
      'page sev1/initial incident-commander log 2',
    ]);
    expect(room.incident().escalation?.levels[1]?.dueAt).toBe(plusMs(START, 25 * MINUTE));
  });

  it('is renewed by the same person, and the pause still counts from its beginning', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV1');
    doWhatIsDue(room);
    room.does('chris', { type: 'acknowledge', incident: ID });
    room.pass(9 * MINUTE);
    room.does('chris', { type: 'acknowledge', incident: ID });
    room.pass(10 * MINUTE);
    doWhatIsDue(room);
    expect(room.incident().escalation?.levels[1]?.dueAt).toBe(plusMs(START, 34 * MINUTE));
  });

  it('of a lower severity does not hold the ladder of a higher one', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV2');
    doWhatIsDue(room);
    room.does('chris', { type: 'acknowledge', incident: ID });
    room.pass(20 * MINUTE);
    room.does('ben', { type: 'set-severity', incident: ID, severity: 'SEV1', reason: safeText('') });
    expect(room.incident().escalation?.heldBy).toBeNull();
    expect(paged(room).slice(2)).toEqual([
      'page sev1/initial on-call-engineer webhook 1',
      'page sev1/initial on-call-engineer log 1',
      'page sev1/initial incident-commander log 1',
      'page sev1/15min engineering-manager log 1',
    ]);
    expect(deadlinesOf(room.room())[0]).toMatchObject({
      at: plusMs(START, 30 * MINUTE),
      command: { level: 'sev1/30min' },
    });
  });
});

describe('somebody who once acknowledged', () => {
  const contact = 'on-call-engineer';
  it('is paged, not only told, once their lease has run out or the incident was reopened', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV2');
    doWhatIsDue(room);
    room.does(contact, { type: 'acknowledge', incident: ID });
    room.pass(30 * MINUTE);
    doWhatIsDue(room);
    expect(paged(room).slice(2)).toEqual([
      `page sev2/initial ${contact} webhook 2`,
      `page sev2/initial ${contact} log 2`,
    ]);
    room.does(contact, { type: 'acknowledge', incident: ID });
    room.does('ana', { type: 'resolve', incident: ID });
    room.does('ana', { type: 'reopen', incident: ID, reason: safeText('again') });
    doWhatIsDue(room);
    expect(paged(room).slice(4)).toEqual([
      `page sev2/initial ${contact} webhook 3`,
      `page sev2/initial ${contact} log 3`,
    ]);
  });

  it('keeps it when severity is lowered', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV2');
    doWhatIsDue(room);
    room.does('ana', { type: 'claim-role', incident: ID, role: 'commander' });
    room.does('chris', { type: 'acknowledge', incident: ID });
    room.does('ana', { type: 'set-severity', incident: ID, severity: 'SEV3', reason: safeText('one customer') });
    expect(room.incident().escalation?.heldBy).toMatchObject({ person: 'chris' });
  });

  it('does not make a worse breach after a resolution page the whole ladder at once', () => {
    const room = roomUnderTest();
    const breach = (severity: 'SEV1' | 'SEV2') =>
      room.agentDoes({ type: 'report-breach', severity, evidence: evidence('checkout', 'r', room.now()) });
    breach('SEV2');
    doWhatIsDue(room);
    room.pass(70 * MINUTE);
    room.does('ana', { type: 'resolve', incident: ID });
    room.pass(5 * MINUTE);
    breach('SEV1');
    const before = paged(room).length;
    doWhatIsDue(room);
    expect(
      paged(room)
        .slice(before)
        .map((page) => page.split(' ')[2]),
    ).toEqual([contact, contact, 'incident-commander']);
    expect(room.incident().severity).toBe('SEV1');
  });
});

describe('pages', () => {
  it('take one outcome, and a retry only while they have none', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV3');
    doWhatIsDue(room);
    const page = `${ID}/sev3/initial/1/on-call-engineer/webhook`;
    const parcel = { kind: 'page', incident: ID, page } as const;
    room.agentDoes({
      type: 'record-not-sent',
      parcel,
      reason: 'timeout: 10 s',
      retryAt: plusMs(room.now(), 5 * SECOND),
      mayHaveArrived: false,
    });
    expect(room.incident().pages[page]).toMatchObject({ state: 'retrying', tries: 1 });
    room.agentDoes({ type: 'record-sent', parcel, tookMs: 40, possibleDuplicate: false });
    expect(room.incident().pages[page]).toMatchObject({ state: 'sent', tries: 2, retryAt: null });
    expect(outcome(room.agentAsks({ type: 'record-sent', parcel, tookMs: 40, possibleDuplicate: false }))).toBe(
      'already-so',
    );
  });
});
