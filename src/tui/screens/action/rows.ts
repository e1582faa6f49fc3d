// Owns the layout of an action's card: state and next step stay, the rest scrolls where the window is small.
import type { PlanChange } from '../../../incident/events.ts';
import { ARROW } from '../../glyphs.ts';
import { blank, line, type Row, type Size, type StyleName, segment } from '../../row.ts';
import { spread, widthOf, wrapText } from '../../width.ts';
import type { Pane } from '../room/rows.ts';
import type { CardModel } from './view-model.ts';

const LABEL_WIDTH = 10;
const MOST_LINES = 4;

export const cardRows = (model: CardModel, { columns: width, rows: height }: Size): Pane => {
  const fixed = fixedRows(model, width);
  const facts = factRows(model, width);
  const room = Math.max(0, height - fixed.length);
  const maxScroll = Math.max(0, facts.length - room);
  const top = Math.min(model.top, maxScroll);
  return { rows: [...fixed, ...facts.slice(top, top + room)].slice(0, height), maxScroll, page: Math.max(1, room) };
};

const fixedRows = (model: CardModel, width: number): readonly Row[] => {
  const { state, step, field } = model;
  return [
    spread(
      [segment(` ${model.id}  `, 'bold'), segment(model.title, 'bold')],
      [segment(`  ${model.asked} `, 'dim')],
      width,
    ),
    spread(
      [segment(` ${state.text}`, state.tone)],
      [segment(state.left === '' ? '' : `  ${state.left} `, state.tone)],
      width,
    ),
    ...(field === null ? [] : [fieldRow(field)]),
    ...stepRows(step, width),
    blank,
  ];
};

const stepRows = ({ text, tone }: CardModel['step'], width: number): readonly Row[] =>
  text === ''
    ? []
    : wrapText(text, Math.max(1, width - 2), MOST_LINES).map((words) =>
        line(` ${words}`, tone === 'plain' ? 'bold' : tone),
      );

const fieldRow = (field: NonNullable<CardModel['field']>): Row => [
  segment(' name  '),
  segment(` ${field.typed}${field.isOpen ? '_' : ''} `, field.isOpen ? 'selected' : 'plain'),
  segment(field.matches ? '  matches' : '', 'ok'),
];

const factRows = (model: CardModel, width: number): readonly Row[] => [
  ...changeRows(model, width),
  ...labelled('touches', model.touches, width),
  ...labelled('same as', model.command === '' ? [] : [model.command], width),
  ...labelled('undo', model.inverse === '' ? [] : [model.inverse], width),
  ...labelled('expires', model.expires === '' ? [] : [model.expires], width),
];

/** A label before the first line; the lines stand under each other. */
const labelled = (label: string, texts: readonly string[], width: number): readonly Row[] =>
  texts
    .flatMap((text) => wrapText(text, Math.max(1, width - LABEL_WIDTH - 2), MOST_LINES))
    .map((text, index): Row => [segment(` ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}`, 'dim'), segment(text)]);

const changeRows = (model: CardModel, width: number): readonly Row[] => {
  if (model.changes.length === 0) return [];
  const isConflict = model.changesTitle !== 'changes';
  const lines = model.changes.flatMap((change) => changeLines(change, width - LABEL_WIDTH - 2));
  const title: readonly Row[] = isConflict ? [[segment(` ${model.changesTitle}`, 'warn')]] : [];
  return [
    ...title,
    ...lines.map(
      (line, index): Row => [
        segment(` ${(index === 0 && !isConflict ? 'changes' : '').padEnd(LABEL_WIDTH)}`, 'dim'),
        ...line,
      ],
    ),
  ];
};

const changeLines = ({ path, before, after }: PlanChange, width: number): readonly Row[] => {
  const short = `${path}: ${before} ${ARROW} ${after}`;
  if (widthOf(short) <= width)
    return [[segment(`${path}: `), segment(before, 'removed'), segment(` ${ARROW} `), segment(after, 'added')]];
  const part = (sign: string, text: string, style: StyleName): readonly Row[] =>
    wrapText(text, Math.max(1, width - 2), MOST_LINES).map(
      (words, index): Row => [segment(index === 0 ? `${sign} ` : '  ', style), segment(words, style)],
    );
  return [[segment(path)], ...part('-', before, 'removed'), ...part('+', after, 'added')];
};
