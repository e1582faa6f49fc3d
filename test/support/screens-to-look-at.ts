// Owns how tests look at a screen of its own: as plain rows of a window, at the sizes that frames are kept for.
import { toEpochMs } from '../../src/incident/time.ts';
import { type OnScreen, onScreen, type ScreenName } from '../../src/tui/dialog.ts';
import { frame } from '../../src/tui/frame.ts';
import { plainText, type Row, type Size } from '../../src/tui/row.ts';
import { initialUi } from '../../src/tui/ui.ts';
import { widthOf } from '../../src/tui/width.ts';
import type { FakeRoom } from './fake-room-client.ts';

export const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 35 },
  { columns: 200, rows: 60 },
];

export interface Look {
  readonly room: FakeRoom;
  readonly screen: ScreenName | null;
  readonly on?: Partial<OnScreen>;
}

export const rowsOf = ({ room, screen, on }: Look, size: Size): readonly Row[] =>
  frame(
    {
      view: room.view(),
      ui: { ...initialUi, dialog: screen === null ? null : onScreen(screen, on) },
      now: toEpochMs(room.story.now()),
    },
    size,
  ).rows;

export const textOf = (look: Look, size: Size): string =>
  `${rowsOf(look, size)
    .map((row) => plainText(row).trimEnd())
    .join('\n')}\n`;

export const widest = (look: Look, size: Size): number =>
  Math.max(...rowsOf(look, size).map((row) => widthOf(plainText(row))));

/** What hostile text is made of; it goes through `safeText` where it enters, as all text does. */
export const HOSTILE = `\u001b[31m\u001b]0;owned\u0007\u202eredro\u202c 火事火事 مرحبا ${'long '.repeat(1_000)}`;
