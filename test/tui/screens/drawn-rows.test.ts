import { describe, expect, it, vi } from 'vitest';
import { line } from '../../../src/tui/row.ts';
import { drawnRows } from '../../../src/tui/screens/drawn-rows.ts';

describe('drawn rows', () => {
  const make = vi.fn(
    (words: { readonly text: string }, look: { readonly width: number; readonly isMarked: boolean }) => [
      line(`${look.isMarked ? '>' : ' '}${words.text.slice(0, look.width)}`),
    ],
  );

  it('are the same rows while words, width and mark are the same', () => {
    const drawn = drawnRows(make);
    const look = { width: 10, isMarked: false };
    const rows = drawn(3, { text: 'checkout' }, look);
    expect(drawn(3, { text: 'checkout' }, { ...look })).toBe(rows);
  });

  it.each([
    ['words', { text: 'payments' }, { width: 10, isMarked: false }, ' payments'],
    ['the width', { text: 'checkout' }, { width: 5, isMarked: false }, ' check'],
    ['the mark', { text: 'checkout' }, { width: 10, isMarked: true }, '>checkout'],
  ])('are made anew for other %s', (_what, words, look, text) => {
    const drawn = drawnRows(make);
    drawn(3, { text: 'checkout' }, { width: 10, isMarked: false });
    expect(drawn(3, words, look)).toEqual([line(text)]);
  });

  it('are forgotten before they are thousands', () => {
    const drawn = drawnRows(make);
    const look = { width: 10, isMarked: false };
    const first = drawn(0, { text: 'a' }, look);
    for (let place = 1; place <= 1_000; place++) drawn(place, { text: 'a' }, look);
    expect(drawn(0, { text: 'a' }, look)).not.toBe(first);
  });
});
