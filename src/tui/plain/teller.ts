// Owns the only way out of plain mode: whole lines, each harmless, appended and never taken back; a reader too slow for them loses the middle, and hears so.
import { safeText } from '../../incident/text.ts';
import { plural } from '../format.ts';
import { type GlyphSet, toAscii } from '../glyphs.ts';

export interface Output {
  write(text: string): boolean;
  /** Bytes nobody has read yet. */
  readonly writableLength: number;
}

const LONGEST_LINE = 8_000;
const MOST_UNREAD_BYTES = 1024 * 1024;

export const createTeller = (output: Output, glyphs: GlyphSet): ((lines: readonly string[]) => void) => {
  let left = 0;
  return (lines) => {
    if (lines.length === 0) return;
    if (output.writableLength > MOST_UNREAD_BYTES) {
      left += lines.length;
      return;
    }
    const missed = left === 0 ? [] : [`${plural(left, 'line')} left out here: nobody read them`];
    left = 0;
    output.write([...missed, ...lines].map((line) => `${harmless(line, glyphs)}\n`).join(''));
  };
};

const harmless = (line: string, glyphs: GlyphSet): string => {
  const text = line.trimStart();
  const safe = ' '.repeat(Math.min(line.length - text.length, 8)) + safeText(text, LONGEST_LINE);
  return glyphs === 'ascii' ? toAscii(safe) : safe;
};
