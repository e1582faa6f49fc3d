import { describe, expect, it } from 'vitest';
import { safeText } from '../../../src/incident/text.ts';
import { DEAD_TIME_MS, SCREENS } from '../../../src/tui/dialog.ts';
import { widthOf } from '../../../src/tui/width.ts';
import { apply, arm, commandedRoom, INCIDENT, severalRoom } from '../../support/rooms-to-look-at.ts';
import { chunk, named, paste, seatIn } from '../../support/seat.ts';

const paletteIn = (room = commandedRoom()) => {
  const seat = seatIn(room);
  seat.press(':');
  return { room, seat };
};

const screenKeys = {
  incidents: 'i',
  services: 'g',
  ledger: 'l',
  timeline: 't',
  roles: 'D',
  silences: 'm',
  summary: 'w',
  sources: 'o',
  agent: 'H',
};

describe('the palette', () => {
  it.each(Object.entries(screenKeys))('opens over %s, and Esc leads back there', (screen, key) => {
    const seat = seatIn(commandedRoom());
    seat.press(key, ':');
    expect(seat.where()).toBe('palette');
    seat.press(named('escape'));
    expect(seat.where()).toBe(screen);
  });

  it('opens over every screen there is', () => {
    expect([...Object.keys(screenKeys), 'signals'].sort()).toEqual([...SCREENS].sort());
    const seat = seatIn(commandedRoom());
    seat.press('g', named('enter'), ':');
    expect(seat.where()).toBe('palette');
    seat.press(named('ctrl-c'));
    expect(seat.where()).toBe('signals');
  });

  it('does the best match on Enter, as its key would', () => {
    const { seat } = paletteIn();
    seat.types('ack');
    expect(seat.asked).toEqual([]);
    seat.press(named('enter'));
    expect(seat.asked).toEqual([{ type: 'acknowledge', incident: INCIDENT }]);
    expect(seat.where()).toBe('room');
  });

  it('opens the screens, the entries and the menus', () => {
    for (const [typed, where] of [
      ['ledger', 'ledger'],
      ['timel', 'timeline'],
      ['what happ', 'summary'],
      ['note', 'entry'],
      ['contain', 'menu'],
      ['help', 'help'],
    ] as const) {
      const { seat } = paletteIn();
      seat.types(typed);
      seat.press(named('enter'));
      expect([typed, seat.where()]).toEqual([typed, where]);
    }
  });

  it('shows another incident, and the room of it, from wherever it was opened', () => {
    const seat = seatIn(severalRoom());
    seat.press('l', ':');
    seat.types('inc-2');
    seat.press(named('enter'));
    expect(seat.where()).toBe('room');
    expect(seat.ui().incident).toBe('INC-2026-0002');
  });

  it('plans a containment in one line, and the card still asks', async () => {
    const { seat } = paletteIn();
    seat.types('cont circ');
    seat.press(named('enter'));
    expect(seat.asked).toMatchObject([{ type: 'contain', service: 'checkout', name: 'circuit-breaker', arm: true }]);
    await seat.answers();
    expect(seat.where()).toBe('card');
  });

  it('asks before what is dangerous, and the Enter that chose it does not answer', () => {
    for (const [typed, title] of [
      ['resolve', 'Resolve INC-2026-0001'],
      ['false al', 'Why is INC-2026-0001 a false alarm?'],
    ] as const) {
      const { seat } = paletteIn();
      seat.types(typed);
      seat.press(named('enter'));
      expect(seat.text()).toContain(title);
      expect(seat.asked).toEqual([]);
    }
    const { seat } = paletteIn();
    seat.types('resolve');
    seat.press(named('enter'), named('enter'), 'y');
    expect(seat.asked).toEqual([]);
    seat.passes(DEAD_TIME_MS);
    seat.press('y');
    expect(seat.asked).toEqual([{ type: 'resolve', incident: INCIDENT }]);
  });

  it('says why something is not possible, and stays', () => {
    const { seat } = paletteIn();
    seat.types('close');
    seat.press(named('enter'));
    expect(seat.notice()).toBe('close: resolve it first: R');
    expect(seat.where()).toBe('palette');
    expect(seat.asked).toEqual([]);
  });

  it('says so where nothing is called that', () => {
    const { seat } = paletteIn();
    seat.types('xyzzy');
    expect(seat.text()).toContain('no command is called that');
    seat.press(named('enter'));
    expect(seat.where()).toBe('palette');
  });

  it('only searches with pastes, even of lines', () => {
    const { seat } = paletteIn();
    seat.press(paste('ack\r\n'));
    expect(seat.asked).toEqual([]);
    expect(seat.ui().dialog).toMatchObject({ name: 'palette', text: 'ack ' });
    expect(seat.notice()).toBe('');
  });

  it('only searches with chunks, unless the last key of a fast hand was Enter', () => {
    const { seat } = paletteIn();
    seat.press(chunk('qyRC'));
    expect(seat.ui().dialog).toMatchObject({ name: 'palette', text: 'qyRC' });
    expect(seat.effects).toEqual([]);
    seat.press(named('ctrl-u'), chunk('resolve\r'));
    expect(seat.where()).toBe('ask');
    expect(seat.asked).toEqual([]);
  });

  it('moves the mark with arrows alone: letters are letters', () => {
    const { seat } = paletteIn();
    seat.types('jk');
    expect(seat.ui().dialog).toMatchObject({ text: 'jk', cursor: 0 });
    seat.press(named('ctrl-u'), named('down'), named('down'), named('up'));
    expect(seat.ui().dialog).toMatchObject({ text: '', cursor: 1 });
    expect(seat.marked()).toMatch(/^> c +contain/);
    for (let times = 0; times < 300; times++) seat.press(named('page-down'));
    expect(seat.marked()).not.toBe('');
  });

  it('leaves on the way back out of the empty line', () => {
    const { seat } = paletteIn();
    seat.types('a');
    seat.press(named('backspace'));
    expect(seat.where()).toBe('palette');
    seat.press(named('backspace'));
    expect(seat.where()).toBe('room');
  });

  it('draws hostile titles within the window, and takes no style from them', () => {
    const room = severalRoom();
    const title = safeText(`\u001b[31mx\u001b]52;c;ZXZpbA==\u0007\u202e 火事火事 ${'long '.repeat(100)}`, 200);
    room.story.does('ben', { type: 'retitle', incident: INCIDENT, title });
    apply(room, arm(room, 'circuit-breaker'));
    const { seat } = paletteIn(room);
    seat.types('open inc');
    for (const row of seat.text().split('\n')) expect(widthOf(row)).toBeLessThanOrEqual(80);
    expect(seat.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(seat.text()).toContain('火事');
  });
});
