// Owns the wall's terminal: three elements of blessed for as long as it lives, redrawn where they changed; and giving it back.
import blessed from 'blessed';
import unicode from 'blessed/lib/unicode.js';
import type { GlyphSet } from '../glyphs.ts';
import { framePainter } from '../paint.ts';
import type { Size } from '../row.ts';
import { type Theme, type ThemeName, themeNamed } from '../theme.ts';
import type { CellsOf } from './drawable.ts';
import { wallChart } from './wall-chart.ts';
import type { WallFrame } from './wall-parts.ts';

export type WallKey = 'leave' | 'hold' | 'next' | 'repaint';

export interface WallScreen {
  size(): Size;
  readonly cellsOf: CellsOf;
  /** Writes what is different from what was drawn before, if anything is. */
  draw(frame: WallFrame): void;
  /** Writes everything anew, over whatever something else left on the terminal. */
  repaint(): void;
  onKey(listener: (key: WallKey) => void): void;
  onResize(listener: () => void): void;
  close(): void;
}

export interface WallScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly theme: ThemeName;
  readonly glyphs: GlyphSet;
}

const keys: Readonly<Record<string, WallKey>> = {
  q: 'leave',
  'C-c': 'leave',
  space: 'hold',
  n: 'next',
  'C-l': 'repaint',
};

/** Enters the alternate screen. */
export const openWallScreen = ({ stdin, stdout, theme, glyphs }: WallScreenOptions): WallScreen => {
  const screen = blessed.screen({
    input: stdin,
    output: stdout,
    // Its reader of terminal descriptions stumbles over those of screen and tmux; all of today's understand this one.
    terminal: 'xterm-256color',
    forceUnicode: true,
    fullUnicode: true,
  });
  // Never `tags`: braces in what people and alerts say are braces.
  const board = blessed.box({ top: 0, left: 0, width: '100%', height: '100%', tags: false, wrap: false });
  // Over the blank rows the chart leaves at its foot.
  const tables = blessed.box({ top: 0, left: 0, width: '100%', height: 1, tags: false, wrap: false, hidden: true });
  screen.append(board);
  const chart = wallChart(screen, theme);
  screen.append(tables);
  // Lines are lines in every locale, without a change of character sets.
  (screen.program as unknown as { tput: { brokenACS: boolean } }).tput.brokenACS = true;
  const painted = framePainter({ theme: wallTheme(theme), glyphs });
  let drawn: readonly string[] = [];
  return {
    cellsOf: (character) => unicode.charWidth(character),
    size: () => ({ columns: Number(screen.width), rows: Number(screen.height) }),
    draw: (frame) => {
      const next = painted(frame.rows, Number(screen.width));
      const isNewChart = chart.show(frame.chart);
      if (!isNewChart && isSame(next, drawn)) return;
      drawn = next;
      board.setContent(next.join('\n'));
      tables.hidden = frame.chart === null;
      if (frame.chart !== null) {
        const foot = frame.chart.top + frame.chart.rows;
        tables.top = foot;
        tables.height = next.length - foot;
        tables.setContent(next.slice(foot).join('\n'));
      }
      screen.render();
    },
    repaint: () => {
      screen.realloc();
      screen.render();
    },
    onKey: (listener) => {
      screen.on('keypress', (_, pressed: { readonly full?: string } | undefined) => {
        const key = keys[pressed?.full ?? ''];
        if (key !== undefined) listener(key);
      });
    },
    onResize: (listener) => void screen.on('resize', listener),
    close: () => screen.destroy(),
  };
};

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((row, index) => row === b[index]);

/** Blessed knows no faint text: second-rank words are grey, a grey that is seen on black and on white. */
const wallTheme = (name: ThemeName): Theme => {
  const grey = name === 'sixteen' ? '38;5;245' : '';
  return { ...themeNamed(name), dim: grey, rule: grey };
};
