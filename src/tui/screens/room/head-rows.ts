// Owns the first three rows of every screen about an incident, and the rules between blocks.

import type { Severity } from '../../../incident/words.ts';
import { DASH } from '../../glyphs.ts';
import { type Row, type Segment, type StyleName, segment } from '../../row.ts';
import { cut, rowToWidth, spread, widthOf, widthOfRow } from '../../width.ts';
import type { Banner, ConnectionWords, HeadModel } from './head-model.ts';

export const severityStyles: Readonly<Record<Severity, StyleName>> = {
  SEV1: 'severity1',
  SEV2: 'severity2',
  SEV3: 'severity3',
  SEV4: 'severity4',
};

/** A line across, with a word in it where the block has a name. */
export const ruleRow = (width: number, label = ''): Row =>
  label === ''
    ? [segment(` ${DASH.repeat(Math.max(0, width - 2))}`, 'rule')]
    : [segment(` ${DASH} ${label} ${DASH.repeat(Math.max(0, width - 5 - widthOf(label)))}`, 'rule')];

export const connectionSegment = ({ text, tone }: ConnectionWords): Segment => segment(text, tone);

export const headRows = (head: HeadModel, connection: ConnectionWords, width: number): readonly Row[] => [
  titleRow(head, width),
  rolesRow(head, connection, width),
];

export const privateMark = ({ isPrivate }: HeadModel): Row => (isPrivate ? [segment('PRIVATE   ', 'warn')] : []);

const titleRow = (head: HeadModel, width: number): Row => {
  const left: Row = [segment(` ${head.severity} `, severityStyles[head.severity]), segment(`  ${head.id}  `)];
  const place = head.place === '' ? '' : `${head.place}   `;
  const right: Row = [
    ...privateMark(head),
    segment(place, 'dim'),
    segment(head.elapsed),
    segment(`  ${head.phase} `, 'bold'),
  ];
  const room = width - widthOfRow(left) - widthOfRow(right) - 2;
  return spread([...left, segment(cut(head.title, Math.max(0, room)), 'bold')], right, width);
};

const rolesRow = (head: HeadModel, connection: ConnectionWords, width: number): Row => {
  const environment = segment(
    `${head.isProduction ? 'PROD ' : ''}${head.environment}`,
    head.isProduction ? 'production' : 'dim',
  );
  const here = head.here === '' || width < 80 ? [] : [segment(`   ${head.here}`, 'dim')];
  const right: Row = [environment, ...here, segment('   '), connectionSegment(connection), segment(' ')];
  const gap = width >= 100 ? '   ' : '  ';
  const roles = head.roles.flatMap(({ label, person }, index): Row => {
    const before = segment(index === 0 ? ' ' : gap);
    if (index === 0 && head.hasNoCommander) return [before, segment('NO COMMANDER', 'loud')];
    return [before, segment(`${label} `, 'dim'), segment(cut(person ?? '-', 16), person === null ? 'dim' : 'plain')];
  });
  return spread(roles, right, width);
};

/** The banner where there is one, else a rule: the screen below stays where it is. */
export const bannerRow = (banner: Banner | null, width: number): Row =>
  banner === null
    ? ruleRow(width)
    : rowToWidth(
        spread([segment(` ${banner.text}`, 'banner')], [segment(`  ${banner.keys} `, 'banner')], width),
        width,
        'banner',
      ).map((part) => ({ ...part, style: 'banner' }));
