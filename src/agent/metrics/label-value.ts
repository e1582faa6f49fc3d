// Owns what may become the value of a label: safe text of bounded length, and only so many different ones.
import { safeText } from '../../incident/text.ts';

/** Stands for every value beyond the first hundred: a name from outside must not grow a monitoring system without end. */
export const OTHER = 'other';

const MOST_VALUES = 100;
const LONGEST_VALUE = 100;

/** Makes the values of one label. The first hundred different ones keep their name, the rest are `other`. */
export const boundedLabel = (most = MOST_VALUES): ((raw: string) => string) => {
  const known = new Set<string>();
  return (raw) => {
    // An empty value would mean to Prometheus that there is no such label.
    const value = safeText(raw, LONGEST_VALUE) || 'unnamed';
    if (known.has(value)) return value;
    if (known.size >= most) return OTHER;
    known.add(value);
    return value;
  };
};
