import { describe, expect, it } from 'vitest';
import { leaving } from '../../src/incident/archiving.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE } from '../../src/incident/time.ts';
import { contain, policy, type RoomUnderTest, roomUnderTest } from '../support/room.ts';

const closed = (room: RoomUnderTest): string => {
  room.declares();
  const id = Object.keys(room.room().incidents).at(-1) ?? '';
  room.does('ana', { type: 'close', incident: id, falseAlarm: true, reason: safeText('no harm') });
  return id;
};
const archive = (room: RoomUnderTest, id: string, lastSeq = room.incident(id).lastSeq) =>
  room.agentAsks({ type: 'archive-incident', incident: id, lastSeq });

describe('a closed incident', () => {
  it('leaves the room a day after it was closed, and the room counts it', () => {
    const room = roomUnderTest();
    const id = closed(room);
    room.pass(24 * HOUR - 1);
    expect(archive(room, id)).toMatchObject({ ok: false, refusal: { reason: 'nothing-due' } });
    room.pass(1);
    expect(archive(room, id)).toMatchObject({ ok: true });
    expect(room.room().incidents).toEqual({});
    expect(room.room().archived).toBe(1);
    // What was called a false alarm stays one for as long as it goes on.
    expect(room.room().falseAlarms).toEqual({ checkout: '2026-11-23T10:00:00.000Z' });
  });

  it('leaves its number taken', () => {
    const room = roomUnderTest();
    const id = closed(room);
    room.pass(25 * HOUR);
    archive(room, id);
    room.declares();
    expect(Object.keys(room.room().incidents)).toEqual(['INC-2026-0002']);
  });

  it('stays when something happened to it after it was archived', () => {
    const room = roomUnderTest();
    const id = closed(room);
    room.pass(25 * HOUR);
    expect(archive(room, id, room.incident(id).lastSeq - 1)).toMatchObject({ ok: false });
    expect(room.room().archived).toBe(0);
  });

  it('stays when a duty was taken up again meanwhile, of which the timeline tells nothing', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'claim-role', incident: 'INC-2026-0001', role: 'tech' });
    const duty = { type: 'set-duty', incident: 'INC-2026-0001', role: 'tech' } as const;
    room.does('ana', { ...duty, duty: safeText('Technical diagnosis'), done: true });
    room.does('ana', { type: 'close', incident: 'INC-2026-0001', falseAlarm: true, reason: safeText('no harm') });
    room.pass(25 * HOUR);
    const { lastSeq } = room.incident();
    room.does('ana', { ...duty, duty: safeText('Technical diagnosis'), done: false });
    expect(archive(room, 'INC-2026-0001', lastSeq)).toMatchObject({ ok: false });
    expect(archive(room, 'INC-2026-0001')).toMatchObject({ ok: true });
  });

  it('leaves sooner where many are closed, but not while it can be reopened', () => {
    const room = roomUnderTest();
    for (let count = 0; count < 60; count += 1) closed(room);
    expect(leaving(room.room(), policy.reopenWithinMs)).toHaveLength(60);
    room.pass(30 * MINUTE);
    expect(leaving(room.room(), policy.reopenWithinMs).filter(({ at }) => at <= room.now())).toEqual([]);
    room.pass(15 * MINUTE);
    expect(leaving(room.room(), policy.reopenWithinMs).filter(({ at }) => at <= room.now())).toHaveLength(10);
  });

  it('stays for as long as it can be reopened, however long that is', () => {
    const room = roomUnderTest({ ...policy, reopenWithinMs: 7 * 24 * HOUR });
    const id = closed(room);
    room.pass(25 * HOUR);
    expect(archive(room, id)).toMatchObject({ ok: false });
    room.pass(6 * 24 * HOUR);
    expect(archive(room, id)).toMatchObject({ ok: true });
  });

  it('that was resolved and that nobody closes leaves after thirty days, unless something is still in place', () => {
    const room = roomUnderTest();
    room.declares();
    contain(room);
    room.does('ana', { type: 'resolve', incident: 'INC-2026-0001' });
    room.declares();
    room.does('ana', { type: 'resolve', incident: 'INC-2026-0002' });
    room.pass(30 * 24 * HOUR - 1);
    expect(archive(room, 'INC-2026-0002')).toMatchObject({ ok: false });
    room.pass(1);
    expect(archive(room, 'INC-2026-0002')).toMatchObject({ ok: true });
    expect(archive(room, 'INC-2026-0001')).toMatchObject({ ok: false });
  });

  it('waits for the message that still has to go out', () => {
    const room = roomUnderTest({ ...policy, sinks: { incidents: { channel: 'webhook' } } } as typeof policy);
    const id = closed(room);
    room.pass(25 * HOUR);
    expect(archive(room, id)).toMatchObject({ ok: false });
    for (const message of Object.keys(room.incident(id).messages))
      room.agentDoes({
        type: 'record-sent',
        parcel: { kind: 'message', incident: id, message },
        tookMs: 1,
        possibleDuplicate: false,
      });
    expect(archive(room, id)).toMatchObject({ ok: true });
  });

  it('is not there any more for who asks something of it', () => {
    const room = roomUnderTest();
    const id = closed(room);
    room.pass(25 * HOUR);
    archive(room, id);
    expect(room.asks('ana', { type: 'reopen', incident: id, reason: safeText('again') })).toMatchObject({
      ok: false,
      refusal: { reason: 'no-such-incident', remedy: expect.stringContaining('warroom declare --follows') },
    });
  });

  it('can still be followed by another', () => {
    const room = roomUnderTest();
    const id = closed(room);
    room.pass(25 * HOUR);
    archive(room, id);
    const again = {
      type: 'declare',
      title: safeText('again'),
      services: [safeText('checkout')],
      severity: 'SEV2',
    } as const;
    room.does('ana', { ...again, follows: id });
    expect(room.incident('INC-2026-0002').follows).toBe(id);
    for (const stranger of ['INC-2026-0099', 'INC-2025-0001', 'A1', '', '__proto__'])
      expect(room.asks('ana', { ...again, follows: stranger })).toMatchObject({
        refusal: { reason: 'no-such-incident' },
      });
  });
});
