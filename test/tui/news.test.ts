import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/incident/time.ts';
import { initialUi } from '../../src/tui/ui.ts';
import { evolveUi } from '../../src/tui/ui-state.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { apply, arm, calmRoom, containedRoom, failingRoom, INCIDENT } from '../support/rooms-to-look-at.ts';
import { seatIn } from '../support/seat.ts';

const noticeOnJoining = (room: FakeRoom): string => seatIn(room).notice();

describe('whoever joins late', () => {
  it.each([
    [2 * MINUTE, ''],
    [2 * MINUTE + SECOND, 'you come 2 min in: w tells what happened'],
    [12 * MINUTE, 'you come 12 min in: w tells what happened'],
    [5 * HOUR, 'you come 5 h in: w tells what happened'],
  ])('%i ms after the declaration is told: %o', (afterMs, expected) => {
    const room = calmRoom();
    room.story.declares(['checkout']);
    room.story.pass(afterMs);
    room.changed();
    expect(noticeOnJoining(room)).toBe(expected);
  });

  it('is told nothing of an incident that is over, and nothing in a calm room', () => {
    const room = failingRoom();
    room.story.does('ben', { type: 'resolve', incident: INCIDENT });
    room.story.pass(HOUR);
    room.changed();
    expect(noticeOnJoining(room)).toBe('');
    expect(noticeOnJoining(calmRoom())).toBe('');
  });

  it('is told once the agent says what there is, however long connecting took', () => {
    const room = failingRoom();
    const { room: state, agent } = room.view();
    room.with({ agent: null, room: { ...state, incidents: {} } });
    const seat = seatIn(room);
    expect(seat.notice()).toBe('');
    room.with({ agent });
    seat.looks();
    expect(seat.notice()).toBe('you come 2 min in: w tells what happened');
    expect(seat.ui().incident).toBe(INCIDENT);
  });

  it('is not told the outcome of what was done before as if it were news', () => {
    const room = containedRoom();
    const { room: state, agent } = room.view();
    room.with({ agent: null, room: { ...state, incidents: {} } });
    const seat = seatIn(room);
    room.with({ agent });
    seat.looks();
    expect(seat.notice()).not.toContain('A1');
    apply(room, arm(room, 'scale-down'));
    seat.looks();
    expect(seat.notice()).toContain('A2 applied');
  });

  it('is told only once, and not again by what happens next', () => {
    const room = failingRoom();
    const seat = seatIn(room);
    seat.press('?');
    expect(seat.notice()).toBe('');
    room.story.does('ben', { type: 'acknowledge', incident: INCIDENT });
    seat.looks();
    expect(seat.notice()).toBe('');
  });

  it('finds it with the key it names', () => {
    const seat = seatIn(failingRoom());
    seat.press('w');
    expect(seat.where()).toBe('summary');
  });
});

describe('an answer', () => {
  it('closes only the question that was asked', () => {
    const room = failingRoom();
    const situation = { view: room.view(), now: room.now(), localMs: 0, maxScroll: 0, page: 1 };
    const asking = {
      name: 'ask',
      question: { kind: 'resolve', incident: INCIDENT },
      readyAtMs: 0,
      refusal: null,
    } as const;
    const ui = { ...initialUi, incident: INCIDENT, dialog: asking };
    const result = { ok: true, seq: 9, subject: 'S1' } as const;
    const shown = (command: Parameters<typeof evolveUi>[1] & { type: 'answered' }) =>
      evolveUi(ui, command, situation).ui.dialog;
    expect(shown({ type: 'answered', command: { type: 'lift-silence', silence: 'S1' }, result })).toEqual(asking);
    expect(shown({ type: 'answered', command: { type: 'resolve', incident: 'INC-2026-0009' }, result })).toEqual(
      asking,
    );
    expect(shown({ type: 'answered', command: { type: 'resolve', incident: INCIDENT }, result })).toBeNull();
  });
});
