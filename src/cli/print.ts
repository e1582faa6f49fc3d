// Owns the sink of the command line: nothing reaches the terminal or a pipe but through here, and nothing here can steer a terminal.
import { safeText } from '../incident/text.ts';
import { padEnd, widthOf } from '../tui/width.ts';
import type { Output } from './shell.ts';

const LONGEST_LINE = 8_000;

/** Each text as one line; what indents it stays. */
export const printLines = (to: Output, lines: readonly string[]): void => {
  if (lines.length > 0) to.write(lines.map((line) => `${printable(line)}\n`).join(''));
};

/** A question, with the cursor left behind it. */
export const printQuestion = (to: Output, question: string): void => void to.write(`${printable(question)} `);

const printable = (line: string): string => {
  const text = line.trimStart();
  return ' '.repeat(Math.min(line.length - text.length, 80)) + safeText(text, LONGEST_LINE);
};

/** One JSON value on one line. Everything a terminal could obey is escaped, so the value itself arrives unchanged. */
export const printJson = (to: Output, value: unknown): void => void to.write(`${inert(JSON.stringify(value))}\n`);

// What `safeText` drops; each alternative is one code point or range, so that none of them can combine.
const SUSPECT =
  /[\u007f-\u009f]|\u00ad|\u034f|\u061c|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|[\u200b-\u200f]|[\u2028-\u202e]|[\u2060-\u206f]|\u3164|[\ufe00-\ufe0f]|\ufeff|\uffa0|[\ufff0-\ufffb]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/gu;

const inert = (json: string): string => json.replace(SUSPECT, (found) => found.split('').map(escaped).join(''));

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Rows of cells as aligned lines, two spaces between columns. */
export const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const safe = rows.map((row) => row.map((cell) => safeText(cell, LONGEST_LINE)));
  const widths: number[] = [];
  for (const row of safe) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return safe.map((row) =>
    row
      .map((cell, index) => padEnd(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};
