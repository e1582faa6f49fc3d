// Owns the layout of the help: key, what it does, what follows; greyed with the reason where it is not possible.
import { blank, line, type Row, type Size, segment } from '../../row.ts';
import { toWidth } from '../../width.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import { fewerWords } from './fewer-words.ts';
import type { HelpLine, HelpModel } from './view-model.ts';

const KEYS_WIDTH = 14;

export const helpRows = (model: HelpModel, { columns: width, rows: height }: Size): Pane => {
  const rows = model.sections.flatMap(({ title, keys }, index) => [
    ...(index === 0 ? [] : [blank]),
    line(` ${title}`, 'heading'),
    ...keys.map((key) => helpRow(key, width)),
  ]);
  const head: readonly Row[] = [
    line(' Keys   nothing dangerous is on Enter, on a paste, or on several keys at once', 'bold'),
    ruleRow(width),
  ];
  const room = Math.max(0, height - head.length);
  const maxScroll = Math.max(0, rows.length - room);
  const top = Math.min(model.top, maxScroll);
  return { rows: [...head, ...rows.slice(top, top + room)].slice(0, height), maxScroll, page: Math.max(1, room) };
};

const helpRow = ({ keys, title, consequence, disabledReason }: HelpLine, width: number): Row => {
  const titleWidth = width >= 100 ? 26 : 21;
  const room = Math.max(0, width - KEYS_WIDTH - titleWidth - 5);
  if (disabledReason === null) {
    return [
      segment(`  ${toWidth(keys, KEYS_WIDTH)}`, 'key'),
      segment(`${toWidth(title, titleWidth)}  `),
      segment(fewerWords(consequence, room), 'dim'),
    ];
  }
  return [
    segment(`  ${toWidth(keys, KEYS_WIDTH)}${toWidth(title, titleWidth)}  `, 'dim'),
    segment(fewerWords(disabledReason, room, 'not now: '), 'warn'),
  ];
};
