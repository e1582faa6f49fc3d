// Owns how the checks between fields state what they found.

import type { Finding } from '../describe-issue.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { FieldPath } from '../problems.ts';

export const found = (field: FieldPath, message: string, part: 'key' | 'value' = 'value'): Finding => ({
  field,
  part,
  message,
});

const MOST_NAMED = 20;

/** A name that is in no table: what it may have meant, or what there is. */
export const noSuch = (kind: string, name: string, known: readonly string[]): string => {
  const meant = didYouMean(name, known);
  const choice =
    known.length === 0
      ? `, expected none: no ${kind} is configured`
      : `, expected one of ${known.slice(0, MOST_NAMED).join(', ')}`;
  return `"${name}" is no ${kind} of this configuration${meant === '' ? choice : meant}`;
};
