// Owns how many cells a character takes in the terminals people use: the emulator's own table is from before emoji were wide.
import type { IUnicodeVersionProvider } from '@xterm/headless';

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

const cells = (codepoint: number): 0 | 1 | 2 => {
  if (/\p{M}|\p{Cf}/u.test(String.fromCodePoint(codepoint))) return 0;
  return WIDE.some(([from, to]) => codepoint >= from && codepoint <= to) ? 2 : 1;
};

// The emulator packs width and "joins the cell before" into one number: bit 0 joins, bits 1 and 2 are the width.
const widthIn = (properties: number): number => (properties >> 1) & 3;

const providing = (version: string, wcwidth: (codepoint: number) => 0 | 1 | 2): IUnicodeVersionProvider => ({
  version,
  wcwidth,
  charProperties: (codepoint, preceding) => {
    const own = wcwidth(codepoint);
    const joins = own === 0 && preceding !== 0 && widthIn(preceding) !== 0;
    return ((joins ? widthIn(preceding) : own) << 1) | (joins ? 1 : 0);
  },
});

export const cellsOf = providing('today', cells);

/** A terminal that gives every mark with a space a cell of its own, and what is doubtful two: wider than anybody counts. */
export const generousCellsOf = providing('generous', (codepoint) => {
  const character = String.fromCodePoint(codepoint);
  if (/\p{Mc}/u.test(character)) return 1;
  return codepoint > 0x7f && /\p{L}/u.test(character) ? 2 : cells(codepoint);
});

/** Cells a line takes up. */
export const cellsIn = (text: string): number =>
  [...text].reduce((sum, character) => sum + cells(character.codePointAt(0) ?? 0), 0);
