// Owns the whole window: which screen, the notice, the keys. Exactly as many rows as the window has, never one more.
import type { RoomView } from '../client/room-client.ts';
import { above, aboveScreen } from './above.ts';
import type { OnScreen } from './dialog.ts';
import { footer } from './footer.ts';
import { type Leaving, leavingWords } from './leaving.ts';
import { rememberedWith } from './remembered.ts';
import { blank, line, type Row, type Size, type StyleName, segment } from './row.ts';
import { momentOf } from './screen-keys.ts';
import { cardRows } from './screens/action/rows.ts';
import { cardModel } from './screens/action/view-model.ts';
import { dialogRows } from './screens/dialog/rows.ts';
import { dialogModel } from './screens/dialog/view-model.ts';
import { helpRows } from './screens/help/rows.ts';
import { helpModel } from './screens/help/view-model.ts';
import { paletteRows } from './screens/palette/rows.ts';
import { paletteModel } from './screens/palette/view-model.ts';
import { ruleRow } from './screens/room/head-rows.ts';
import { type Pane, roomRows } from './screens/room/rows.ts';
import { roomModel } from './screens/room/view-model.ts';
import { screens } from './screens/screens.ts';
import { incidentOf, keySituation, type Notice, type Ui } from './ui.ts';
import { cut, cutRow } from './width.ts';

export const SMALLEST: Size = { columns: 40, rows: 10 };

export interface FrameMoment {
  readonly view: RoomView;
  readonly ui: Ui;
  /** The agent's clock, epoch milliseconds. */
  readonly now: number;
}

export const isTooSmall = ({ columns, rows }: Size): boolean => columns < SMALLEST.columns || rows < SMALLEST.rows;

/** The window as rows, cut to its width. */
export const frame = (moment: FrameMoment, size: Size): Pane => {
  if (isTooSmall(size)) return tooSmall(size, moment.ui.ends);
  const pane = paneOf(moment, { columns: size.columns, rows: size.rows - 2 });
  const body = Array.from({ length: size.rows - 2 }, (_, index) => pane.rows[index] ?? blank);
  const rows = [...body, noticeRow(moment.ui, size.columns), footer(moment, size.columns)];
  return { ...pane, rows: rows.map((row) => fitted(row, size.columns)) };
};

// Most rows are the very ones of the frame before.
const fitted = rememberedWith(cutRow);

const tooSmall = ({ columns, rows }: Size, ends: Leaving): Pane => {
  const words = [
    'window too small',
    `${columns}x${rows}, needs ${SMALLEST.columns}x${SMALLEST.rows}`,
    leavingWords[ends].tooSmall,
  ];
  return {
    rows: words.slice(0, Math.max(0, rows)).map((text) => line(cut(text, columns), 'bold')),
    maxScroll: 0,
    page: 1,
  };
};

const paneOf = ({ view, ui, now }: FrameMoment, size: Size): Pane => {
  const { dialog } = ui;
  const incident = incidentOf(ui, { view });
  if (dialog === null) return roomRows(roomModel(view, { incident, now, scroll: ui.scroll }), size);
  switch (dialog.name) {
    case 'help':
      return helpRows(helpModel(keySituation(ui, { view, now }), { top: dialog.top, ends: ui.ends }), size);
    case 'palette':
      return below(aboveScreen({ view, ui, now }, 'ALL COMMANDS', size), size, (rest) =>
        paletteRows(paletteModel(keySituation(ui, { view, now }), dialog), rest),
      );
    case 'screen':
      return screenPane({ view, ui, now }, dialog, size);
    case 'card':
      return below(above({ view, ui, now }, size), size, (rest) =>
        cardRows(cardModel(view, { now, card: dialog }), rest),
      );
    case 'menu':
    case 'entry':
    case 'ask':
      return below(above({ view, ui, now }, size), size, (rest) => dialogRows(dialogModel(view, dialog), rest));
    default:
      return dialog satisfies never;
  }
};

const screenPane = ({ view, ui, now }: FrameMoment, on: OnScreen, size: Size): Pane => {
  const screen = screens[on.screen];
  const moment = momentOf(ui, on, { view, now });
  const empty = screen.empty(moment);
  return below(aboveScreen({ view, ui, now }, screen.title(moment), size), size, (rest) =>
    empty === null
      ? screen.pane(moment, rest)
      : { rows: [blank, line(` ${cut(empty, rest.columns - 2)}`, 'dim')], maxScroll: 0, page: 1 },
  );
};

const below = (top: readonly Row[], size: Size, rows: (rest: Size) => Pane): Pane => {
  const pane = rows({ columns: size.columns, rows: size.rows - top.length });
  return { ...pane, rows: [...top, ...pane.rows] };
};

const noticeStyles: Readonly<Record<Notice['tone'], StyleName>> = {
  hint: 'dim',
  refused: 'warn',
  done: 'ok',
  trouble: 'loud',
};

const noticeRow = ({ notice, dialog }: Ui, width: number): Row => {
  if (notice !== null) return [segment(` ${notice.text}`, noticeStyles[notice.tone])];
  const isFiltered = dialog?.name === 'screen' && (dialog.isFiltering || dialog.filter !== '');
  if (!isFiltered) return ruleRow(width);
  return [segment(' /', 'key'), segment(`${cut(dialog.filter, width - 4)}${dialog.isFiltering ? '_' : ''}`, 'bold')];
};
