// Owns the proof of the wall in a real terminal: it shows, turns, says when it is blind, asks for nothing, and leaves no trace.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cellsIn } from '../support/cells.ts';
import type { Screen } from '../support/pty.ts';
import { configure } from './quiet-agent.ts';
import { all, type Responder, responder } from './responder.ts';
import { type Background, openScene, type Scene } from './scene.ts';

const SERVICES = `
defaults:
  environment: { name: staging, production: false }
services:
  checkout: { core: true }
  search: {}
`;

const startAgent = async (scene: Scene): Promise<Background> =>
  scene.start(['agent', '--config', await configure(scene, SERVICES), '--port', '0'], 'listening on');

const openWall = (scene: Scene, columns = 80, rows = 24, env: Readonly<Record<string, string>> = {}): Responder =>
  responder(scene.terminal({ name: 'dora', columns, rows, args: ['wall'], env }));

const declare = async (scene: Scene, service: string, severity: string, title: string): Promise<void> => {
  const declared = await scene.run(['declare', '--service', service, '--severity', severity, '--title', title], 'dora');
  expect(declared).toMatchObject({ code: 0, stderr: '' });
};

/** The title of the incident shown; one that is only named in a table is not. */
const showing =
  (title: string) =>
  (screen: Screen): boolean =>
    screen.slice(0, 3).includes(` ${title}`);

describe('the wall', () => {
  it('shows what is declared, turns to the next by itself and to a grave one at once, and asks for nothing', async () => {
    const scene = await openScene();
    await startAgent(scene);
    const wall = openWall(scene);
    await wall.sees(all('warroom', 'live', 'checkout'));
    await declare(scene, 'checkout', 'sev3', 'customers cannot pay');
    await wall.sees(all('INC-2026-0001', 'customers cannot pay', 'NO COMMANDER', 'triage'));
    await declare(scene, 'search', 'sev3', 'search finds nothing');
    await wall.sees(all('customers cannot pay', /ALSO OPEN +SEV3 +INC-2026-0002 +search finds nothing/));
    await wall.sees(showing('search finds nothing'), 25_000);

    await scene.run(['role', '2', 'commander'], 'ana');
    await wall.sees('IC ana');
    await wall.does(' ', 'HELD');
    await scene.run(['severity', '1', 'sev2', '--reason', 'everybody is affected'], 'ana');
    const raised = await wall.sees(showing('customers cannot pay'), 3_000);
    expect(raised[0]).not.toContain('HELD');
    await wall.does('n', showing('search finds nothing'));

    const { seq } = (await scene.status()).agent;
    for (const key of ['a', 'c', '1', 'y', 'r', 'R', 'C', '\r', ':', ' ', ' ', 'n']) wall.terminal.press(key);
    await wall.sees(showing('customers cannot pay'));
    expect((await scene.status()).agent.seq).toBe(seq);
    await scene.run(['resolve', '1'], 'ana');
    await scene.run(['resolve', '2'], 'ana');
    await wall.sees(all('minutes since the last incident', 'LAST INCIDENTS', 'resolved just now'));
  });

  it('says STALE within moments when the agent dies, keeps the picture, and comes back by itself', async () => {
    const scene = await openScene();
    const agent = await startAgent(scene);
    await declare(scene, 'checkout', 'sev2', 'customers cannot pay');
    const wall = openWall(scene);
    await wall.sees(all('customers cannot pay', 'live'));
    await agent.kill('SIGKILL');
    await wall.sees(all('STALE', /all of this is \d+ s old; reconnecting/, 'customers cannot pay'), 3_000);
    const again = await startAgent(scene);
    await wall.sees((screen) => screen[0]?.includes('live') === true && !screen.join('\n').includes('STALE'));
    expect(again.output()).not.toContain('wall');
  });

  it.each([
    [80, 24],
    [120, 35],
    [200, 60],
  ])('of %ix%i shows hostile words as words, and fits its window', async (columns, rows) => {
    const scene = await openScene();
    await startAgent(scene);
    const wall = openWall(scene, columns, rows);
    await wall.sees('live');
    const hostile = '\u001b]52;c;c3RvbGVu\u0007\u001b[2J{red-fg}{bold}支払い🔥 \u202eKO\u202c \u009b31m';
    await declare(scene, 'checkout', 'sev2', `${hostile} ${'so long '.repeat(50)}`);
    const screen = await wall.sees(all('INC-2026-0001', '{red-fg}{bold}支払い?? KO', 'so long'));
    for (const row of screen) expect(cellsIn(row), row).toBeLessThanOrEqual(columns);
    expect(wall.terminal.raw()).not.toContain('c3RvbGVu');
  });

  it('follows its window through every size', async () => {
    const scene = await openScene();
    await startAgent(scene);
    await declare(scene, 'checkout', 'sev2', 'customers cannot pay');
    const wall = openWall(scene);
    await wall.sees('customers cannot pay');
    // What was drawn for the old size may still arrive at the new one: only what stands at the end counts.
    wall.terminal.resize(200, 60);
    await wall.terminal.waitFor(all('INC-2026-0001', 'nobody commands this incident'));
    wall.terminal.resize(50, 12);
    await wall.terminal.waitFor(all('window too small', '50x12, needs 60x18', 'q leaves the wall'));
    wall.terminal.resize(120, 35);
    await wall.terminal.waitFor(all('INC-2026-0001', 'nobody commands this incident'));
    wall.terminal.resize(80, 24);
    await wall.terminal.waitFor(all('customers cannot pay', 'NO COMMANDER'));
  });

  it('writes not one byte while nothing is open and no minute passes', async () => {
    const scene = await openScene();
    await startAgent(scene);
    const wall = openWall(scene);
    await wall.sees(all('live', 'q leave'));
    // The clock on the wall is the one thing that moves.
    if (new Date().getUTCSeconds() > 55) await pause(61_000 - (Date.now() % 60_000));
    await wall.does('\u000c', 'q leave');
    await pause(500);
    const before = wall.terminal.raw().length;
    await pause(3_000);
    expect(wall.terminal.raw().slice(before)).toBe('');
  });

  it('uses no colour where none is wanted', async () => {
    const scene = await openScene();
    await startAgent(scene);
    await declare(scene, 'checkout', 'sev1', 'customers cannot pay');
    const wall = openWall(scene, 120, 35, { NO_COLOR: '1' });
    await wall.sees(all('INC-2026-0001', 'nobody commands this incident'));
    expect(wall.terminal.raw()).not.toMatch(/\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m/);
  });
});

