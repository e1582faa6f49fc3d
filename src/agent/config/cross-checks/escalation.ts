// Owns what must fit together in escalation.yaml: levels in order, contacts that exist, hours that are not empty.

import { nearest } from '../../../incident/nearest-word.ts';
import type { Finding } from '../describe-issue.ts';
import { levelDelayMs } from '../level-delay.ts';
import type { FieldPath } from '../problems.ts';
import { asMap, textsOf } from '../raw-value.ts';
import { found } from './finding.ts';

const NEVER_DEFERRED = ['sev1', 'sev2'];

export const escalationFindings = (files: {
  readonly escalation: unknown;
  readonly notifications: unknown;
}): readonly Finding[] => {
  const file = asMap(files.escalation);
  // Without the one file, a contact may well be in it.
  const contacts =
    files.notifications === null
      ? []
      : [...Object.keys(asMap(file.contacts)), ...Object.keys(asMap(asMap(files.notifications).contacts))];
  const ladders = asMap(file.ladders);
  return [
    ...matrixFindings(asMap(file.escalation), ['escalation'], contacts),
    ...Object.keys(ladders).flatMap((name) => matrixFindings(asMap(ladders[name]), ['ladders', name], contacts)),
    ...(ladders.default === undefined
      ? []
      : [found(['ladders', 'default'], 'is the name of the ladder under `escalation:`, expected another', 'key')]),
    ...hoursFindings(asMap(file.businessHours)),
  ];
};

const matrixFindings = (
  matrix: Readonly<Record<string, unknown>>,
  field: FieldPath,
  contacts: readonly string[],
): readonly Finding[] =>
  Object.keys(matrix).flatMap((severity) => {
    const ladder = asMap(matrix[severity]);
    const here = [...field, severity];
    const levels = Object.keys(ladder).filter((key) => key !== 'business_hours_only');
    const isDeferred = ladder.business_hours_only === true && NEVER_DEFERRED.includes(severity);
    return [
      ...levelFindings(levels, here),
      ...levels.flatMap((key) => contactFindings(ladder[key], [...here, key], contacts)),
      ...(isDeferred
        ? [found([...here, 'business_hours_only'], `is true, expected ${severity} to page at any hour`)]
        : []),
    ];
  });

const levelFindings = (levels: readonly string[], field: FieldPath): readonly Finding[] => {
  let latestMs = -1;
  return levels.flatMap((key) => {
    const delayMs = levelDelayMs(key);
    if (delayMs === null)
      return [found([...field, key], 'is no level, expected initial or a time such as 15min or 2hours', 'key')];
    if (delayMs === latestMs)
      return [found([...field, key], 'is the same time as the level before it, expected each time once', 'key')];
    if (delayMs < latestMs)
      return [found([...field, key], 'comes after a later level, expected levels in the order of their times', 'key')];
    latestMs = delayMs;
    return [];
  });
};

/** A contact in no table is reached by the agent's log alone, and may be meant so; one that is nearly in a table is a slip. */
const contactFindings = (level: unknown, field: FieldPath, contacts: readonly string[]): readonly Finding[] =>
  textsOf(level).flatMap(({ text, index }) => {
    const meant = contacts.includes(text) ? null : nearest(text, contacts);
    return meant === null ? [] : [found([...field, index], `"${text}" is no contact, did you mean "${meant}"?`)];
  });

const hoursFindings = (hours: Readonly<Record<string, unknown>>): readonly Finding[] => {
  const { from, to } = hours;
  const isEmpty = typeof from === 'string' && typeof to === 'string' && from >= to;
  return isEmpty
    ? [found(['businessHours', 'to'], `is "${to}", expected a time after from ("${from}") on the same day`)]
    : [];
};
