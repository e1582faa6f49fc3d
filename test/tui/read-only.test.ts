import { describe, expect, it } from 'vitest';
import { tmuxLine } from '../../src/cli/status-tmux.ts';
import { statusLines } from '../../src/tui/plain/look-lines.ts';
import { readOnlyWords } from '../../src/tui/read-only.ts';
import { wallModel } from '../../src/tui/wall/view-model.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import { calmRoom } from '../support/rooms-to-look-at.ts';
import { seatIn } from '../support/seat.ts';

const readOnlyRoom = (held: number): FakeRoom => {
  const room = calmRoom();
  const { agent } = room.view();
  room.with({ agent: agent && { ...agent, writable: false, held } });
  return room;
};

describe('an agent whose log takes no writes', () => {
  it.each([
    [0, 'READ-ONLY'],
    [12, 'READ-ONLY 12 held'],
  ])('with %i decisions waiting is called so wherever somebody looks', (held, words) => {
    const room = readOnlyRoom(held);
    const view = room.view();
    expect(readOnlyWords(view.agent)).toBe(words);
    const seat = seatIn(room);
    expect(seat.text()).toMatch(new RegExp(`AGENT ${words} *$`, 'm'));
    expect(statusLines(view, room.now()).join('\n')).toContain(`AGENT ${words}`);
    expect(tmuxLine(view, room.now())).toContain(`warroom ${words}#`);
  });

  it('is said on the wall to page unrecorded, with what waits', () => {
    const alarmOf = (room: FakeRoom) =>
      wallModel(room.view(), { now: room.now(), shown: { incident: null, isHeld: false } } as never).alarm?.text;
    expect(alarmOf(readOnlyRoom(12))).toContain('12 held, pages go out unrecorded');
    expect(alarmOf(readOnlyRoom(0))).toContain('pages go out unrecorded');
  });

  it('is nothing to tell while it takes them', () => {
    expect(readOnlyWords(calmRoom().view().agent)).toBeNull();
    expect(readOnlyWords(null)).toBeNull();
  });
});
