// Owns the whole window: which screen, the notice, the keys. Exactly as many rows as the window has, never one more.
import type { RoomView } from '../client/room-client.ts';
import type { KeySituation, Place } from './binding.ts';
import type { Dialog } from './dialog.ts';
import { connectionReason } from './key-reasons.ts';
import { bindingsIn } from './keymap.ts';
import { type Leaving, leavingWords } from './leaving.ts';
import { blank, line, type Row, type Size, type StyleName, segment } from './row.ts';
import { cardRows } from './screens/action/rows.ts';
import { cardModel } from './screens/action/view-model.ts';
import { dialogRows } from './screens/dialog/rows.ts';
import { dialogModel } from './screens/dialog/view-model.ts';
import { helpRows } from './screens/help/rows.ts';
import { helpModel } from './screens/help/view-model.ts';
import { incidentsRows } from './screens/incidents/rows.ts';
import { incidentsModel } from './screens/incidents/view-model.ts';
import { bannerOf, connectionWords, headModel } from './screens/room/head-model.ts';
import { bannerRow, headRows, ruleRow } from './screens/room/head-rows.ts';
import { calmHeadRow, type Pane, roomRows } from './screens/room/rows.ts';
import { signalRows, wantedSignalRows } from './screens/room/signal-rows.ts';
import { roomModel, type Signals, signalsOf } from './screens/room/view-model.ts';
import { conflictedUndoOf, findAction } from './select.ts';
import { incidentOf, keySituation, type Notice, type Ui } from './ui.ts';
import { cut, cutRow, widthOfRow } from './width.ts';

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
  const rows = [...body, noticeRow(moment.ui.notice, size.columns), footer(moment, size.columns)];
  return { ...pane, rows: rows.map((row) => cutRow(row, size.columns)) };
};

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
    case 'incidents':
      return incidentsRows(incidentsModel(view, { now, cursor: dialog.cursor }), size);
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

const below = (top: readonly Row[], size: Size, rows: (rest: Size) => Pane): Pane => {
  const pane = rows({ columns: size.columns, rows: size.rows - top.length });
  return { ...pane, rows: [...top, ...pane.rows] };
};

/** How bad it is stays in view over every dialog, as far as the window has rows for it. */
const above = ({ view, ui, now }: FrameMoment, { columns: width, rows: height }: Size): readonly Row[] => {
  const incident = incidentOf(ui, { view });
  const connection = connectionWords(view.connection, view, now);
  const whole = { columns: width, rows: height };
  if (incident === null) return aboveInCalm({ view, ui, now }, whole);
  const head = headRows(headModel(view, incident, now), connection, width);
  if (height < 14) return head.slice(0, 1);
  const signals = signalsOf(view, incident, now);
  const banner = ui.dialog?.name === 'card' ? null : bannerOf(view, incident, now);
  if (isDeclaring(ui.dialog)) return [...head, bannerRow(banner, width), ...allSignals(signals, whole)];
  const cardService = ui.dialog?.name === 'card' ? findAction(view.room, ui.dialog.action)?.service : undefined;
  const services =
    cardService === undefined
      ? signals.services.slice(0, Math.max(1, signals.ownServices))
      : signals.services.filter((one) => one.service === cardService);
  const rows = signalRows(
    { ...signals, services, ownServices: services.length, checks: cardService === undefined ? signals.checks : [] },
    width,
    3,
  );
  return [...head, bannerRow(banner, width), ...rows, ruleRow(width)];
};

/** Whoever declares looks for what fails: every service stays in view. */
const isDeclaring = (dialog: Dialog | null): boolean =>
  (dialog?.name === 'menu' && (dialog.menu.kind === 'declare-service' || dialog.menu.kind === 'declare-severity')) ||
  (dialog?.name === 'entry' && dialog.purpose.kind === 'declare-title');

const allSignals = (signals: Signals, { columns: width, rows: height }: Size): readonly Row[] => [
  ...signalRows(signals, width, Math.min(wantedSignalRows(signals), Math.floor(height * 0.3))),
  ruleRow(width),
];

const aboveInCalm = ({ view, now }: FrameMoment, size: Size): readonly Row[] => {
  const model = roomModel(view, { incident: null, now, scroll: 0 });
  if (model.kind !== 'calm') return [];
  const head = calmHeadRow(model, size.columns);
  return size.rows < 14 ? [head] : [head, ruleRow(size.columns), ...allSignals(model.signals, size)];
};

