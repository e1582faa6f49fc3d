import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../../../src/incident/text.ts';
import { HOUR } from '../../../src/incident/time.ts';
import { type Dialog, onScreen, type ScreenName } from '../../../src/tui/dialog.ts';
import { frame } from '../../../src/tui/frame.ts';
import { initialUi } from '../../../src/tui/ui.ts';
import { widthOfRow } from '../../../src/tui/width.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import { alertTold } from '../../support/room.ts';
import { calmRoom, containedRoom, INCIDENT, severalRoom } from '../../support/rooms-to-look-at.ts';
import { HOSTILE } from '../../support/screens-to-look-at.ts';

const hostileRoom = (): FakeRoom => {
  const room = containedRoom();
  const name = safeText(HOSTILE, 64);
  room.story.does(name, { type: 'retitle', incident: INCIDENT, title: safeText(HOSTILE, 200) });
  room.story.does(name, { type: 'claim-role', incident: INCIDENT, role: 'scribe' });
  room.story.does(name, { type: 'add-note', incident: INCIDENT, text: safeText(HOSTILE, 4_000) });
  room.story.does(name, {
    type: 'silence',
    services: [safeText('*')],
    startsInMs: 0,
    forMs: HOUR,
    reason: safeText(HOSTILE),
  });
  room.story.agentDoes({ type: 'report-alerts', alerts: [alertTold('x', { service: name, message: HOSTILE })] });
  room.with({ presence: [{ name, at: 'room', incident: name, since: room.story.now(), skewMs: 0 }] });
  room.changed();
  return room;
};

const screens: readonly ScreenName[] = ['roles', 'silences', 'ledger', 'timeline', 'summary', 'incidents'];
const rooms = [calmRoom(), containedRoom(), severalRoom(), hostileRoom()];

const dialogs: readonly Dialog[] = [
  ...screens.flatMap((screen) => [
    onScreen(screen),
    onScreen(screen, { cursor: 999, filter: 'long', subject: 'commander,scribe' }),
    onScreen(screen, { cursor: 1, filter: HOSTILE.slice(0, 100), isFiltering: true }),
  ]),
  { name: 'palette', text: '', cursor: 999 },
  { name: 'palette', text: HOSTILE.slice(0, 100), cursor: 0 },
  { name: 'ask', question: { kind: 'lift-silence', silence: 'S1' }, readyAtMs: 0, refusal: null },
  { name: 'ask', question: { kind: 'lift-silence', silence: 'S99' }, readyAtMs: 0, refusal: null },
];

describe('the screens of daily use', () => {
  it('have exactly the rows of the window and are nowhere wider, at any size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rooms),
        fc.constantFrom(...dialogs),
        fc.record({ columns: fc.integer({ min: 40, max: 220 }), rows: fc.integer({ min: 10, max: 70 }) }),
        (room, dialog, size) => {
          const pane = frame({ view: room.view(), ui: { ...initialUi, dialog }, now: room.now() }, size);
          expect(pane.rows).toHaveLength(size.rows);
          for (const row of pane.rows) expect(widthOfRow(row)).toBeLessThanOrEqual(size.columns);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('are the same rows as long as nothing changes', () => {
    for (const room of rooms) {
      for (const dialog of dialogs) {
        const look = () =>
          frame({ view: room.view(), ui: { ...initialUi, dialog }, now: room.now() }, { columns: 80, rows: 24 }).rows;
        expect(look()).toEqual(look());
      }
    }
  });
});
