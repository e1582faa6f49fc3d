// Owns saying what a schema found wrong: the field, what stood there, what was expected.
import type * as z from 'zod/mini';
import { didYouMean } from './did-you-mean.ts';
import type { FieldPath } from './problems.ts';
import { valueAt } from './raw-value.ts';
import { DRIVERS } from './schema/actions.ts';
import { KNOWN_FIELDS } from './schema/fields.ts';

export interface Finding {
  readonly field: FieldPath;
  readonly part: 'key' | 'value';
  readonly message: string;
}

// What stands in these fields may be secret, or hold one that was put in the wrong place: it is never repeated.
const NEVER_REPEATED = [
  'headers',
  'webhook',
  'slackWebhook',
  'password',
  'url',
  'http',
  'runbook',
  'scrape',
  'body',
  'set',
  'read',
  'apply',
  'undo',
  'env',
];

/** The findings of a schema about one file's value. */
export const describeIssues = (issues: readonly z.core.$ZodIssue[], value: unknown): readonly Finding[] => {
  const foreign = issues.map((issue) => issue.path as FieldPath).filter((path) => isForeignDriver(path, value));
  return issues.flatMap((issue) => {
    const path = issue.path as FieldPath;
    const driver = foreign.find((other) => other.slice(0, -1).every((step, index) => step === path[index]));
    // The fields of another driver are not wrong in themselves: the one thing to say is that it is not here.
    if (driver !== undefined && driver.length !== path.length) return [];
    if (driver !== undefined && !isForeignDriver(path, value)) return [];
    return describeIssue(issue, path, value);
  });
};

const isForeignDriver = (path: FieldPath, value: unknown): boolean => {
  if (path.length !== 3 || path[0] !== 'actions' || path[2] !== 'driver') return false;
  const driver = valueAt(value, path);
  return typeof driver === 'string' && !DRIVERS.some((known) => known === driver);
};

const describeIssue = (issue: z.core.$ZodIssue, field: FieldPath, value: unknown): readonly Finding[] => {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...field, key], issue.message));
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? issue.message;
    return [
      {
        field,
        part: 'key',
        message: `cannot be its name, ${expected.startsWith('expected') ? expected : issue.message}`,
      },
    ];
  }
  const there = valueAt(value, field);
  if (isForeignDriver(field, value))
    return [{ field, part: 'value', message: `driver ${String(there)} is not in this version; ${issue.message}` }];
  const expected = issue.message.startsWith('Invalid') ? 'expected a value' : issue.message;
  return [{ field, part: 'value', message: `${whatIsThere(there, field)}, ${expected}` }];
};

const unknownField = (field: FieldPath, known: string): Finding => {
  const names = known.slice(KNOWN_FIELDS.length).split(', ');
  const meant = didYouMean(String(field.at(-1)), names);
  return {
    field,
    part: 'key',
    message: `is an unknown field${meant === '' ? `, expected one of ${names.join(', ')}` : meant}`,
  };
};

const whatIsThere = (there: unknown, field: FieldPath): string => {
  if (there === undefined) return 'is missing';
  if (there === null) return 'is empty';
  if (Array.isArray(there)) return 'is a list';
  if (typeof there === 'object') return 'is a map';
  if (field.some((step) => NEVER_REPEATED.includes(String(step)))) return 'cannot be used';
  const shown = String(there);
  const cut = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return typeof there === 'string' ? `is "${cut}"` : `is ${cut}`;
};
