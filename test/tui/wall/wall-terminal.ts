// Owns a terminal for the wall without a process: keys in, the screen as a person sees it, and every byte that made it.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import type { ThemeName } from '../../../src/tui/theme.ts';
import { openWallScreen, type WallScreen } from '../../../src/tui/wall/wall-screen.ts';
import { cellsOf } from '../../support/cells.ts';

export interface WallTerminal {
  readonly screen: WallScreen;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & EventEmitter;
  /** The visible lines once all bytes are on the screen, without spaces at their ends. */
  seen(): Promise<readonly string[]>;
  raw(): string;
  written(): number;
  /** Whether a line goes on in the next, or the screen has scrolled. */
  hasOutgrown(): boolean;
  resize(columns: number, rows: number): void;
}

export interface WallTerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly theme?: ThemeName;
  /** Keeps no byte and shows no picture, for a wall that runs long. */
  readonly forgets?: boolean;
}

export const wallTerminal = ({
  columns,
  rows,
  theme = 'sixteen',
  forgets = false,
}: WallTerminalOptions): WallTerminal => {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  emulator.unicode.register(cellsOf);
  emulator.unicode.activeVersion = cellsOf.version;
  const chunks: string[] = [];
  let written = 0;
  const stdin = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => {} });
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns,
    rows,
    writable: true,
    write: (text: string) => {
      written += text.length;
      if (forgets) return true;
      chunks.push(text);
      emulator.write(text);
      return true;
    },
  });
  const lineAt = (row: number) => emulator.buffer.active.getLine(row);
  const terminal = { stdin: stdin as never, stdout: stdout as never };
  return {
    ...terminal,
    screen: openWallScreen({ ...terminal, theme, glyphs: 'unicode' }),
    seen: async () => {
      // The drawing library hands over its bytes at the end of the turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise<void>((resolve) => emulator.write('', resolve));
      return Array.from({ length: emulator.rows }, (_, row) => lineAt(row)?.translateToString().trimEnd() ?? '');
    },
    raw: () => chunks.join(''),
    written: () => written,
    hasOutgrown: () =>
      emulator.buffer.active.baseY > 0 ||
      Array.from({ length: emulator.rows }, (_, row) => lineAt(row)?.isWrapped).some(Boolean),
    resize: (nextColumns, nextRows) => {
      emulator.resize(nextColumns, nextRows);
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
      stdout.emit('resize');
    },
  };
};
