// Owns the layout of the room: how the rows of a window are shared out, from 40 by 10 upwards. Never one row too many.

import type { Severity } from '../../../incident/words.ts';
import { blank, type Row, type Size, segment } from '../../row.ts';
import { cut, spread, toWidth } from '../../width.ts';
import { columnRows, escalationRows, ledgerRows, wantedColumnRows } from './column-rows.ts';
import { type Facts, factRows } from './fact-rows.ts';
import { bannerRow, connectionSegment, headRows, privateMark, ruleRow, severityStyles } from './head-rows.ts';
import { signalRows, wantedSignalRows } from './signal-rows.ts';
import { timelineRows } from './timeline-rows.ts';
import type { CalmModel, IncidentModel, RoomModel } from './view-model.ts';

/** A screen's rows without the last two, which belong to notices and keys. */
export interface Pane {
  readonly rows: readonly Row[];
  readonly maxScroll: number;
  readonly page: number;
}

export const roomRows = (model: RoomModel, size: Size): Pane => {
  if (model.kind === 'calm') return calmRows(model, size);
  return size.columns < 80 || size.rows < 22 ? narrowRows(model, size) : fullRows(model, size);
};

const fullRows = (model: IncidentModel, { columns: width, rows: height }: Size): Pane => {
  const top = [...headRows(model.head, model.connection, width), bannerRow(model.banner, width)];
  const proposals = model.proposals.map((text): Row => [segment(` ${cut(text, width - 2)}`, 'warn')]);
  const room = height - top.length - proposals.length - 2;
  const signals = signalRows(
    model.signals,
    width,
    Math.min(wantedSignalRows(model.signals), Math.max(4, Math.floor(room * 0.3))),
  );
  const maxRows = Math.min(wantedColumnRows(model.escalation, model.ledger), Math.max(5, Math.floor(room * 0.4)));
  const columns = columnRows(model.escalation, model.ledger, { width, maxRows });
  const facts = fittingFacts(model.facts, { columns: width, rows: height }, room - signals.length - columns.length);
  const timelineHeight = Math.max(1, room - signals.length - facts.length - columns.length);
  const timeline = timelineRows(model.timeline, model.scroll, { width, height: timelineHeight });
  const label = timeline.scroll === 0 ? 'TIMELINE UTC' : `TIMELINE UTC, ${timeline.scroll} newer rows above: Home`;
  const rows = [
    ...top,
    ...signals,
    ...facts,
    ruleRow(width),
    ...columns,
    ...proposals,
    ruleRow(width, label),
    ...timeline.rows,
  ];
  return { rows: rows.slice(0, height), maxScroll: timeline.maxScroll, page: timelineHeight };
};

/** From here on there is room for more than what must be seen. */
const TALL = 28;
const SHORTEST_TIMELINE = 3;

/** They take rows from the timeline, of which a few stay. */
const fittingFacts = (facts: Facts, { columns: width, rows: height }: Size, left: number): readonly Row[] =>
  factRows(facts, { width, silences: height < TALL ? 1 : 3, links: height < TALL ? 0 : 3 }).slice(
    0,
    Math.max(0, left - SHORTEST_TIMELINE),
  );

/** One column: what matters most first, and as much of the rest as fits. */
const narrowRows = (model: IncidentModel, { columns: width, rows: height }: Size): Pane => {
  const { head, connection } = model;
  const people = head.hasNoCommander ? segment('NO COMMANDER', 'loud') : segment(`IC ${head.roles[0]?.person ?? '-'}`);
  const place = segment(
    `${head.isProduction ? 'PROD ' : ''}${head.environment}`,
    head.isProduction ? 'production' : 'dim',
  );
  const top: readonly Row[] = [
    spread(
      [segment(` ${head.severity} `, severityStyles[head.severity]), segment(` ${head.id}`)],
      [...privateMark(head), segment(`${head.elapsed} ${head.phase} `, 'bold')],
      width,
    ),
    [segment(` ${cut(head.title, width - 2)}`, 'bold')],
    spread([segment(' '), people, segment('  '), place], [connectionSegment(connection), segment(' ')], width),
    bannerRow(model.banner, width),
  ];
  const room = Math.max(0, height - top.length);
  const signals = room < 2 ? [] : signalRows(model.signals, width, Math.max(1, Math.floor(room / 4)));
  const ladder = escalationRows(model.escalation, width, Math.max(2, Math.floor(room / 4)));
  const ledger = model.ledger.isEmpty
    ? []
    : ledgerRows(model.ledger, width - 1, Math.max(3, Math.floor(room / 3))).map((row) => [segment(' '), ...row]);
  const proposals = model.proposals.map((text): Row => [segment(` ${cut(text, width - 2)}`, 'warn')]);
  const facts = room < 12 ? [] : factRows(model.facts, { width, silences: 1, links: 0 });
  const above = [...top, ...signals, ...facts, ...proposals, ...ledger, ...ladder].slice(0, height);
  const left = height - above.length - 1;
  if (left < 1) return { rows: above, maxScroll: 0, page: 1 };
  const timeline = timelineRows(model.timeline, model.scroll, { width, height: left });
  return { rows: [...above, ruleRow(width, 'UTC'), ...timeline.rows], maxScroll: timeline.maxScroll, page: left };
};

export const calmHeadRow = (model: CalmModel, width: number): Row =>
  spread(
    [segment(' warroom   ', 'bold'), segment(model.headline, model.tone), segment(`   ${model.detail}`, 'dim')],
    [segment('   '), connectionSegment(model.connection), segment(' ')],
    width,
  );

const calmRows = (model: CalmModel, { columns: width, rows: height }: Size): Pane => {
  const past = model.past.map(({ severity, id, title, words }): Row => {
    const left = [
      segment(` ${severity} `, severityStyles[severity as Severity] ?? 'plain'),
      segment(` ${toWidth(id, 15)} `),
      segment(title),
    ];
    return spread(left, [segment(`  ${words} `, 'dim')], width);
  });
  const facts = height < 8 ? [] : factRows(model.facts, { width, silences: height < TALL ? 2 : 5, links: 0 });
  const room = Math.max(1, height - 4 - facts.length);
  const signals = signalRows(model.signals, width, Math.max(1, room - Math.min(past.length, Math.floor(room / 3)) - 2));
  const before = past.length === 0 ? [] : [blank, ruleRow(width, 'LAST INCIDENTS'), ...past];
  const rows = [calmHeadRow(model, width), bannerRow(model.banner, width), ...signals, ...facts, ...before];
  return { rows: rows.slice(0, height), maxScroll: 0, page: 1 };
};
