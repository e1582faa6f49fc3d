import unicode from 'blessed/lib/unicode.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GlyphSet } from '../../../src/tui/glyphs.ts';
import { plainText } from '../../../src/tui/row.ts';
import { drawable, drawableText } from '../../../src/tui/wall/drawable.ts';
import type { WallModel } from '../../../src/tui/wall/view-model.ts';
import { SMALLEST_WALL, wallFrame } from '../../../src/tui/wall/wall-frame.ts';
import { widthOf, widthOfRow } from '../../../src/tui/width.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import { crowdedRoom, hostileRoom, looks, modelOf } from './looks.ts';

const cellsOf = (character: string): number => unicode.charWidth(character);

const drawnModel = (room: FakeRoom): WallModel => drawable(modelOf(room), cellsOf);

const frameOf = (model: WallModel, columns: number, rows: number, glyphs: GlyphSet = 'unicode') =>
  wallFrame(model, { columns, rows, glyphs });

describe('every board of the wall', () => {
  const models = [...Object.values(looks), hostileRoom, crowdedRoom].map((make) => drawnModel(make()));

  it('has exactly the rows of the window and is nowhere wider, at any size, and the chart lies inside', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.integer({ min: 1, max: 220 }),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom<GlyphSet>('unicode', 'ascii'),
        (model, columns, rows, glyphs) => {
          const frame = frameOf(model, columns, rows, glyphs);
          const isTooSmall = columns < SMALLEST_WALL.columns || rows < SMALLEST_WALL.rows;
          expect(frame.rows).toHaveLength(isTooSmall ? Math.min(3, rows) : rows);
          for (const row of frame.rows) expect(widthOfRow(row), plainText(row)).toBeLessThanOrEqual(columns);
          const { chart } = frame;
          if (chart === null) return;
          expect(chart.top + chart.rows).toBeLessThan(rows);
          for (const row of frame.rows.slice(chart.top, chart.top + chart.rows)) expect(plainText(row)).toBe('');
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    [80, 24],
    [120, 35],
    [200, 60],
  ])('says at %ix%i which incident, how bad, and who has command', (columns, rows) => {
    const text = frameOf(drawnModel(looks.failing!()), columns, rows).rows.map(plainText).join('\n');
    expect(text).toContain('INC-2026-0001');
    expect(text).toContain('checkout errors, limit 1.0 %');
    expect(text).toMatch(/NO COMMANDER|nobody commands this incident/);
    expect(text).toContain('until incident-commander is paged');
  });

  it('says that a window is too small, and how to leave', () => {
    const { rows } = frameOf(drawnModel(looks.calm!()), 59, 24);
    expect(rows.map(plainText)).toEqual(['window too small', '59x24, needs 60x18', 'q leaves the wall']);
  });

  it('shows the worst of five hundred services and counts the others', () => {
    const text = frameOf(drawnModel(crowdedRoom()), 80, 24).rows.map(plainText);
    expect(text.filter((row) => row.includes('errors  50 %')).length).toBe(10);
    expect(text.join('\n')).toMatch(/\+\d{3} more: /);
  });
});

describe('text on the wall', () => {
  it('is as wide for the drawing library as for terminals, whatever it is made of', () => {
    const blessedWidth = (text: string): number => [...text].reduce((sum, character) => sum + cellsOf(character), 0);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const shown = drawableText(text, cellsOf);
        expect(blessedWidth(shown)).toBe(widthOf(shown));
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps what both count alike, and marks what they do not', () => {
    expect(drawableText('検索 é {bold} 41 %', cellsOf)).toBe('検索 é {bold} 41 %');
    expect(drawableText('a🔥b', cellsOf)).toBe('a??b');
  });
});
