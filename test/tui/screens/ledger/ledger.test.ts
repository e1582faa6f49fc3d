import { describe, expect, it } from 'vitest';
import { known } from '../../../../src/incident/signals.ts';
import { safeText } from '../../../../src/incident/text.ts';
import { MINUTE, SECOND } from '../../../../src/incident/time.ts';
import { ledgerActions, ledgerRow } from '../../../../src/tui/screens/ledger/view-model.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { plan } from '../../../support/room.ts';
import { apply, arm, calmRoom, commandedRoom, containedRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';
import { named, seatIn } from '../../../support/seat.ts';

/** An undo of `id`, taken back in the world. */
const undo = (room: FakeRoom, id: string): void => {
  room.story.does('ana', { type: 'undo', action: id, arm: true });
  const undoing = `A${Object.keys(room.story.incident().actions).length}`;
  room.story.agentDoes({ type: 'record-plan', action: undoing, plan });
  room.story.does('ana', { type: 'confirm', action: undoing, typed: safeText('checkout') });
  room.story.agentDoes({ type: 'start-action', action: undoing });
  room.story.agentDoes({ type: 'record-applied', action: undoing, errorRatio: 0.004 });
  room.changed();
};

/** Every state an entry can be in. */
const fullRoom = (): FakeRoom => {
  const room = containedRoom();
  const { story } = room;
  undo(room, 'A1');
  apply(room, arm(room, 'circuit-breaker'));
  const failed = arm(room, 'restart');
  story.agentDoes({ type: 'start-action', action: failed });
  story.agentDoes({ type: 'record-failed', action: failed, reason: 'timeout', detail: safeText('no answer') });
  const unknown = arm(room, 'scale-down');
  story.does('ana', { type: 'confirm', action: unknown, typed: safeText('checkout') });
  story.agentDoes({ type: 'start-action', action: unknown });
  story.agentDoes({ type: 'record-unknown', action: unknown, detail: safeText('no answer after the change was sent') });
  const disarmed = arm(room, 'block', 'ben');
  story.does('ben', { type: 'disarm', action: disarmed });
  arm(room, 'block', 'ben');
  story.pass(4 * SECOND);
  room.changed();
  return room;
};

const manyRoom = (): FakeRoom => {
  const room = containedRoom();
  for (let index = 0; index < 100; index++) {
    const id = arm(room, 'block', 'ben');
    room.story.does('ben', { type: 'disarm', action: id });
  }
  room.changed();
  return room;
};

const hostileRoom = (): FakeRoom => {
  const room = containedRoom(safeText(HOSTILE, 64));
  room.story.does(safeText(HOSTILE, 64), { type: 'let-go', action: 'A1', reason: safeText(HOSTILE) });
  room.changed();
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  ledger: fullRoom,
  'ledger-none': commandedRoom,
  'ledger-many': manyRoom,
  'ledger-hostile': hostileRoom,
};

describe('the ledger', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const its = { room: look(), screen: 'ledger' } as const;
      await expect(textOf(its, size)).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(widest(its, size)).toBeLessThanOrEqual(size.columns);
    });
  }

  const stateOf = (room: FakeRoom, id: string) => {
    const action = room.view().room.incidents[INCIDENT]!.actions[id]!;
    const { state, tone, effect, expiry } = ledgerRow(room.view(), action, room.now());
    return [state, tone, effect, expiry];
  };

  it.each([
    ['A1', ['undone', 'dim', '41 % → 0.4 %', 'by A2 10:03:12']],
    ['A2', ['undo done', 'dim', 'at 10:03:12', '']],
    ['A3', ['IN PLACE', 'ok', '41 % → 2.1 %', 'expires 00:59:56']],
    ['A4', ['FAILED', 'bad', 'no answer in time', '']],
    ['A5', ['UNKNOWN', 'loud', 'no answer after the change was sent', '']],
    ['A6', ['disarmed', 'dim', 'cancelled', '']],
    ['A7', ['ARMED', 'warn', 'by ben', '00:26']],
  ])('says of %s how it stands', (id, expected) => {
    expect(stateOf(fullRoom(), id)).toEqual(expected);
  });

  it('says unknown where the errors are, and never a zero', () => {
    const room = containedRoom();
    room.with({ signals: {} });
    expect(stateOf(room, 'A1')[2]).toBe('41 % → unknown');
    room.reads('checkout', known(0));
    expect(stateOf(room, 'A1')[2]).toBe('41 % → 0.0 %');
  });

  const ids = (room: FakeRoom, filter = ''): readonly string[] =>
    ledgerActions(room.view().room, filter).map(({ id }) => id);

  it('lists what nobody knows first, then what is in place, then what is under way, then the rest, newest first', () => {
    expect(ids(fullRoom())).toEqual(['A5', 'A3', 'A7', 'A6', 'A4', 'A2', 'A1']);
  });

  it.each([
    ['circuit', ['A3', 'A2', 'A1']],
    ['a3', ['A3']],
    ['ben', ['A7', 'A6']],
    ['failed', ['A4']],
    [INCIDENT, ['A5', 'A3', 'A7', 'A6', 'A4', 'A2', 'A1']],
    ['nobody', []],
  ])('filters by %o', (filter, expected) => {
    expect(ids(fullRoom(), filter)).toEqual(expected);
  });

  it('holds the containments of every incident, the closed ones as well', () => {
    const room = containedRoom();
    undo(room, 'A1');
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.story.does('ana', { type: 'close', incident: INCIDENT, falseAlarm: false, reason: safeText('') });
    room.story.pass(60 * MINUTE);
    room.story.declares(['vault'], 'SEV2');
    room.changed();
    const text = textOf({ room, screen: 'ledger' }, SIZES[0]!);
    expect(text).toContain('LEDGER nothing is in place');
    expect(text).toMatch(/A1 +undone/);
  });

  it('says so where nothing was ever contained', () => {
    expect(textOf({ room: calmRoom(), screen: 'ledger' }, SIZES[0]!)).toContain(
      'nothing was ever contained in this room',
    );
    expect(textOf({ room: fullRoom(), screen: 'ledger', on: { filter: 'xyz' } }, SIZES[0]!)).toContain(
      'no action is like that',
    );
  });
});

describe('keys on the ledger', () => {
  it('Enter shows the card, and its way back is the ledger', () => {
    const seat = seatIn(fullRoom());
    seat.press('l', 'j', named('enter'));
    expect(seat.ui().dialog).toMatchObject({ name: 'card', action: 'A3' });
    seat.press('h');
    expect(seat.where()).toBe('ledger');
    expect(seat.marked()).toContain('A3');
  });

  it('u plans taking back what is in place, and says why nothing else can be', async () => {
    const seat = seatIn(fullRoom());
    seat.press('l', 'j', 'u');
    expect(seat.asked).toEqual([{ type: 'undo', action: 'A3', arm: true }]);
    await seat.answers();
    expect(seat.where()).toBe('card');
    const other = seatIn(fullRoom());
    other.press('l', named('end'), 'u');
    expect(other.asked).toEqual([]);
    expect(other.notice()).toBe('A1 is not in place: it is undone');
  });
});
