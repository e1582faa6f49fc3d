// Owns the built program in a real pseudo-terminal: keys in, the screen as a person sees it, and every byte that made it.
import { resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm, { type IUnicodeVersionProvider } from '@xterm/headless';
import { cellsOf } from './cells.ts';

/** The bundle under test: the built one, unless another is named. */
export const PROGRAM = process.env.WARROOM_E2E_PROGRAM ?? resolve(import.meta.dirname, '../../dist/warroom.js');

export const KEYS = { enter: '\r', escape: '\u001b', ctrlC: '\u0003', ctrlL: '\u000c', up: '\u001b[A' } as const;

export interface TerminalOptions {
  readonly args: readonly string[];
  readonly columns: number;
  readonly rows: number;
  /** The whole environment of the child, but for the terminal's own part. */
  readonly env: Readonly<Record<string, string>>;
  /** How wide the terminal draws characters; as those of today unless told otherwise. */
  readonly widths?: IUnicodeVersionProvider;
}

export type Screen = readonly string[];
export type Wanted = string | RegExp | ((screen: Screen) => boolean);

export interface Terminal {
  readonly pid: number;
  /** Writes them at once, as one read of the program. */
  press(keys: string): void;
  /** As a terminal hands over a paste when the program asked for brackets around it. */
  paste(text: string): void;
  /** The visible lines, without spaces at their ends. */
  screen(): Screen;
  /** Resolves with the screen once it is as wanted. Rejects with the last screen when it takes too long or the program ends. */
  waitFor(wanted: Wanted, withinMs?: number): Promise<Screen>;
  resize(columns: number, rows: number): void;
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP'): void;
  /** Resolves when the program has ended and all its bytes are on the screen. */
  readonly exit: Promise<{ readonly code: number; readonly signal: number }>;
  hasExited(): boolean;
  raw(): string;
  isAlternate(): boolean;
  /** The title of the window, as the program last set it. */
  title(): string;
  /** What the program, or a text it let through, asked of the terminal besides drawing: clipboard, links, reports, and the like. */
  demands(): readonly string[];
  /** What has been drawn too wide or too high on the alternate screen since the last resize; empty when all fitted. */
  outgrown(): readonly string[];
}

const WITHIN_MS = 15_000;

export const openTerminal = ({ args, columns, rows, env, widths = cellsOf }: TerminalOptions): Terminal => {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
  emulator.unicode.register(widths);
  emulator.unicode.activeVersion = widths.version;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { ...env, TERM: 'xterm-256color', LANG: 'C.UTF-8', TZ: 'UTC' },
  });
  const lookers = new Set<() => void>();
  const outgrown = new Set<string>();
  const chunks: string[] = [];
  let ended = false;

  const isAlternate = (): boolean => emulator.buffer.active.type === 'alternate';
  const lineAt = (row: number) => emulator.buffer.active.getLine(emulator.buffer.active.baseY + row);
  const drawn = (): Screen =>
    Array.from({ length: emulator.rows }, (_, row) => lineAt(row)?.translateToString().trimEnd() ?? '');
  let shown = drawn();
  const look = (): void => {
    // As a terminal does: what is announced as one frame is shown as one.
    if (emulator.modes.synchronizedOutputMode && !ended) return;
    shown = drawn();
    if (isAlternate()) {
      for (const [row, text] of shown.entries()) {
        if (lineAt(row)?.isWrapped) outgrown.add(`row ${row + 1} goes on from the row above: ${text}`);
      }
    }
    for (const looker of [...lookers]) looker();
  };

  emulator.onScroll(() => {
    // The emulator also says so when it changes screens; a real scroll happens on the last row.
    const isOnLastRow = emulator.buffer.active.cursorY === emulator.rows - 1;
    if (isAlternate() && isOnLastRow) outgrown.add('the alternate screen scrolled: one row too many was written');
  });
  let title = '';
  emulator.onTitleChange((next) => {
    title = next;
  });
  const demands: string[] = [];
  for (const number of [1, 4, 7, 8, 9, 10, 11, 12, 52, 133, 777, 1337])
    emulator.parser.registerOscHandler(number, (text) => {
      demands.push(`OSC ${number} ${text}`);
      return false;
    });
  for (const final of ['q', '|'])
    emulator.parser.registerDcsHandler({ intermediates: '$', final }, (text) => {
      demands.push(`DCS ${final} ${text}`);
      return false;
    });
  // A terminal answers what a program asks of it.
  emulator.onData((answer) => {
    demands.push(`an answer, ${JSON.stringify(answer)}`);
    if (!ended) child.write(answer);
  });
  child.onData((text) => {
    chunks.push(text);
    emulator.write(text, look);
  });
  const exit = new Promise<{ readonly code: number; readonly signal: number }>((done) => {
    child.onExit(({ exitCode, signal }) => {
      ended = true;
      emulator.write('', () => {
        done({ code: exitCode, signal: signal ?? 0 });
        look();
      });
    });
  });

  return {
    pid: child.pid,
    press: (keys) => child.write(keys),
    paste: (text) => child.write(`\u001b[200~${text}\u001b[201~`),
    screen: () => shown,
    waitFor: (wanted, withinMs = WITHIN_MS) =>
      new Promise((done, reject) => {
        const settle = (finish: () => void): void => {
          clearTimeout(late);
          lookers.delete(looker);
          finish();
        };
        const looker = (): void => {
          if (isShown(shown, wanted)) settle(() => done(shown));
          else if (ended) settle(() => reject(missing(wanted, 'the program ended', shown)));
        };
        const late = setTimeout(() => settle(() => reject(missing(wanted, `waited ${withinMs} ms`, shown))), withinMs);
        lookers.add(looker);
        looker();
      }),
    resize: (nextColumns, nextRows) => {
      emulator.resize(nextColumns, nextRows);
      outgrown.clear();
      child.resize(nextColumns, nextRows);
    },
    kill: (signal) => child.kill(signal),
    exit,
    hasExited: () => ended,
    raw: () => chunks.join(''),
    isAlternate,
    title: () => title,
    demands: () => [...demands],
    outgrown: () => [...outgrown],
  };
};

const isShown = (screen: Screen, wanted: Wanted): boolean => {
  if (typeof wanted === 'function') return wanted(screen);
  const text = screen.join('\n');
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
};

const missing = (wanted: Wanted, why: string, screen: Screen): Error =>
  new Error(`${why} in vain for ${String(wanted)}; the screen:\n${framed(screen)}`);

/** The screen in a box, so that blank lines and ends of lines can be seen. */
export const framed = (screen: Screen): string => screen.map((text) => `│${text}`).join('\n');
