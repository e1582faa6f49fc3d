// Owns metric selectors as teams write them: `name{label="value"}` read into matchers, extended, and written as PromQL again.

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

export interface Selector {
  /** Null where the metric is chosen by a matcher on `__name__` alone. */
  readonly name: string | null;
  readonly matchers: readonly Matcher[];
}

export type ParsedSelector =
  | { readonly ok: true; readonly selector: Selector }
  /** `at` counts characters from 0. */
  | { readonly ok: false; readonly at: number; readonly expected: string };

const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const OPERATOR = /=~|!~|!=|=/y;
const SPACE = /[ \t\r\n]*/y;
const RAW_STRING = /`[^`]*`/y;
// Only the escapes that Go knows: a string with another one is no string, so what is read can always be written again.
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|[0-3][0-7]{2}|[abfnrtv\\"'])/g;
const QUOTED_STRING = new RegExp(`"(?:[^"\\\\\n]|${ESCAPE.source})*"|'(?:[^'\\\\\n]|${ESCAPE.source})*'`, 'y');
const OPEN = /\{/y;
const CLOSE = /\}/y;
const COMMA = /,/y;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Reads `name`, `name{matchers}` or `{matchers}`; anything after it, such as `[5m]`, is an error with its place. */
export const parseSelector = (text: string): ParsedSelector => {
  const reader = createReader(text);
  const expected = (what: string): ParsedSelector => ({ ok: false, at: reader.at(), expected: what });
  reader.take(SPACE);
  const name = reader.take(METRIC_NAME);
  reader.take(SPACE);
  const braces = reader.take(OPEN) === null ? null : readBraces(reader);
  if (typeof braces === 'string') return expected(braces);
  reader.take(SPACE);
  if (reader.at() < text.length) return expected(braces === null ? '"{" or the end' : 'the end');
  const quotedName = braces?.name ?? null;
  if (name !== null && quotedName !== null) return expected('one metric name, not two');
  const selector = { name: name ?? quotedName, matchers: braces?.matchers ?? [] };
  const isNamed = selector.name !== null || selector.matchers.some(({ label }) => label === '__name__');
  return isNamed ? { ok: true, selector } : expected('a metric name');
};

/** The same selector, narrowed by one more matcher. */
export const withMatcher = (selector: Selector, matcher: Matcher): Selector => ({
  ...selector,
  matchers: [...selector.matchers, matcher],
});

/** Matches exactly these values, whatever characters they hold. */
export const anyOf = (label: string, values: readonly string[]): Matcher => ({
  label,
  operator: '=~',
  value: values.map(escapeRegex).join('|'),
});

/** PromQL for the selector. */
export const renderSelector = ({ name, matchers }: Selector): string => {
  const isPlainName = name !== null && isWhole(METRIC_NAME, name);
  const parts = matchers.map(({ label, operator, value }) => `${renderLabel(label)}${operator}${quote(value)}`);
  const inBraces = name === null || isPlainName ? parts : [quote(name), ...parts];
  const braces = inBraces.length === 0 ? '' : `{${inBraces.join(',')}}`;
  return isPlainName ? `${name}${braces}` : braces;
};

export const escapeRegex = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** A label name in PromQL: bare where it can be, else quoted (Prometheus 3). */
export const renderLabel = (label: string): string => (isWhole(LABEL_NAME, label) ? label : quote(label));

const quote = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\0/g, '\\x00')}"`;

const isWhole = (pattern: RegExp, text: string): boolean => {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] === text;
};

interface Reader {
  at(): number;
  /** What the pattern finds at the place reached, or null, which moves nothing. */
  take(pattern: RegExp): string | null;
}

const createReader = (text: string): Reader => {
  let at = 0;
  return {
    at: () => at,
    take: (pattern) => {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0] ?? null;
      at += found?.length ?? 0;
      return found;
    },
  };
};

interface Braces {
  readonly name: string | null;
  readonly matchers: readonly Matcher[];
}

/** What stands in the braces, or what was expected instead. */
const readBraces = (reader: Reader): Braces | string => {
  let name: string | null = null;
  const matchers: Matcher[] = [];
  for (;;) {
    reader.take(SPACE);
    if (reader.take(CLOSE) !== null) return { name, matchers };
    const bare = reader.take(LABEL_NAME);
    const label = bare ?? readString(reader);
    if (label === null) return 'a label name or "}"';
    reader.take(SPACE);
    const operator = reader.take(OPERATOR);
    if (operator !== null) {
      reader.take(SPACE);
      const value = readString(reader);
      if (value === null) return 'a quoted value';
      matchers.push({ label, operator: operator as MatchOperator, value });
    } else if (bare === null && name === null) name = label;
    else return 'one of =, !=, =~, !~';
    reader.take(SPACE);
    if (reader.take(COMMA) !== null) continue;
    return reader.take(CLOSE) === null ? '"," or "}"' : { name, matchers };
  }
};

const readString = (reader: Reader): string | null => {
  const raw = reader.take(RAW_STRING);
  if (raw !== null) return raw.slice(1, -1);
  return reader.take(QUOTED_STRING)?.slice(1, -1).replace(ESCAPE, unescaped) ?? null;
};

const unescaped = (_: string, escaped: string): string => {
  const simple = SIMPLE_ESCAPES[escaped];
  if (simple !== undefined) return simple;
  return String.fromCodePoint(
    /^[0-7]/.test(escaped) ? Number.parseInt(escaped, 8) : Number.parseInt(escaped.slice(1), 16),
  );
};