describe('a terminal that showed the wall', () => {
  const leavings: readonly (readonly [string, (wall: Responder) => void])[] = [
    ['q', ({ terminal }) => terminal.press('q')],
    ['Ctrl-C', ({ terminal }) => terminal.press('\u0003')],
    ['SIGTERM', ({ terminal }) => terminal.kill('SIGTERM')],
    ['SIGHUP', ({ terminal }) => terminal.kill('SIGHUP')],
  ];

  it.each(leavings)('is as it was before: %s', async (_, leave) => {
    const scene = await openScene();
    await startAgent(scene);
    await declare(scene, 'checkout', 'sev2', 'customers cannot pay');
    const wall = openWall(scene);
    await wall.sees('customers cannot pay');
    expect(wall.terminal.isAlternate()).toBe(true);
    leave(wall);
    expect(await wall.terminal.exit).toEqual({ code: 0, signal: 0 });
    expect(wall.terminal.isAlternate()).toBe(false);
    expect(wall.terminal.screen().join('')).toBe('');
    const raw = wall.terminal.raw();
    expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
    expect(raw).not.toMatch(/\u001b\[\?(?:1000|1002|1003|1006)h/);
  });

  it('is needed: without one there is one clear line and exit 2, without an agent exit 4', async () => {
    const scene = await openScene();
    expect(await scene.run(['wall'])).toMatchObject({ code: 4, stderr: expect.stringContaining('no agent runs on') });
    await startAgent(scene);
    expect(await scene.run(['wall'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'warroom: warroom needs a terminal\n         for scripts: warroom status --json\n',
    });
  });
});
