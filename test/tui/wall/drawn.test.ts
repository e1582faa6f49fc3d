import { describe, expect, it, onTestFinished } from 'vitest';
import { HOUR } from '../../../src/incident/time.ts';
import { createWall } from '../../../src/tui/wall/wall.ts';
import { cellsIn } from '../../support/cells.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import { armedRoom, hostileRoom, looks } from './looks.ts';
import { type WallTerminal, type WallTerminalOptions, wallTerminal } from './wall-terminal.ts';

const SIZES = [
  [80, 24],
  [120, 35],
  [200, 60],
] as const;

interface Opened extends WallTerminal {
  readonly left: Promise<void>;
}

const opened = (room: Pick<FakeRoom, 'view' | 'now'>, options: WallTerminalOptions): Opened => {
  const terminal = wallTerminal(options);
  const { view, now } = room;
  const wall = createWall({ client: { view, now }, screen: terminal.screen, glyphs: 'unicode', localNow: () => 0 });
  onTestFinished(() => {
    wall.stop();
    terminal.screen.close();
  });
  return { ...terminal, left: wall.left };
};

// Moves, erases, styles, character sets, and the modes the drawing library sets: all that the wall ever sends.
const OURS = /\u001b(?:\[(?:\d*(?:;\d*)*[ABCDGHJKmr]|\?(?:1|12|25|1049)(?:;\d+)*[hl])|[78=>]|\(B)/g;
const NOT_TEXT =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const COLOUR = /\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m/;

describe.each(SIZES)('the wall drawn at %ix%i', (columns, rows) => {
  it.each(Object.entries(looks))('looks as it did: %s', async (name, make) => {
    const terminal = opened(make(), { columns, rows });
    const seen = await terminal.seen();
    await expect(`${seen.join('\n')}\n`).toMatchFileSnapshot(`./frames/${name}.${columns}x${rows}.txt`);
    expect(terminal.hasOutgrown()).toBe(false);
  });

  it('is the same in words without colours', async () => {
    const coloured = opened(armedRoom(), { columns, rows });
    const plain = opened(armedRoom(), { columns, rows, theme: 'mono' });
    expect(await plain.seen()).toEqual(await coloured.seen());
    expect(plain.raw()).not.toMatch(COLOUR);
    expect(coloured.raw()).toMatch(COLOUR);
  });

  it('lets nothing hostile through, and stays aligned', async () => {
    const terminal = opened(hostileRoom(), { columns, rows });
    const seen = await terminal.seen();
    expect(terminal.hasOutgrown()).toBe(false);
    expect(seen.join('\n')).toContain('{red-fg}{bold}');
    expect(seen.join('\n')).toContain('支払い');
    for (const row of seen) expect(cellsIn(row), row).toBeLessThanOrEqual(columns);
    const limits = seen.filter((row) => /limit 1\.0 % {2,}p95/.test(row));
    expect(limits.length).toBeGreaterThan(1);
    expect(new Set(limits.map((row) => cellsIn(row.slice(0, row.indexOf('limit'))))).size).toBe(1);
    expect(terminal.raw()).not.toContain('c3RvbGVu');
    expect(NOT_TEXT.exec(terminal.raw().replaceAll(OURS, ''))?.[0]).toBeUndefined();
  });
});

describe('the wall in a terminal', () => {
  it('shows after a change of size what a new one of that size shows', async () => {
    const terminal = opened(looks.several!(), { columns: 80, rows: 24 });
    for (const [columns, rows] of [
      [120, 35],
      [59, 17],
      [200, 60],
      [60, 18],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      const fresh = opened(looks.several!(), { columns, rows });
      expect(await terminal.seen()).toEqual(await fresh.seen());
    }
  });

  it('replaces one incident by the next without residue', async () => {
    const room = hostileRoom();
    const terminal = opened(room, { columns: 120, rows: 35 });
    const first = await terminal.seen();
    for (let turn = 0; turn < 3; turn++) terminal.stdin.push('n');
    expect(await terminal.seen()).toEqual(first);
    terminal.stdin.push('n');
    const second = await terminal.seen();
    expect(second).not.toEqual(first);
    terminal.stdin.push('\u000c');
    expect(await terminal.seen()).toEqual(second);
  });

  it('writes nothing while nothing changes, and only the clock when a minute has passed', async () => {
    const room = looks.over!();
    let now = room.now();
    const terminal = opened({ view: room.view, now: () => now }, { columns: 80, rows: 24 });
    await terminal.seen();
    const before = terminal.raw().length;
    terminal.stdin.push('    nnn');
    expect((await terminal.seen())[0]).toContain('10:06 UTC');
    expect(terminal.raw().length).toBe(before);
    now += 60_000;
    terminal.stdin.push('n');
    expect((await terminal.seen())[0]).toContain('10:07 UTC');
    expect(terminal.raw().length - before).toBeLessThan(200);
  });

  it('writes everything anew on the hour, over whatever else came onto the terminal', async () => {
    const room = looks.over!();
    let now = room.now();
    const terminal = opened({ view: room.view, now: () => now }, { columns: 80, rows: 24 });
    const drawn = await terminal.seen();
    const before = terminal.raw().length;
    terminal.stdout.write('\u001b[5;1Hmessage from root: the coffee is ready');
    expect(await terminal.seen()).not.toEqual(drawn);
    now = Math.ceil(now / HOUR) * HOUR;
    terminal.stdin.push('n');
    const after = await terminal.seen();
    expect(after[0]).toContain('11:00 UTC');
    expect(after[4]).toBe(drawn[4]);
    expect(terminal.raw().length - before).toBeGreaterThan(80 * 20);
  });

  it('writes at most 200 bytes a second while one countdown runs', async () => {
    const room = looks.contained!();
    let now = room.now();
    const terminal = opened({ view: room.view, now: () => now }, { columns: 80, rows: 24 });
    await terminal.seen();
    const before = terminal.raw().length;
    for (let second = 0; second < 10; second++) {
      now += 1_000;
      terminal.stdin.push('n');
      await terminal.seen();
    }
    expect(terminal.raw().length - before).toBeLessThan(10 * 200);
  });

  it('says when it is held, and goes on', async () => {
    const terminal = opened(looks.several!(), { columns: 80, rows: 24 });
    terminal.stdin.push(' ');
    expect((await terminal.seen())[0]).toContain('1 of 3   HELD');
    terminal.stdin.push(' ');
    expect((await terminal.seen())[0]).not.toContain('HELD');
  });

  it.each(['q', '\u0003'])('is left with %j and gives everything back', async (key) => {
    const terminal = opened(looks.failing!(), { columns: 80, rows: 24 });
    await terminal.seen();
    terminal.stdin.push(key);
    await terminal.left;
    terminal.screen.close();
    const raw = terminal.raw();
    expect(raw.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(raw.lastIndexOf('\u001b[?1049h'));
    expect(raw.lastIndexOf('\u001b[?12l\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
  });
});
