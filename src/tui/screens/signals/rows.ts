// Owns the layout of the chart of one service: the charts as high as there is room, what belongs to them below.
import { percent, perSecond, seconds } from '../../format.ts';
import { type Row, type Size, type StyleName, segment } from '../../row.ts';
import { cut, cutRow, toWidth, widthOf, wrapText } from '../../width.ts';
import { silenceRow } from '../room/fact-rows.ts';
import { ruleRow } from '../room/head-rows.ts';
import type { LinkLine } from '../room/link-model.ts';
import type { Pane } from '../room/rows.ts';
import { scrollPane } from '../scroll-pane.ts';
import { type Chart, chartRows } from './chart.ts';
import { lengthWords, measuredIn, type Stretches, stretchesFor } from './stretches.ts';
import { legendRows, lettered, markRow, timeRow } from './time-axis.ts';
import type { CheckLine, Neighbour, SignalsModel } from './view-model.ts';

const LABEL_WIDTH = 13;
const NARROW_LABEL_WIDTH = 8;
const NARROW = 60;
const LOWEST_CHART = 6;
const HIGHEST_CHART = 24;
const SMALL_CHART = 3;
/** From so many rows for charts on, the two small ones have room. */
const ROOM_FOR_SMALL = 18;

export const signalsRows = (model: SignalsModel, top: number, { columns: width, rows: height }: Size): Pane => {
  const labelWidth = width < NARROW ? NARROW_LABEL_WIDTH : LABEL_WIDTH;
  const stretches = stretchesFor(model.points, model.now, Math.max(10, width - labelWidth - 2));
  const marks = lettered(model.marks, stretches);
  const beneath = [
    ...(marks.length === 0 ? [] : [markRow(marks, { labelWidth, columns: stretches.columns })]),
    timeRow(stretches, labelWidth),
    ...legendRows(marks, { width, now: model.now }),
  ];
  const below = [...checkRows(model.checks, width), ...placeRows(model, width)];
  const room = height - 2 - beneath.length - below.length;
  const marked = new Set(marks.map(({ column }) => column));
  const hasSmall = room >= ROOM_FOR_SMALL;
  const chartHeight = Math.max(LOWEST_CHART, Math.min(HIGHEST_CHART, hasSmall ? room - 2 * (SMALL_CHART + 1) : room));
  const chart: Chart = {
    values: measuredIn(model.points, 'errorRatio', stretches),
    limit: model.line.limitRatio,
    marks: marked,
    words: percent,
    leastTop: 0.02,
    mostTop: 1,
    height: chartHeight,
    labelWidth,
  };
  const rows = [
    summaryRow(model, width),
    ruleRow(
      width,
      `ERRORS, last ${lengthWords(stretches.stretchMs * stretches.columns)}, ${columnWords(chart.values, stretches)}`,
    ),
    ...chartRows(chart),
    ...beneath,
    ...(hasSmall ? smallCharts(model, { stretches, chart, width }) : []),
    ...below,
  ];
  return scrollPane(rows, top, height);
};

const columnWords = (values: Chart['values'], { stretchMs }: Stretches): string => {
  if (values.every((value) => value === undefined || value === null)) return 'nothing is known of them';
  const each = `a column is ${lengthWords(stretchMs)}`;
  return values.includes(null) ? `${each}, ? is unknown` : each;
};

const summaryRow = ({ line, silence }: SignalsModel, width: number): Row => {
  if (silence !== null && width < NARROW) return silenceRow(silence, { width, more: '' });
  const errors =
    line.unknownReason === null
      ? segment(`errors ${line.errors}`, line.isAboveLimit ? 'loud' : 'bold')
      : segment(`errors unknown: ${line.unknownReason}`, line.unknownReason === 'idle' ? 'dim' : 'warn');
  const judged = line.isAboveLimit ? segment('  ABOVE ITS LIMIT', 'loud') : segment('');
  return cutRow(
    [
      segment(' '),
      errors,
      judged,
      segment(`   ${line.limit}`, 'dim'),
      segment(`   p95 ${line.p95}`, line.p95 === 'unknown' ? 'warn' : 'plain'),
      segment(`   rate ${line.rate}`, line.rate === 'unknown' ? 'warn' : 'plain'),
    ],
    width,
  );
};

