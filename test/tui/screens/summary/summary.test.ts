import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { HOUR } from '../../../../src/incident/time.ts';
import { plainText } from '../../../../src/tui/row.ts';
import { summaryRows } from '../../../../src/tui/screens/summary/rows.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, containedRoom, failingRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, rowsOf, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';
import { named, seatIn } from '../../../support/seat.ts';

const hostileRoom = (): FakeRoom => {
  const room = containedRoom();
  room.story.does(safeText(HOSTILE, 64), { type: 'add-note', incident: INCIDENT, text: safeText(HOSTILE, 4_000) });
  room.changed();
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  summary: containedRoom,
  'summary-begun': failingRoom,
  'summary-hostile': hostileRoom,
};

describe('the summary', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const its = { room: look(), screen: 'summary' } as const;
      await expect(textOf(its, size)).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(widest(its, size)).toBeLessThanOrEqual(size.columns);
    });
  }

  it('is loud about what is missing, unknown or failing, and nothing else', () => {
    const loud = (room: FakeRoom): readonly string[] =>
      rowsOf({ room, screen: 'summary' }, SIZES[0]!)
        .slice(3, -2)
        .filter((row) => row.some(({ style }) => style === 'loud'))
        .map((row) => plainText(row).trim());
    expect(loud(failingRoom())).toEqual([
      'NO COMMANDER',
      expect.stringMatching(/^checkout errors 41 % ABOVE/),
      'check cache FAILS: timeout after 2 s',
    ]);
  });

  it('puts a line between how it stands and what happened', () => {
    const rows = summaryRows(['phase triage', 'in place: nothing', '10:00:00 room declared'], 0, SIZES[0]!).rows.map(
      plainText,
    );
    expect(rows).toEqual([' phase triage', ' in place: nothing', '', ' 10:00:00 room declared']);
  });

  it('names the day where that is another', () => {
    const room = containedRoom();
    room.story.pass(20 * HOUR);
    expect(textOf({ room, screen: 'summary' }, SIZES[0]!)).toContain('WHAT HAPPENED since 11-23 10:00 UTC');
  });

  it('scrolls where it is longer than the window', () => {
    const seat = seatIn(containedRoom(), { columns: 80, rows: 14 });
    seat.press('w');
    const top = seat.text();
    seat.press(named('end'));
    expect(seat.text()).not.toBe(top);
    expect(seat.text()).toContain('applied circuit-breaker on checkout (A1)');
  });

  it('says so where nothing happened', () => {
    expect(textOf({ room: calmRoom(), screen: 'summary' }, SIZES[0]!)).toContain(
      'there is no incident: nothing happened',
    );
  });
});
