import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { frame } from '../../../../src/tui/frame.ts';
import { plainText, type Size } from '../../../../src/tui/row.ts';
import { initialUi } from '../../../../src/tui/ui.ts';
import { widthOf } from '../../../../src/tui/width.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, containedRoom, INCIDENT, severalRoom } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES } from '../../../support/screens-to-look-at.ts';

const hostileRoom = (): FakeRoom => {
  const room = severalRoom();
  room.story.does('ben', { type: 'retitle', incident: INCIDENT, title: safeText(HOSTILE, 200) });
  room.changed();
  return room;
};

interface Look {
  readonly room: () => FakeRoom;
  readonly text: string;
  readonly cursor: number;
}

const looks: Readonly<Record<string, Look>> = {
  palette: { room: containedRoom, text: '', cursor: 0 },
  'palette-typed': { room: containedRoom, text: 'cont', cursor: 2 },
  'palette-calm': { room: calmRoom, text: '', cursor: 0 },
  'palette-nothing': { room: containedRoom, text: 'xyzzy', cursor: 0 },
  'palette-hostile': { room: hostileRoom, text: 'open inc', cursor: 0 },
};

const textsOf = ({ room, text, cursor }: Look, size: Size): readonly string[] => {
  const its = room();
  const ui = { ...initialUi, dialog: { name: 'palette', text, cursor } as const };
  return frame({ view: its.view(), ui, now: its.now() }, size).rows.map((row) => plainText(row).trimEnd());
};

describe('the palette on the screen', () => {
  for (const size of SIZES) {
    const at = `${size.columns}x${size.rows}`;
    it.each(Object.entries(looks))(`shows %s at ${at}`, async (name, look) => {
      const rows = textsOf(look, size);
      await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`../../frames/${name}.${at}.txt`);
      expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(size.columns);
    });
  }
});
