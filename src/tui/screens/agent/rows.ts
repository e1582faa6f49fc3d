// Owns the layout of the agent's health: facts, then what is wrong in full, then who is here and what does not get out.
import { plural } from '../../format.ts';
import { rememberedWith } from '../../remembered.ts';
import { type Row, type Size, segment } from '../../row.ts';
import { cut, cutRow, padEnd, toWidth, widthOf, widthOfRow, wrapText } from '../../width.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { Pane } from '../room/rows.ts';
import { scrollPane } from '../scroll-pane.ts';
import type { Deliveries, DeliveryLine } from './deliveries.ts';
import type { AgentModel, Fact, PersonHere } from './view-model.ts';

const LABEL = 15;
const PROBLEM_LINES = 6;
const WIDEST_NAME = 24;
const SINCE_WIDTH = 20;
const MOST_PEOPLE = 50;
const STATE_LINES = 2;

export const agentRows = (model: AgentModel, top: number, { columns: width, rows: height }: Size): Pane => {
  const rows = [
    ...refusedRows(model.refused, width),
    ...model.facts.flatMap((fact) => factRows(fact, width)),
    ...deliveryRows(model.deliveries, width),
    ...peopleRows(model.people, width),
    ...(model.tests.length === 0 ? [] : [ruleRow(width, 'TESTS OF CONTACTS'), ...lineRows(model.tests, width)]),
  ];
  return scrollPane(rows, top, height);
};

/** First of all: the agent runs on something else than what is written. */
const refusedRows = (refused: AgentModel['refused'], width: number): readonly Row[] => {
  if (refused === null) return [];
  const { when, problem, remedy } = refused;
  return [
    [segment(' CONFIGURATION REFUSED', 'loud'), segment(`  ${when}`, 'dim')],
    ...wrapText(problem, width - 3, PROBLEM_LINES).map((text): Row => [segment(`  ${text}`, 'bad')]),
    ...remedy.flatMap((words) => wrapText(words, width - 3, 3).map((text): Row => [segment(`  ${text}`)])),
    ruleRow(width),
  ];
};

const factRows = ({ label, words, tone }: Fact, width: number): readonly Row[] =>
  wrapText(words, width - LABEL - 2, 3).map(
    (text, index): Row => [segment(` ${toWidth(index === 0 ? label : '', LABEL - 1)} `, 'dim'), segment(text, tone)],
  );

const deliveryRows = ({ pending, retrying, failed, lines }: Deliveries, width: number): readonly Row[] => {
  const counts = [
    ...(failed === 0 ? [] : [`${failed} FAILED`]),
    ...(retrying === 0 ? [] : [`${retrying} tried again`]),
    ...(pending === 0 ? [] : [`${pending} waiting`]),
  ];
  const more = failed + retrying + pending - lines.length;
  return [
    ruleRow(width, `PAGES AND MESSAGES ${counts.length === 0 ? 'none waits, none failed' : counts.join(', ')}`),
    ...lineRows(lines, width),
    ...(more <= 0 ? [] : [[segment(` and ${more} more`, 'dim')]]),
  ];
};

const lineRows = (lines: readonly DeliveryLine[], width: number): readonly Row[] => {
  const timeWidth = lines.reduce((most, { at }) => Math.max(most, widthOf(at)), 0);
  const whatWidth = Math.min(
    lines.reduce((most, { what }) => Math.max(most, widthOf(what)), 0),
    Math.floor(width * 0.55),
  );
  return lines.flatMap(({ at, what, state, tone }): readonly Row[] => {
    const first: Row = [segment(` ${toWidth(at, timeWidth)}  `, 'dim'), segment(`${toWidth(what, whatWidth)}  `)];
    const left = width - widthOfRow(first) - 1;
    if (widthOf(state) <= left) return [[...first, segment(state, tone)]];
    const below = width - timeWidth - 6;
    return [
      cutRow([segment(` ${toWidth(at, timeWidth)}  `, 'dim'), segment(what)], width),
      ...wrapText(state, below, STATE_LINES).map(
        (text): Row => [segment(' '.repeat(timeWidth + 5)), segment(text, tone)],
      ),
    ];
  });
};

const peopleRows = rememberedWith((people: readonly PersonHere[], width: number): readonly Row[] => {
  const shown = people.slice(0, MOST_PEOPLE).map((one) => ({ ...one, name: cut(one.name, WIDEST_NAME) }));
  const nameWidth = shown.reduce((most, { name }) => Math.max(most, widthOf(name)), 8);
  const room = Math.max(8, width - nameWidth - SINCE_WIDTH);
  const placed = shown.map((one) => ({ ...one, where: cut(one.where, room) }));
  const whereWidth = placed.reduce((most, { where }) => Math.max(most, widthOf(where)), 8);
  const more = people.length - shown.length;
  return [
    ruleRow(width, people.length === 0 ? 'HERE nobody is known' : `HERE ${plural(people.length, 'terminal')}`),
    ...placed.map(
      ({ name, isMe, where, since, clock, isClockWrong }): Row =>
        cutRow(
          [
            segment(` ${padEnd(name, nameWidth)}  `, isMe ? 'bold' : 'plain'),
            segment(`${padEnd(where, whereWidth)}  `),
            segment(since, 'dim'),
            ...(clock === null ? [] : [segment(`  ${clock}`, isClockWrong ? 'loud' : 'warn')]),
          ],
          width,
        ),
    ),
    ...(more <= 0 ? [] : [[segment(` and ${more} more`, 'dim')]]),
  ];
});
