// Owns the sink of the command line: nothing reaches the terminal or a pipe but through here, and nothing here can steer a terminal.
import { safeJson, safeText } from '../incident/text.ts';
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

/** One JSON value on one line. */
export const printJson = (to: Output, value: unknown): void => void to.write(`${safeJson(value)}\n`);

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
