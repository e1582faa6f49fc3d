// Owns looking into values that came from outside: what they are, in words, and the text they hold. Never throws.
import { type SafeText, safeText } from '../../incident/text.ts';

export type ForeignMap = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is ForeignMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a text, a number or a truth; null for anything else. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

/** The first of the values that holds any visible text, made safe; empty where none does. */
export const firstText = (values: readonly unknown[], maxLength: number): SafeText => {
  for (const value of values) {
    const text = safeText(textOf(value) ?? '', maxLength);
    if (text !== '') return text;
  }
  return safeText('');
};

/** `version is "1", expected "4"`. */
export const mismatch = (field: string, value: unknown, expected: string): SafeText =>
  safeText(`${field} ${whatIsThere(value)}, expected ${expected}`);

const whatIsThere = (value: unknown): string => {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is null';
  if (Array.isArray(value)) return 'is a list';
  if (typeof value === 'object') return 'is a map';
  return typeof value === 'string' ? `is "${safeText(value, 60)}"` : `is ${String(value)}`;
};
