// Owns the layout of the palette: the typed line, then one row for each command.
import { rememberedWith } from '../../remembered.ts';
import { line, type Row, type Size, segment } from '../../row.ts';
import { cut, rowToWidth, toWidth } from '../../width.ts';
import { fewerWords } from '../help/fewer-words.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import { windowTop } from '../screen.ts';
import type { PaletteModel } from './view-model.ts';

const KEY_WIDTH = 7;

export const paletteRows = (model: PaletteModel, { columns: width, rows: height }: Size): Pane => {
  const head: readonly Row[] = [
    [segment(' : ', 'key'), segment(`${cut(model.text, width - 6)}_`, 'bold')],
    ruleRow(width),
  ];
  const room = Math.max(0, height - head.length);
  const top = windowTop(model.cursor, { count: model.found.length, room });
  const rows = model.found
    .slice(top, top + room)
    .map((command, index) => commandRow(command, width, top + index === model.cursor));
  const nothing = model.found.length === 0 ? [line(' no command is called that', 'dim')] : [];
  return { rows: [...head, ...nothing, ...rows].slice(0, height), maxScroll: 0, page: Math.max(1, room) };
};

const commandRow = rememberedWith((command: PaletteModel['found'][number], width: number, isMarked: boolean): Row => {
  const { words, detail, key, disabledReason } = command;
  const wordsWidth = Math.min(48, Math.max(24, Math.floor(width * 0.45)));
  const room = Math.max(0, width - wordsWidth - KEY_WIDTH - 5);
  const row: Row = [
    segment(isMarked ? '> ' : '  ', 'bold'),
    segment(toWidth(key, KEY_WIDTH), disabledReason === null ? 'key' : 'dim'),
    segment(`${toWidth(words, wordsWidth)}  `, disabledReason === null ? 'plain' : 'dim'),
    disabledReason === null
      ? segment(fewerWords(detail, room) || cut(detail, room), 'dim')
      : segment(fewerWords(disabledReason, room, 'not now: ') || cut(disabledReason, room), 'warn'),
  ];
  return isMarked ? rowToWidth(row, width).map((part) => ({ ...part, style: 'selected' })) : row;
});
