// Owns reading the Prometheus text format: what a `/metrics` page says, or the line that says nothing sensible.
import type { Labels } from './series-filter.ts';

export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  /** May be NaN or infinite: the caller judges. */
  readonly value: number;
}

export type ParsedExposition =
  | { readonly ok: true; readonly samples: readonly Sample[] }
  /** `line` counts from 1; 0 when the page as a whole is refused. */
  | { readonly ok: false; readonly line: number; readonly expected: string };

export const MAX_EXPOSITION_BYTES = 16 * 1024 * 1024;
const MAX_LINE_LENGTH = 64 * 1024;
const MAX_LABELS = 100;

const BLANK = /[ \t]*/y;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;
const TIMESTAMP = /[ \t]+[+-]?\d+/y;
const VALUE = /[^ \t]+/y;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a whole page. Samples of metrics that `wants` refuses are checked but not kept.
 * One line that cannot be read refuses the page: half an answer is no answer.
 */
export const parseExposition = (page: string, wants: (name: string) => boolean = () => true): ParsedExposition => {
  if (page.length > MAX_EXPOSITION_BYTES)
    return { ok: false, line: 0, expected: `at most ${MAX_EXPOSITION_BYTES} bytes` };
  const samples: Sample[] = [];
  let line = 0;
  for (let from = 0; from < page.length; ) {
    const newline = page.indexOf('\n', from);
    const to = newline === -1 ? page.length : newline;
    const text = page.slice(from, page.charCodeAt(to - 1) === 13 && to > from ? to - 1 : to);
    from = to + 1;
    line += 1;
    const read = readLine(text, wants);
    if (typeof read === 'string') return { ok: false, line, expected: read };
    if (read !== null) samples.push(read);
  }
  return { ok: true, samples };
};

/** Reads a number as Prometheus writes it; null when it is none. `Number()` alone turns `+Inf` into NaN. */
export const parseSampleValue = (text: string): number | null => {
  if (DECIMAL.test(text)) return Number(text);
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return null;
  }
};

/** A sample, null for a line without one, or what was expected instead. */
const readLine = (text: string, wants: (name: string) => boolean): Sample | string | null => {
  if (text.length > MAX_LINE_LENGTH) return `at most ${MAX_LINE_LENGTH} characters`;
  let at = match(BLANK, text, 0);
  if (at === text.length || text[at] === '#') return null;
  const nameEnd = match(NAME, text, at);
  const bareName = nameEnd === -1 ? null : text.slice(at, nameEnd);
  at = match(BLANK, text, bareName === null ? at : nameEnd);
  const braces = text[at] === '{' ? readBraces(text, at + 1) : { name: null, labels: {}, end: at };
  if (typeof braces === 'string') return braces;
  const name = bareName ?? braces.name;
  if (name === null || (bareName !== null && braces.name !== null)) return 'one metric name';
  at = match(BLANK, text, braces.end);
  const valueEnd = match(VALUE, text, at);
  const value = valueEnd === -1 ? null : parseSampleValue(text.slice(at, valueEnd));
  if (value === null) return 'a number';
  const timestampEnd = match(TIMESTAMP, text, valueEnd);
  at = match(BLANK, text, timestampEnd === -1 ? valueEnd : timestampEnd);
  if (at !== text.length) return 'the end of the line';
  return wants(name) ? { name, labels: braces.labels, value } : null;
};

interface Braces {
  readonly name: string | null;
  readonly labels: Labels;
  readonly end: number;
}

const readBraces = (text: string, start: number): Braces | string => {
  const labels: [string, string][] = [];
  let name: string | null = null;
  let at = start;
  for (;;) {
    at = match(BLANK, text, at);
    if (text[at] === '}') return { name, labels: Object.fromEntries(labels), end: at + 1 };
    if (labels.length >= MAX_LABELS) return `at most ${MAX_LABELS} labels`;
    const bareEnd = match(LABEL, text, at);
    const labelEnd = bareEnd === -1 ? match(QUOTED, text, at) : bareEnd;
    if (labelEnd === -1) return 'a label name or "}"';
    const label = bareEnd === -1 ? unescaped(text.slice(at + 1, labelEnd - 1)) : text.slice(at, labelEnd);
    at = match(BLANK, text, labelEnd);
    if (text[at] === '=') {
      at = match(BLANK, text, at + 1);
      const valueEnd = match(QUOTED, text, at);
      if (valueEnd === -1) return 'a quoted label value';
      labels.push([label, unescaped(text.slice(at + 1, valueEnd - 1))]);
      at = valueEnd;
    } else if (bareEnd === -1 && name === null) name = label;
    else return '"=" after a label name';
    at = match(BLANK, text, at);
    if (text[at] === ',') at += 1;
    else if (text[at] !== '}') return '"," or "}"';
  }
};

const match = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

const unescaped = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([\s\S])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)) : text;
