import { describe, expect, it } from 'vitest';
import { bare, largestFit, largeText, largeWidth, letterSizes, rimmed } from '../../../src/tui/wall/large-text.ts';
import { dotsOf, LETTER_DOTS } from '../../../src/tui/wall/letters.ts';
import { widthOf } from '../../../src/tui/width.ts';

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));

describe('large letters', () => {
  it('all have the same number of rows, each as wide as the others', () => {
    for (const character of PRINTABLE) {
      const dots = dotsOf(character);
      if (dots === null) continue;
      expect(dots, character).toHaveLength(LETTER_DOTS);
      expect(new Set(dots.map((row) => row.length)).size, character).toBe(1);
    }
  });

  it('draw every letter and digit, and no two of them alike but O and S, which are 0 and 5', () => {
    const drawn = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].map((character) => dotsOf(character)?.join(' '));
    expect(drawn).not.toContain(undefined);
    expect(new Set(drawn).size).toBe(36 - 2);
  });

  it('stand in rows of blocks', () => {
    expect(largeText('S1', { scale: 2, gap: 2 })).toEqual([
      '██████    ██  ',
      '██      ████  ',
      '██████    ██  ',
      '    ██    ██  ',
      '██████  ██████',
    ]);
    expect(largeText('s1', { scale: 1, gap: 1 })).toEqual(['█▀▀ ▄█ ', '▀▀█  █ ', '▀▀▀ ▀▀▀']);
  });

  it('are nothing at all when one has no shape', () => {
    expect(largeText('検索', { scale: 1, gap: 1 })).toBeNull();
    expect(largeWidth('a\u001b', { scale: 1, gap: 1 })).toBeNull();
    expect(largestFit('constructor é', { columns: 500, rows: 50, glyphs: 'unicode' })).toBeNull();
  });

  it.each([1, 2, 3, 4, 5, 6])('of scale %i are as wide and as high as announced, with a rim and without', (scale) => {
    for (const box of [bare(scale), rimmed(scale, 'unicode')]) {
      const rows = largeText('SEV1: 2.1%', { scale, gap: 1 }, box) ?? [];
      expect(rows).toHaveLength(box.rows);
      for (const row of rows) expect(widthOf(row)).toBe(largeWidth('SEV1: 2.1%', { scale, gap: 1 }));
    }
  });

  it('are as large as they fit', () => {
    const rowsIn = (columns: number, rows: number) => largestFit('SEV1', { columns, rows, glyphs: 'unicode' })?.length;
    expect(rowsIn(80, 24)).toBe(13);
    expect(rowsIn(80, 5)).toBe(5);
    expect(rowsIn(20, 24)).toBe(3);
    expect(rowsIn(10, 24)).toBeUndefined();
    expect(rowsIn(80, 2)).toBeUndefined();
  });

  it('use whole rows alone where half blocks cannot be drawn', () => {
    expect([...letterSizes(5, 'ascii')].every(({ scale }) => scale % 2 === 0)).toBe(true);
    const rows = largeText('SEV2', { scale: 2, gap: 2 }, rimmed(2, 'ascii')) ?? [];
    expect(rows.join('')).toMatch(/^[ █]+$/);
  });
});
