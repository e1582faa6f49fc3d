// Owns the layout of menus, text entries and questions.

import type { Option } from '../../menu-options.ts';
import { remembered } from '../../remembered.ts';
import { blank, line, type Row, type Size, segment } from '../../row.ts';
import { cut, graphemesOf, rowToWidth, toWidth, widthOf, wrapText } from '../../width.ts';
import type { Pane } from '../room/rows.ts';
import { windowTop } from '../screen.ts';
import type { DialogModel } from './view-model.ts';

export const dialogRows = (model: DialogModel, { columns: width, rows: height }: Size): Pane => {
  const rows = rowsOf(model, width, Math.max(0, height - 1));
  return {
    rows: [line(` ${cut(model.title, width - 2)}`, 'bold'), ...rows].slice(0, height),
    maxScroll: 0,
    page: Math.max(1, height - 2),
  };
};

const rowsOf = (model: DialogModel, width: number, height: number): readonly Row[] => {
  switch (model.kind) {
    case 'menu':
      return menuRows(model, width, height);
    case 'entry':
      return [...entryRows(model.text, width, Math.max(1, height - 2)), blank, line(` ${model.hint}`, 'dim')];
    case 'ask':
      return [
        ...model.warnings.flatMap((text) => wrapText(text, width - 3, 3)).map((text) => line(`   ${text}`, 'loud')),
        ...model.lines.flatMap((text) => wrapText(text, width - 3, 3)).map((text) => line(`   ${text}`)),
        blank,
        ...(model.refused === null
          ? [[segment(' y', 'key'), segment(' yes, alone   '), segment('x', 'key'), segment(' no')]]
          : wrapText(`REFUSED: ${model.refused}`, width - 2, 5).map((text): Row => line(` ${text}`, 'loud'))),
      ];
    default:
      return model satisfies never;
  }
};

const menuRows = (model: Extract<DialogModel, { kind: 'menu' }>, width: number, height: number): readonly Row[] => {
  if (model.options.length === 0) return [line(' nothing to choose from', 'dim')];
  const top = windowTop(model.cursor, { count: model.options.length, room: height });
  const titleWidth = Math.min(Math.floor(width / 2), widestTitle(model.options));
  return model.options
    .slice(top, top + height)
    .map((option, index) => optionRow(option, { width, titleWidth, isMarked: top + index === model.cursor }));
};

const widestTitle = remembered((options: readonly Option[]) =>
  options.reduce((most, { title }) => Math.max(most, widthOf(title)), 0),
);

interface OptionLayout {
  readonly width: number;
  readonly titleWidth: number;
  readonly isMarked: boolean;
}

const optionRow = (option: Option, { width, titleWidth, isMarked }: OptionLayout): Row => {
  const words = option.disabledReason === null ? option.detail : `not now: ${option.disabledReason}`;
  const row: Row = [
    segment(isMarked ? ' > ' : '   ', 'bold'),
    segment(toWidth(option.key, 2), option.disabledReason === null ? 'key' : 'dim'),
    segment(`${toWidth(option.title, titleWidth)}  `, option.disabledReason === null ? 'plain' : 'dim'),
    segment(words, option.disabledReason === null ? 'dim' : 'warn'),
  ];
  return isMarked ? rowToWidth(row, width).map((part) => ({ ...part, style: 'selected' })) : row;
};

/** The end of the text is where one writes: what does not fit is left out at the beginning. */
const entryRows = (text: string, width: number, maxRows: number): readonly Row[] => {
  const room = Math.max(1, width - 4);
  const rows: string[] = [''];
  for (const character of [...graphemesOf(text), '_']) {
    const last = rows.at(-1) ?? '';
    if (widthOf(last) + widthOf(character) > room) rows.push(character);
    else rows[rows.length - 1] = last + character;
  }
  return rows.slice(-maxRows).map((words): Row => [segment('  '), segment(` ${toWidth(words, room)}`, 'selected')]);
};
