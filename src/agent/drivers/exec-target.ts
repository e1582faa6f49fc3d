// Owns what the output of a program is as a target: a JSON document or plain text, and changes in the kind of what was read. Pure.
import { atPointer, mergedOver, parseExactJson } from './json-target.ts';

export type ReadTarget =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly detail: string };

/** The part of the output that `pointer` names. Output that is no JSON document is its trimmed text; none at all is no answer. */
export const readTarget = (output: string, pointer: string): ReadTarget => {
  const text = output.trim();
  if (text === '') return { ok: false, detail: 'it printed nothing' };
  const whole = valueIn(text, pointer !== '');
  if (!whole.ok) return whole;
  const value = atPointer(whole.value, pointer);
  return value === undefined ? { ok: false, detail: `what it printed has nothing at ${pointer}` } : { ok: true, value };
};

const valueIn = (text: string, mustBeJson: boolean): ReadTarget => {
  // A bare word or number stays text: `3` and `3.0` are put back as they stood.
  if (!/^[{["]/.test(text)) return mustBeJson ? notJson : { ok: true, value: text };
  const parsed = parseExactJson(text);
  if (parsed.ok) return parsed;
  // Half a document must not be taken for a text; `[always] never` is one.
  const isText = parsed.detail === 'is not JSON' && !text.startsWith('{') && !mustBeJson;
  return isText ? { ok: true, value: text } : { ok: false, detail: `what it printed ${parsed.detail}` };
};

const notJson: ReadTarget = { ok: false, detail: 'what it printed is not JSON' };

/** `set` laid over what was read, numbers and flags in the kind they have there: `3` is set where the text "3" was read. */
export const changedInKind = (before: unknown, set: unknown): unknown => inKindOf(before, mergedOver(before, set));

const inKindOf = (before: unknown, after: unknown): unknown => {
  if (typeof before === 'string' && (typeof after === 'number' || typeof after === 'boolean')) return String(after);
  if (typeof after === 'string' && typeof before === 'number' && String(Number(after)) === after) return Number(after);
  if (typeof after === 'string' && typeof before === 'boolean' && /^(?:true|false)$/.test(after))
    return after === 'true';
  if (!isObject(before) || !isObject(after)) return after;
  return Object.fromEntries(
    Object.entries(after).map(([key, inner]) => [
      key,
      Object.hasOwn(before, key) ? inKindOf(before[key], inner) : inner,
    ]),
  );
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
