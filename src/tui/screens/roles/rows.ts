// Owns the layout of the screen of roles: the response target on top, one row for each line below, the marked one in view.

import { placeWords } from '../../place-words.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { blank, type Row, type Size, segment } from '../../row.ts';
import { cut, cutRow, rowToWidth, spread, toWidth } from '../../width.ts';
import type { Pane } from '../room/rows.ts';
import { windowTop } from '../screen.ts';
import { moment, startOfDay } from '../time-words.ts';
import type { ResponseLine } from './response-words.ts';
import type { RolesLine } from './view-model.ts';

interface Listed {
  readonly lines: readonly RolesLine[];
  readonly response: ResponseLine | null;
  /** Of the marked one among the lines that can be marked. */
  readonly cursor: number;
  readonly now: number;
}

export const rolesRows = ({ lines, response, cursor, now }: Listed, { columns: width, rows: height }: Size): Pane => {
  const { all, places } = spaced(lines);
  const head: readonly Row[] = response === null ? [] : [responseRow(response), blank];
  const room = Math.max(1, height - head.length);
  const marked = places[Math.max(0, Math.min(cursor, places.length - 1))] ?? 0;
  const top = windowTop(marked, { count: all.length, room });
  const rows = all
    .slice(top, top + room)
    .map((line, index) => (line === null ? blank : markable(line, width, startOfDay(now), top + index === marked)));
  return { rows: [...head, ...rows].slice(0, height), maxScroll: 0, page: room };
};

/** With a blank row above each heading, and the places of those that can be marked. */
const spaced = remembered((lines: readonly RolesLine[]) => {
  const all = lines.flatMap((line, index): readonly (RolesLine | null)[] =>
    line.kind === 'heading' && index > 0 ? [null, line] : [line],
  );
  const places = all.flatMap((line, index) => (line === null || line.kind === 'heading' ? [] : [index]));
  return { all, places };
});

const responseRow = ({ target, words, tone }: ResponseLine): Row => [
  segment(` ${target}   `, 'dim'),
  segment(words, tone),
];

interface Layout {
  readonly width: number;
  readonly now: number;
  readonly isMarked: boolean;
}

const markable = rememberedWith((line: RolesLine, width: number, now: number, isMarked: boolean): Row => {
  const layout: Layout = { width, now, isMarked };
  const row: Row = [
    segment(layout.isMarked && line.kind !== 'heading' ? '> ' : '  ', 'bold'),
    ...lineRow(line, layout),
  ];
  if (!layout.isMarked || line.kind === 'heading') return cutRow(row, layout.width);
  return rowToWidth(row, layout.width).map((part) => ({ ...part, style: 'selected' }));
});

const lineRow = (line: RolesLine, layout: Layout): Row => {
  switch (line.kind) {
    case 'role':
      return roleRow(line, layout);
    case 'duty':
      return dutyRow(line, layout);
    case 'heading':
      return [segment(line.words, 'heading')];
    case 'here':
      return hereRow(line, layout);
    case 'stretch':
      return stretchRow(line, layout);
    default:
      return line satisfies never;
  }
};

type LineOf<K extends RolesLine['kind']> = Extract<RolesLine, { readonly kind: K }>;

const titleWidth = (width: number): number => (width >= 100 ? 26 : width >= 70 ? 21 : 14);
const nameWidth = (width: number): number => (width >= 100 ? 20 : width >= 70 ? 16 : 12);

const roleRow = (
  { title, holder, isMine, isMissed, isUnfolded, done, of }: LineOf<'role'>,
  { width, now }: Layout,
): Row => {
  const name = holder === null ? (isMissed ? 'NO COMMANDER' : 'nobody') : `${holder.person}${isMine ? ' (you)' : ''}`;
  const count = of === 0 ? 'no duties' : `${done} of ${of} done`;
  return spread(
    [
      segment(`${isUnfolded ? '-' : '+'} `, 'dim'),
      segment(`${toWidth(title, titleWidth(width))} `, 'bold'),
      segment(toWidth(name, nameWidth(width)), isMissed ? 'loud' : holder === null ? 'dim' : 'plain'),
      ...(holder === null ? [] : [segment(` since ${moment(holder.since, now)}`, 'dim')]),
    ],
    [segment(`${count} `, done < of ? 'plain' : 'dim')],
    width - 2,
  );
};

const dutyRow = ({ words, done }: LineOf<'duty'>, { width, now }: Layout): Row => {
  const left: Row = [
    segment(`    ${done === null ? '[ ]' : '[x]'} `, done === null ? 'plain' : 'ok'),
    segment(words, done === null ? 'plain' : 'dim'),
  ];
  const right: Row = done === null ? [] : [segment(`${cut(done.by, 16)} ${moment(done.at, now)} `, 'dim')];
  return done === null ? cutRow(left, width - 3) : spread(left, right, width - 2);
};

const hereRow = ({ presence, isMe }: LineOf<'here'>, { width, now }: Layout): Row => [
  segment(`  ${toWidth(`${presence.name}${isMe ? ' (you)' : ''}`, nameWidth(width))} `, isMe ? 'bold' : 'plain'),
  segment(`${toWidth(placeWords(presence.at), 18)} `, presence.at === null ? 'dim' : 'plain'),
  segment(`${toWidth(presence.incident ?? '-', 14)} `, 'dim'),
  segment(`since ${moment(presence.since, now)}`, 'dim'),
];

const stretchRow = ({ stretch, title }: LineOf<'stretch'>, { width, now }: Layout): Row => {
  const { person, from, until, by } = stretch;
  const end = until === null ? 'now' : moment(until, now);
  return [
    segment(`  ${toWidth(person, nameWidth(width))} `),
    segment(`${toWidth(title, titleWidth(width))} `),
    segment(`${moment(from, now)} - ${end}`, 'dim'),
    ...(by === person ? [] : [segment(`, given by ${cut(by, 20)}`, 'dim')]),
  ];
};