const smallCharts = (
  { points, line }: SignalsModel,
  { stretches, chart, width }: { readonly stretches: Stretches; readonly chart: Chart; readonly width: number },
): readonly Row[] => {
  const small = { ...chart, limit: null, height: SMALL_CHART, mostTop: Number.POSITIVE_INFINITY };
  const p95 = { ...small, values: measuredIn(points, 'p95Seconds', stretches), words: seconds, leastTop: 0.1 };
  const rate = { ...small, values: measuredIn(points, 'requestsPerSecond', stretches), words: perSecond, leastTop: 10 };
  return [
    ruleRow(width, `P95 ${line.p95}`),
    ...chartRows(p95),
    ruleRow(width, `REQUESTS ${line.rate}`),
    ...chartRows(rate),
  ];
};

const checkStyles: Readonly<Record<CheckLine['state'], StyleName>> = { up: 'ok', down: 'loud', unknown: 'warn' };
const checkStates: Readonly<Record<CheckLine['state'], string>> = { up: 'ok', down: 'FAILS', unknown: 'unknown' };
const WIDEST_CHECK = 24;

const checkRows = (checks: readonly CheckLine[], width: number): readonly Row[] => {
  if (checks.length === 0) return [ruleRow(width, 'CHECKS none are configured')];
  const longest = checks.reduce((most, { name }) => Math.max(most, widthOf(name)), 8);
  const nameWidth = Math.min(longest, WIDEST_CHECK, Math.floor(width / 4));
  const sinceWidth = checks.reduce((most, { since }) => Math.max(most, widthOf(since)), 0);
  return [
    ruleRow(width, 'CHECKS'),
    ...checks.map(
      ({ name, state, since, detail }): Row =>
        cutRow(
          [
            segment(` ${toWidth(name, nameWidth)}  `),
            segment(toWidth(checkStates[state], 8), checkStyles[state]),
            segment(`${toWidth(since, sinceWidth)}  `, 'dim'),
            segment(detail, state === 'down' ? 'plain' : 'dim'),
          ],
          width,
        ),
    ),
  ];
};

const PLACE_LABEL = 13;

/** Where it stands: what mutes it, who needs it, what it needs, where to read on. */
const placeRows = ({ silence, standsOn, neededBy, links }: SignalsModel, width: number): readonly Row[] => {
  const rows = [
    ...(silence === null ? [] : [silenceRow(silence, { width, more: '' })]),
    ...neighbourRows('stands on', standsOn, width),
    ...neighbourRows('needed by', neededBy, width),
    ...links.flatMap((link) => linkRows(link, width)),
  ];
  return rows.length === 0 ? [] : [ruleRow(width), ...rows];
};

const placeLabel = (words: string) => segment(` ${toWidth(words, PLACE_LABEL - 1)}`, 'dim');

const neighbourRows = (words: string, neighbours: readonly Neighbour[], width: number): readonly Row[] => {
  if (neighbours.length === 0) return [];
  const named = neighbours.flatMap(
    ({ service, errors, isAboveLimit, isUnknown }, index): Row => [
      segment(`${index === 0 ? '' : ', '}${cut(service, 40)} `),
      segment(errors, isAboveLimit ? 'loud' : isUnknown ? 'warn' : 'dim'),
    ],
  );
  return [cutRow([placeLabel(words), ...named], width)];
};

/** Never cut: half an address opens nothing. */
const linkRows = ({ kind, of, url }: LinkLine, width: number): readonly Row[] => {
  const title = kind === 'dashboard' ? of : '';
  const room = Math.max(10, width - PLACE_LABEL - 1);
  const lines = wrapText(url, room, Math.ceil(widthOf(url) / room) + 1).filter((text) => text !== '');
  return [
    ...(title === '' ? [] : [cutRow([placeLabel(kind), segment(cut(title, room))], width)]),
    ...lines.map(
      (text, index): Row => [
        title === '' && index === 0 ? placeLabel(kind) : segment(' '.repeat(PLACE_LABEL)),
        segment(text, 'key'),
      ],
    ),
  ];
};
