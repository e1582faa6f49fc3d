// Owns the picture in the README: plays the demo in a real pseudo-terminal and draws what is on its screen as an SVG.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const COLUMNS = 100;
const ROWS = 28;
const CELL = { width: 8.4, height: 18 } as const;
const BACKGROUND = '#14161b';
const PLAIN = '#c8ccd4';
// The sixteen colours as a quiet dark theme has them.
const PALETTE = [
  ...['#14161b', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#c8ccd4'],
  ...['#6b7280', '#ff7a85', '#b5e08f', '#ffd68a', '#7cc4ff', '#d9a0ee', '#7fd8e2', '#ffffff'],
];

const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
const state = mkdtempSync(join(tmpdir(), 'warroom-picture-'));
const { CI: _ci, NO_COLOR: _none, ...env } = process.env;
const child = spawn(process.execPath, [resolve(import.meta.dirname, '../dist/warroom.js'), 'demo', '--as', 'ana'], {
  name: 'xterm-256color',
  cols: COLUMNS,
  rows: ROWS,
  env: { ...env, WARROOM_STATE_DIR: state, TZ: 'UTC' },
});
child.onData((chunk) => terminal.write(chunk));
const ended = new Promise<void>((done) => child.onExit(() => done()));

const screen = (): string =>
  Array.from({ length: ROWS }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '').join(
    '\n',
  );

const shows = async (wanted: RegExp): Promise<void> => {
  const deadline = performance.now() + 90_000;
  while (!wanted.test(screen())) {
    if (performance.now() > deadline) throw new Error(`never saw ${wanted} on\n${screen()}`);
    await new Promise((soon) => setTimeout(soon, 50));
  }
};

const escapeXml = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<typeof terminal.buffer.active.getLine>>['getCell']>>;

const colour = (isPalette: boolean, index: number, otherwise: string): string =>
  isPalette ? (PALETTE[index] ?? otherwise) : otherwise;

const styleOf = (cell: Cell): { readonly fill: string; readonly behind: string; readonly weight: string } => {
  const fore = colour(cell.isFgPalette(), cell.getFgColor(), PLAIN);
  const back = colour(cell.isBgPalette(), cell.getBgColor(), BACKGROUND);
  const [fill, behind] = cell.isInverse() ? [back, fore] : [fore, back];
  return { fill: cell.isDim() ? '#7d8590' : fill, behind, weight: cell.isBold() ? ' font-weight="bold"' : '' };
};

const draw = (): string => {
  const parts: string[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column);
      if (cell === undefined) continue;
      const { fill, behind, weight } = styleOf(cell);
      const [x, y] = [(column * CELL.width).toFixed(1), row * CELL.height];
      if (behind !== BACKGROUND) {
        parts.push(`<rect x="${x}" y="${y}" width="${CELL.width + 0.3}" height="${CELL.height}" fill="${behind}"/>`);
      }
      const sign = cell.getChars();
      if (sign.trim() !== '')
        parts.push(`<text x="${x}" y="${y + 13.5}" fill="${fill}"${weight}>${escapeXml(sign)}</text>`);
    }
  }
  const [width, height] = [COLUMNS * CELL.width + 24, ROWS * CELL.height + 24];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">
<rect x="-12" y="-12" width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>
${parts.join('\n')}
</svg>
`;
};

try {
  await shows(/NO COMMANDER/);
  child.write('r');
  await shows(/Roles:/);
  child.write('1');
  await shows(/IC ana/);
  child.write('a');
  await shows(/acknowledged/);
  child.write('c');
  await shows(/Contain:/);
  child.write('1');
  await shows(/ARMED by ana/);
  // The card takes no confirmation in its first 0.4 s.
  await new Promise((soon) => setTimeout(soon, 600));
  child.write('y');
  await shows(/APPLIED/);
  child.write('h');
  await shows(/errors [12]\.\d %/);
  writeFileSync(resolve(import.meta.dirname, 'room.svg'), draw());
  child.write('q');
  await ended;
} finally {
  child.kill();
  rmSync(state, { recursive: true, force: true });
}
