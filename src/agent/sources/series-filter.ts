// Owns the question "does this series belong to that selector?", for sources that read series themselves.
import type { Matcher, Selector } from './selector.ts';

export type Labels = Readonly<Record<string, string>>;

export type SeriesFilter = (name: string, labels: Labels) => boolean;

export type CompiledFilter =
  | { readonly ok: true; readonly filter: SeriesFilter }
  | { readonly ok: false; readonly label: string; readonly expected: string };

/** Takes a selector; returns a filter with Prometheus's meaning: an absent label is the empty text, regular expressions are anchored. */
export const compileFilter = (selector: Selector): CompiledFilter => {
  const tests: { readonly label: string; readonly test: (value: string) => boolean }[] = [];
  for (const matcher of selector.matchers) {
    const test = compileMatcher(matcher);
    if (test === null) return { ok: false, label: matcher.label, expected: 'a regular expression in RE2 syntax' };
    tests.push({ label: matcher.label, test });
  }
  return {
    ok: true,
    filter: (name, labels) =>
      (selector.name === null || selector.name === name) &&
      tests.every(({ label, test }) => test(label === '__name__' ? name : labelOf(labels, label))),
  };
};

// Own properties only: a label may be called `constructor`.
const labelOf = (labels: Labels, label: string): string => (Object.hasOwn(labels, label) ? (labels[label] ?? '') : '');

const compileMatcher = ({ operator, value }: Matcher): ((text: string) => boolean) | null => {
  switch (operator) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '=~':
    case '!~': {
      const pattern = anchored(value);
      if (pattern === null) return null;
      return operator === '=~' ? (text) => pattern.test(text) : (text) => !pattern.test(text);
    }
    default:
      return operator satisfies never;
  }
};

// RE2 has leading flags `(?i)`, `\A`, `\z` and POSIX classes; the `v`-less JavaScript dialect has other words for the first three.
const anchored = (pattern: string): RegExp | null => {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const bare = flags === null ? pattern : pattern.slice(flags[0].length);
  const body = bare.replace(/\\[\s\S]/g, (pair) => ({ '\\A': '^', '\\z': '$' })[pair] ?? pair);
  if (/\[\[:|\\[CQE]|\(\?P</.test(body)) return null;
  try {
    return new RegExp(`^(?:${body})$`, [...new Set(`s${flags?.[1] ?? ''}`)].join(''));
  } catch {
    // Not a pattern this engine knows; the caller says so with its place.
    return null;
  }
};
