import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/incident/text.ts';
import { apply, arm, commandedRoom, containedRoom, INCIDENT, severalRoom } from '../support/rooms-to-look-at.ts';
import { chunk, named, paste, seatIn } from '../support/seat.ts';

const onScreen = (key: string, room = severalRoom()) => {
  const seat = seatIn(room);
  seat.press(key);
  return { room, seat };
};

const screens = ['i', 'g', 'l', 't', 'D', 'm', 'w', 'o', 'H'];

describe('a screen of its own', () => {
  it.each(['q', 'h', named('escape'), named('left'), named('ctrl-c')])('is left by %o, whichever it is', (key) => {
    for (const open of screens) {
      const { seat } = onScreen(open);
      expect(seat.where()).not.toBe('room');
      seat.press(key);
      expect([open, seat.where()]).toEqual([open, 'room']);
      expect(seat.effects).toEqual([]);
    }
  });

  it('goes from the chart back to the list of services', () => {
    const { seat } = onScreen('g');
    seat.press(named('enter'));
    expect(seat.where()).toBe('signals');
    seat.press('q');
    expect(seat.where()).toBe('services');
  });

  it('helps with ? and is there again afterwards', () => {
    const { seat } = onScreen('l');
    seat.press('?');
    expect(seat.where()).toBe('help');
    seat.press('q');
    expect(seat.where()).toBe('ledger');
  });

  it('takes a chunk of motions for all of them, and any other chunk for nothing', () => {
    const { seat } = onScreen('i');
    seat.press(named('home'), chunk('jj'));
    expect(seat.ui().dialog).toMatchObject({ cursor: 2 });
    seat.press(chunk('kjk'));
    expect(seat.ui().dialog).toMatchObject({ cursor: 1 });
    for (const text of ['jq', 'qq', 'j\r', '/x']) {
      seat.press(chunk(text));
      expect(seat.where()).toBe('incidents');
      expect(seat.ui().dialog).toMatchObject({ cursor: 1, filter: '' });
      expect(seat.notice()).toBe('several keys at once do nothing here: press one');
    }
  });

  it('ignores a paste', () => {
    const { seat } = onScreen('i');
    seat.press(paste('q'));
    expect(seat.where()).toBe('incidents');
    expect(seat.notice()).toContain('paste ignored');
  });

  it('moves no further than there is', () => {
    const { seat } = onScreen('i');
    seat.press(named('end'), 'j', named('page-down'));
    expect(seat.ui().dialog).toMatchObject({ cursor: 2 });
    seat.press(named('home'), 'k', named('page-up'));
    expect(seat.ui().dialog).toMatchObject({ cursor: 0 });
  });
});

describe('the filter of a screen', () => {
  it('works while it is written, and takes every letter as one', () => {
    const { seat } = onScreen('i');
    seat.press('/');
    seat.types('vaultq');
    expect(seat.where()).toBe('incidents');
    expect(seat.text()).toContain('no incident is like that');
    seat.press(named('backspace'));
    expect(seat.text()).toContain('vault: 41 % of requests fail');
    expect(seat.text()).not.toContain('checkout: 41 % of requests fail  ');
  });

  it('stays after Enter, with the keys of the screen working again', () => {
    const { seat } = onScreen('i');
    seat.press('/');
    seat.types('search');
    seat.press(named('enter'));
    expect(seat.ui().dialog).toMatchObject({ filter: 'search', isFiltering: false });
    seat.press(named('enter'));
    expect(seat.ui()).toMatchObject({ dialog: null, incident: 'INC-2026-0002' });
  });

  it('is dropped by Esc, then the screen is left; while it is written as well', () => {
    const { seat } = onScreen('i');
    seat.press('/');
    seat.types('search');
    seat.press(named('enter'), named('escape'));
    expect(seat.ui().dialog).toMatchObject({ filter: '', isFiltering: false });
    seat.press(named('escape'));
    expect(seat.where()).toBe('room');
    seat.press('i', '/');
    seat.types('search');
    seat.press(named('escape'));
    expect(seat.ui().dialog).toMatchObject({ filter: '', isFiltering: false });
  });

  it('leaves the mark on what was found when it is dropped', () => {
    const { seat } = onScreen('i');
    seat.press('/');
    seat.types('search');
    seat.press(named('enter'), named('escape'));
    expect(seat.marked()).toContain('INC-2');
    seat.press(named('enter'));
    expect(seat.ui().incident).toBe('INC-2026-0002');
  });

  it('takes pastes and chunks as text, and its Ctrl-C leads to the room', () => {
    const { seat } = onScreen('i');
    seat.press('/', paste('vau\n'), named('backspace'), chunk('lt'));
    expect(seat.ui().dialog).toMatchObject({ filter: 'vault', isFiltering: true });
    expect(seat.notice()).toBe('');
    seat.press(named('ctrl-c'));
    expect(seat.where()).toBe('room');
  });

  it('opens on the timeline with / in the room', () => {
    const seat = seatIn(commandedRoom());
    seat.press('/');
    expect(seat.ui().dialog).toMatchObject({ screen: 'timeline', isFiltering: true });
    seat.types('note');
    expect(seat.text()).toContain('note: release 2026.11.22-3');
    expect(seat.text()).not.toContain('took command');
  });

  it('takes at most a hundred characters, and shows the end of the row alone', () => {
    const { seat } = onScreen('l', containedRoom());
    seat.press('/', paste('x'.repeat(5_000)));
    expect(seat.ui().dialog).toMatchObject({ filter: 'x'.repeat(100) });
    expect(
      seat
        .text()
        .split('\n')
        .every((row) => row.length <= 80),
    ).toBe(true);
  });
});

describe('the mark', () => {
  it('stays on its item when another comes above it', () => {
    const room = commandedRoom();
    apply(room, arm(room, 'circuit-breaker'));
    const seat = seatIn(room);
    seat.press('l');
    expect(seat.marked()).toContain('A1');
    apply(room, arm(room, 'scale-down'));
    seat.looks();
    expect(seat.text()).toMatch(/A2[\s\S]*A1/);
    expect(seat.marked()).toContain('A1');
    seat.press('u');
    expect(seat.asked).toEqual([{ type: 'undo', action: 'A1', arm: true }]);
  });

  it('hits nothing that slid under it when its item has left the list', () => {
    const room = commandedRoom();
    apply(room, arm(room, 'scale-down'));
    const id = arm(room, 'circuit-breaker');
    const seat = seatIn(room);
    seat.press('l', '/');
    seat.types('armed !disarmed');
    seat.press(named('enter'));
    expect(seat.marked()).toContain(id);
    arm(room, 'restart', 'ben');
    arm(room, 'block', 'ben');
    room.story.does('ben', { type: 'disarm', action: id });
    seat.looks();
    seat.press('u');
    expect(seat.asked).toEqual([]);
    expect(seat.notice()).toBe('the marked one left the list: look, then press again');
    expect(seat.marked()).not.toBe('');
  });

  it('stays on the incident that a worse one pushes down', () => {
    const room = commandedRoom();
    const seat = seatIn(room);
    seat.press('i');
    room.story.does('ben', {
      type: 'declare',
      title: safeText('worse'),
      services: [safeText('vault')],
      severity: 'SEV1',
    });
    seat.looks();
    seat.press(named('enter'));
    expect(seat.ui().incident).toBe(INCIDENT);
  });
});
