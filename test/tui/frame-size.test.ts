import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unknown } from '../../src/incident/signals.ts';
import type { SafeText } from '../../src/incident/text.ts';
import { cardFor, type Dialog, onScreen } from '../../src/tui/dialog.ts';
import { type FrameMoment, frame } from '../../src/tui/frame.ts';
import { paintRow } from '../../src/tui/paint.ts';
import { findAction } from '../../src/tui/select.ts';
import { type ThemeName, themeNamed } from '../../src/tui/theme.ts';
import { initialUi } from '../../src/tui/ui.ts';
import { widthOf, widthOfRow } from '../../src/tui/width.ts';
import type { FakeRoom } from '../support/fake-room-client.ts';
import {
  apply,
  arm,
  calmRoom,
  containedRoom,
  INCIDENT,
  severalRoom,
  unknownRoom,
} from '../support/rooms-to-look-at.ts';

const hostile = '\u001b[2J\u001b]52;c;ZXZpbA==\u0007evil\u202e\u0000\r\n\u009b31m 漢字👩‍👩‍👧‍👦 \u200b⚠️ ';

/** Every string of a value becomes hostile, where a program does not compare it. */
const spoiled = (value: unknown, key = ''): unknown => {
  const kept =
    /^(id|incident|action|page|name|state|type|kind|phase|severity|to|from|at|.*At|until|since|undoes|by|because|reason|confirm|role|to|level|note)$/;
  if (typeof value === 'string') return kept.test(key) ? value : hostile + value;
  if (Array.isArray(value)) return value.map((item) => spoiled(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoiled(inner, name)]));
  return value;
};

const hostileRoom = (): FakeRoom => {
  const room = containedRoom();
  room.reads('checkout', unknown('bad-answer'));
  arm(room, 'scale-down', 'ben');
  room.with({ room: spoiled(room.view().room) as never, signals: spoiled(room.view().signals) as never });
  return room;
};

const busyRoom = (): FakeRoom => {
  const room = severalRoom();
  for (const name of ['circuit-breaker', 'scale-down']) apply(room, arm(room, name));
  for (let index = 0; index < 30; index++) {
    room.story.does('ben', {
      type: 'add-note',
      incident: INCIDENT,
      text: `${'long words '.repeat(index)}end` as SafeText,
    });
  }
  arm(room, 'restart', 'ben');
  room.changed();
  return room;
};

const rooms = [calmRoom, containedRoom, unknownRoom, severalRoom, hostileRoom, busyRoom].map((make) => make());

const dialogs = (room: FakeRoom): readonly (Dialog | null)[] => [
  null,
  { name: 'help', top: 7 },
  onScreen('incidents', { cursor: 1 }),
  { name: 'menu', menu: { kind: 'contain', incident: INCIDENT }, cursor: 2 },
  { name: 'menu', menu: { kind: 'roles', incident: INCIDENT }, cursor: 0 },
  { name: 'entry', purpose: { kind: 'note', incident: INCIDENT }, text: `${hostile}${'words '.repeat(60)}` },
  { name: 'ask', question: { kind: 'resolve', incident: INCIDENT }, readyAtMs: 0, refusal: null },
  cardFor(findAction(room.view().room, 'A1') ?? { id: 'A1' }, { localMs: 0 }),
  cardFor(findAction(room.view().room, 'A2') ?? { id: 'A2' }, { localMs: 0 }),
];

const moments: readonly FrameMoment[] = rooms.flatMap((room) =>
  dialogs(room).map((dialog) => ({
    view: room.view(),
    ui: {
      ...initialUi,
      dialog,
      notice: { tone: 'refused', text: `${hostile}refused ${'because '.repeat(40)}`, untilMs: 1 } as const,
    },
    now: room.now(),
  })),
);

const themes: readonly ThemeName[] = ['sixteen', 'mono', 'none'];
const OUR_SGR = /\u001b\[[\d;]+m/g;
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\ufe0f/;

describe('every screen', () => {
  it('has exactly the rows of the window and is nowhere wider, at any size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...moments),
        fc.integer({ min: 1, max: 220 }),
        fc.integer({ min: 1, max: 70 }),
        (moment, columns, rows) => {
          const pane = frame(moment, { columns, rows });
          expect(pane.rows.length).toBeLessThanOrEqual(rows);
          if (columns >= 40 && rows >= 10) expect(pane.rows).toHaveLength(rows);
          for (const row of pane.rows) expect(widthOfRow(row)).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('lets no control character, escape or bidi mark reach the terminal, whatever the text', () => {
    let hostileRows = 0;
    for (const moment of moments) {
      for (const [columns, rows] of [
        [80, 24],
        [120, 35],
        [43, 12],
      ] as const) {
        for (const row of frame(moment, { columns, rows }).rows) {
          for (const name of themes) {
            const painted = paintRow(row, columns, { theme: themeNamed(name), glyphs: 'unicode' }).replace(OUR_SGR, '');
            if (painted.includes('evil')) hostileRows += 1;
            expect(painted).not.toMatch(FORBIDDEN);
            expect(widthOf(painted)).toBeLessThanOrEqual(columns);
          }
        }
      }
    }
    expect(hostileRows).toBeGreaterThan(100);
  });
});
