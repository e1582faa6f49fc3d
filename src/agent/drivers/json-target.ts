// Owns JSON values as targets of a change: read exactly or not at all, pointed into, merged, compared, told apart. Pure.
import type { PlanChange } from '../../incident/events.ts';
import { safeText } from '../../incident/text.ts';

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly detail: string };

const DEEPEST = 100;
const MOST_CHANGES = 50;

/** Parses JSON that must be restored exactly one day: numbers that would come back changed and bottomless nesting are refused. */
export const parseExactJson = (text: string): ParsedJson => {
  let inexact: string | null = null;
  const keepExact = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source ?? '';
    if (typeof value === 'number' && !isExact(value, source)) inexact ??= source;
    return value;
  };
  try {
    const value: unknown = JSON.parse(text, keepExact);
    if (inexact !== null)
      return { ok: false, detail: `holds a number that cannot be restored exactly: ${safeText(inexact, 40)}` };
    return isShallow(value, DEEPEST)
      ? { ok: true, value }
      : { ok: false, detail: `is nested deeper than ${DEEPEST} levels` };
  } catch {
    return { ok: false, detail: 'is not JSON' };
  }
};

const isExact = (value: number, source: string): boolean =>
  Number.isFinite(value) && (!/^-?\d+$/.test(source) || Number.isSafeInteger(value));

const isShallow = (value: unknown, levels: number): boolean =>
  value === null ||
  typeof value !== 'object' ||
  (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)));

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The part of `value` that a JSON pointer (RFC 6901) names; undefined when there is none. */
export const atPointer = (value: unknown, pointer: string): unknown => {
  if (pointer === '') return value;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return pointer.startsWith('/') ? steps.reduce(stepInto, value) : undefined;
};

const stepInto = (value: unknown, step: string): unknown => {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(step) ? value[Number(step)] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
};

/** `change` laid over `value`: objects key by key, anything else in its place. */
export const mergedOver = (value: unknown, change: unknown): unknown => {
  if (!isObject(value) || !isObject(change)) return change;
  const changed = Object.entries(change).map(([key, inner]) => [
    key,
    Object.hasOwn(value, key) ? mergedOver(value[key], inner) : inner,
  ]);
  // `fromEntries` also makes `__proto__` an ordinary key.
  return Object.fromEntries([...Object.entries(value), ...changed]);
};

/** Equality of JSON values; the order of keys does not count. */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((inner, i) => sameJson(inner, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
};

/** What differs, value by value, named by path such as `limits.cpu` or `rules[0]`; `$` is the whole. At most fifty and a rest. */
export const changesBetween = (before: unknown, after: unknown): readonly PlanChange[] => {
  const all = differences('', before, after);
  if (all.length <= MOST_CHANGES) return all;
  const rest = `${all.length - MOST_CHANGES} more`;
  return [...all.slice(0, MOST_CHANGES), { path: '…', before: rest, after: rest }];
};

const ABSENT = '(absent)';

const shown = (value: unknown): string => (value === undefined ? ABSENT : safeText(JSON.stringify(value), 200));

const differences = (path: string, before: unknown, after: unknown): readonly PlanChange[] => {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(pathTo(path, key), own(before, key), own(after, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const indexes = Array.from({ length: Math.max(before.length, after.length) }, (_, i) => i);
    return indexes.flatMap((i) => differences(`${path}[${i}]`, before[i], after[i]));
  }
  return [{ path: path === '' ? '$' : safeText(path, 200), before: shown(before), after: shown(after) }];
};

const own = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const pathTo = (path: string, key: string): string => {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};
