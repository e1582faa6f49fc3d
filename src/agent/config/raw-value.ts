// Owns looking into values that are not checked yet: what is not there, or not of that kind, is empty.
import type { FieldPath } from './problems.ts';

export const asMap = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The texts of a list with their places. */
export const textsOf = (value: unknown): readonly { readonly text: string; readonly index: number }[] =>
  asList(value).flatMap((text, index) => (typeof text === 'string' ? [{ text, index }] : []));

export const valueAt = (value: unknown, path: FieldPath): unknown =>
  path.reduce<unknown>((inner, step) => {
    if (typeof step === 'number') return asList(inner)[step];
    const map = asMap(inner);
    return Object.hasOwn(map, step) ? map[step] : undefined;
  }, value);