const noticeStyles: Readonly<Record<Notice['tone'], StyleName>> = {
  hint: 'dim',
  refused: 'warn',
  done: 'ok',
  trouble: 'loud',
};

const noticeRow = (notice: Notice | null, width: number): Row =>
  notice === null ? ruleRow(width) : [segment(` ${notice.text}`, noticeStyles[notice.tone])];

const placeOf = (dialog: Dialog | null): Place => {
  switch (dialog?.name) {
    case undefined:
      return 'room';
    case 'card':
      return dialog?.name === 'card' && dialog.isTyping ? 'entry' : 'card';
    case 'ask':
      return 'question';
    case 'menu':
      return 'menu';
    case 'entry':
      return 'entry';
    case 'help':
    case 'incidents':
      return 'list';
    default:
      return 'room';
  }
};

const footer = ({ view, ui, now }: FrameMoment, width: number): Row => {
  const situation = keySituation(ui, { view, now });
  const possible = footerKeys(ui, situation);
  const stale = connectionReason(situation);
  const front: Row =
    stale !== null && ui.dialog === null ? [segment(' only looking', 'warn'), segment('  ')] : [segment(' ')];
  const fixed = possible.filter(({ key }) => key === '?' || key === 'q');
  const wanted = [...possible.filter((one) => !fixed.includes(one)), ...fixed];
  return cutRow(fitting([front, ...wanted.map(keyWords)], { width, last: fixed.length }), width);
};

interface FooterKey {
  readonly key: string;
  readonly label: string;
}

const keyWords = ({ key, label }: FooterKey): Row => [segment(key, 'key'), segment(` ${label}  `)];

const footerKeys = (ui: Ui, situation: KeySituation): readonly FooterKey[] => {
  const { dialog } = ui;
  if (dialog?.name === 'card') return cardKeys(ui, situation);
  return bindingsIn(placeOf(dialog))
    .filter((binding) => binding.label !== '' && binding.disabledReason(situation) === null)
    .filter((binding) => !(dialog?.name === 'help' && binding.id === 'open'))
    .map(({ id, keys, label }) => ({ key: id === 'scroll' ? keys.slice(0, 2).join(' ') : (keys[0] ?? ''), label }));
};

const cardKeys = (ui: Ui, { view }: KeySituation): readonly FooterKey[] => {
  if (ui.dialog?.name !== 'card') return [];
  const action = findAction(view.room, ui.dialog.action);
  const state = action?.state.name ?? 'requested';
  const waitsForAnother =
    action?.confirm === 'two-person' && action.state.name === 'armed' && action.state.by === view.me;
  const back = { key: 'h', label: 'back' };
  const cancel = { key: 'x', label: 'cancel' };
  if (ui.dialog.isTyping)
    return [
      { key: 'Enter', label: 'leaves the name' },
      { key: 'Esc', label: 'cancel' },
      { key: 'Ctrl-U', label: 'erase' },
    ];
  if (state === 'armed') return waitsForAnother ? [cancel, back] : [{ key: 'y', label: 'confirm' }, cancel, back];
  if (state === 'planned') return [{ key: 'A', label: 'arm' }, cancel, back];
  if (state === 'requested') return [cancel, back];
  if (action !== null && conflictedUndoOf(action) !== null) return [{ key: 'u', label: 'try again' }, back];
  return state === 'applied' || state === 'unknown' ? [{ key: 'u', label: 'undo' }, back] : [back];
};

/** Leaves out from the middle what does not fit: the last ones, help and quit, are always there. */
const fitting = (parts: readonly Row[], { width, last }: { readonly width: number; readonly last: number }): Row => {
  const ending = last === 0 ? [] : parts.slice(-last);
  let left = width + 2 - ending.reduce((sum, part) => sum + widthOfRow(part), 0);
  const kept: Row[] = [];
  for (const part of parts.slice(0, parts.length - last)) {
    left -= widthOfRow(part);
    if (left < 0) break;
    kept.push(part);
  }
  const row = [...kept, ...ending].flat();
  return row.map((part, index) => (index === row.length - 1 ? { ...part, text: part.text.trimEnd() } : part));
};
