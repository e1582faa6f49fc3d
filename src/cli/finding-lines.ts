// Owns findings as lines for a person: how it stands, what was found, what to do. On a terminal nothing breaks inside a word.
import type { Finding } from '../agent/setup/finding.ts';
import { wrapText } from '../tui/width.ts';

const WORDS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const satisfies Record<Finding['state'], string>;
const INDENT = 6;
const NARROWEST = 40;

/** `columns` is that of the terminal; null: each finding is one line, however long. */
export const findingLines = (findings: readonly Finding[], columns: number | null): readonly string[] =>
  columns === null ? findings.map(oneLine) : findings.flatMap((finding) => wrapped(finding, columns));

const oneLine = ({ state, what, fix }: Finding): string =>
  `${WORDS[state]}  ${what}${fix === null ? '' : `  —  ${fix}`}`;

const wrapped = ({ state, what, fix }: Finding, columns: number): readonly string[] => {
  const lines = [what, ...(fix === null ? [] : [`— ${fix}`])].flatMap((text) =>
    wrapText(text, Math.max(NARROWEST, columns) - INDENT, Number.POSITIVE_INFINITY),
  );
  return lines.map((line, index) => `${index === 0 ? `${WORDS[state]}  ` : ' '.repeat(INDENT)}${line}`);
};
