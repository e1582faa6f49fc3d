import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { movedCells, wholeRows } from '../../src/tui/moved-cells.ts';
import { paintRow } from '../../src/tui/paint.ts';
import { type Row, segment } from '../../src/tui/row.ts';
import { themeNamed } from '../../src/tui/theme.ts';

const COLUMNS = 40;
const ROWS = 6;
const paint = { theme: themeNamed('sixteen'), glyphs: 'unicode' } as const;

/** Every cell with its looks, and where the cursor is, after a terminal was told `bytes`. */
const shownAfter = async (...bytes: readonly string[]): Promise<readonly string[]> => {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  for (const part of bytes) await new Promise<void>((resolve) => terminal.write(part, resolve));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: ROWS }, (_, y) =>
    Array.from({ length: COLUMNS }, (_, x) => {
      const cell = active.getLine(y)?.getCell(x);
      const looks = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()];
      return `${cell?.getChars() || ' '}${looks.join(',')}`;
    }).join('|'),
  );
  const cursorRow = active.cursorY;
  terminal.dispose();
  return [...rows, `cursor in row ${cursorRow}`];
};

const whole = (rows: readonly string[]): string => wholeRows(rows, [...rows.keys()]);

const painted = (...rows: readonly Row[]): readonly string[] =>
  Array.from({ length: ROWS }, (_, index) => paintRow(rows[index] ?? [], COLUMNS, paint));

const head = (time: string): Row => [segment(' SEV1 ', 'severity1'), segment(' checkout down '), segment(time, 'bold')];
const ladder = (left: string): Row => [segment(' next ', 'bold'), segment('cto  '), segment(`in ${left}`, 'dim')];

/** The same numbers for the same seed. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describe('moved cells', () => {
  it('are a few bytes for a second of a countdown', () => {
    const before = painted(head('00:10:58'), ladder('00:04:02'));
    const after = painted(head('00:10:59'), ladder('00:04:01'));
    const bytes = movedCells(before, after) ?? '';
    expect(bytes).toBe('\u001b[1;29H\u001b[1m9\u001b[0m\u001b[2;22H\u001b[2m1\u001b[0m\u001b[6;1H');
    expect(bytes.length).toBeLessThan(60);
  });

  it('are nothing where nothing moved', () => {
    const rows = painted(head('00:10:58'));
    expect(movedCells(rows, [...rows])).toBe('');
  });

  it('are left to a whole frame where very much moved, or the window changed', () => {
    const many = Array.from({ length: 13 }, (_, index) => `row ${index}`);
    expect(
      movedCells(
        many,
        many.map((row) => `${row}!`),
      ),
    ).toBeNull();
    expect(movedCells(many, many.slice(1))).toBeNull();
  });

  it.each([
    ['a shorter text', [ladder('10 min, late')], [ladder('9 min')]],
    ['a longer text', [ladder('9 min')], [ladder('10 min, late')]],
    ['only another colour', [[segment('errors 41 %', 'ok')]], [[segment('errors 41 %', 'loud')]]],
    ['a row that fills the window', [[segment('a', 'banner')]], [[segment('b', 'banner')]]],
    ['a row that goes', [ladder('9 min')], []],
    [
      'wide characters',
      [[segment('火事 00:01'), segment(' x', 'warn')]],
      [[segment('火事 00:02'), segment(' x', 'warn')]],
    ],
    ['joined characters', [[segment('e\u0301 00:01')]], [[segment('e 00:01')]]],
  ] as readonly (readonly [string, readonly Row[], readonly Row[]])[])(
    'make the screen what it is to be: %s',
    async (_what, from, to) => {
      const before = painted(...from);
      const after = painted(...to);
      expect(await shownAfter(whole(before), movedCells(before, after) ?? 'null')).toEqual(
        await shownAfter(whole(after)),
      );
    },
  );

  it('make the screen what it is to be, whatever changed', async () => {
    const styles = ['plain', 'dim', 'loud', 'selected', 'banner'] as const;
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomFrom(seed);
      const text = (): string => Array.from({ length: random(9) }, () => 'ab12 ▄│…'[random(8)]).join('');
      const row = (): Row => Array.from({ length: random(6) }, () => segment(text(), styles[random(5)]));
      const from = Array.from({ length: ROWS }, row);
      const to = from.map((one) =>
        random(3) === 0 ? row() : one.map((part) => (random(4) === 0 ? segment(text(), part.style) : part)),
      );
      const before = painted(...from);
      const after = painted(...to);
      const shown = await shownAfter(whole(before), movedCells(before, after) ?? 'null');
      expect(shown, `seed ${seed}`).toEqual(await shownAfter(whole(after)));
    }
  });
});
