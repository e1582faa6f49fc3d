// Owns the proof of good manners in a terminal: what is written, what is left behind, how few bytes, and how it refuses.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { framed } from '../support/pty.ts';
import { declare, startQuietAgent } from './quiet-agent.ts';
import { all, responder } from './responder.ts';
import { openScene } from './scene.ts';

const RESOLVED = 'RESOLVED';

/** A room full of words in which nothing moves: resolved, not closed. */
/** The other terminal is counted as long as it is there: what gives way to that count may stand elsewhere. */
const withoutPresence = (screen: readonly string[]): string =>
  framed(screen)
    .replaceAll(/ +/g, ' ')
    .replace(/ \d+ here/, '');

const openStillRoom = async () => {
  const scene = await openScene();
  await startQuietAgent(scene);
  await declare(scene, 'customers cannot pay');
  await scene.run(['note', '1', 'the provider has an incident of its own and says so on its status page'], 'ben');
  await scene.run(['resolve', '1'], 'dora');
  return scene;
};

const COLOUR = /\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m/;

describe('a terminal', () => {
  it('is needed for the demo with its room: without one there is one clear line and exit 2', async () => {
    const scene = await openScene();
    const { code, stdout, stderr } = await scene.run(['demo']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('warroom: warroom needs a terminal\n         for scripts: warroom status --json\n');
  });

  it('without an agent gets one clear line and exit 4, and keeps its screen', async () => {
    const scene = await openScene();
    const terminal = scene.terminal({ name: 'ana', columns: 80, rows: 24 });
    expect(await terminal.exit).toEqual({ code: 4, signal: 0 });
    const said = terminal.screen().join(' ');
    expect(said).toContain('warroom: no agent runs on');
    expect(said).toContain('start one: warroom agent, or try warroom demo');
    expect(terminal.raw()).not.toContain('\u001b[?1049h');
    expect(await scene.run(['status', '--json'])).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('no-agent'),
    });
  });

  it('with NO_COLOR gets words and weights, no colour', async () => {
    const scene = await openStillRoom();
    const plain = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24, env: { NO_COLOR: '1' } }));
    await plain.sees(RESOLVED);
    await plain.does('?', 'Keys');
    expect(plain.terminal.raw()).not.toMatch(COLOUR);
    const coloured = responder(scene.terminal({ name: 'ben', columns: 80, rows: 24 }));
    await coloured.sees(RESOLVED);
    expect(coloured.terminal.raw()).toMatch(COLOUR);
  });

  it('that changes its size shows what a new one of that size shows, without residue', async () => {
    const scene = await openStillRoom();
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 }));
    await ana.sees(RESOLVED);
    for (const [columns, rows] of [
      [60, 15],
      [120, 35],
      [40, 10],
      [80, 24],
    ] as const) {
      const fresh = scene.terminal({ name: 'ana', columns, rows });
      const wanted = await fresh.waitFor(RESOLVED);
      fresh.kill('SIGTERM');
      await fresh.exit;
      ana.terminal.resize(columns, rows);
      await ana.terminal.waitFor((screen) => withoutPresence(screen) === withoutPresence(wanted));
    }
  });

  it('that is too small says so, takes no commands, and recovers', async () => {
    const scene = await openStillRoom();
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 }));
    const room = await ana.sees(RESOLVED);
    ana.terminal.resize(30, 8);
    await ana.terminal.waitFor(all('window too small', '30x8, needs 40x10'));
    ana.terminal.press('n');
    ana.terminal.resize(80, 24);
    await ana.terminal.waitFor((screen) => framed(screen) === framed(room));
    ana.terminal.resize(30, 8);
    await ana.terminal.waitFor('window too small');
    ana.terminal.press('q');
    expect(await ana.terminal.exit).toEqual({ code: 0, signal: 0 });
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('is given back as it was when %s ends the room', async (signal) => {
    const scene = await openStillRoom();
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 }));
    await ana.sees(RESOLVED);
    ana.terminal.kill(signal);
    expect(await ana.terminal.exit).toEqual({ code: 0, signal: 0 });
    expect(ana.terminal.screen().join('\n')).toContain('the agent keeps running; come back: warroom');
    const raw = ana.terminal.raw();
    expect(ana.terminal.isAlternate()).toBe(false);
    for (const [given, taken] of [
      ['\u001b[?1049l', '\u001b[?1049h'],
      ['\u001b[?25h', '\u001b[?25l'],
      ['\u001b[?2004l', '\u001b[?2004h'],
      ['\u001b[?2026l', '\u001b[?2026h'],
    ] as const) {
      expect(raw.lastIndexOf(given), JSON.stringify(given)).toBeGreaterThan(raw.lastIndexOf(taken));
    }
  });

  it('gets not one byte for three seconds while nothing changes', async () => {
    const scene = await openScene();
    await startQuietAgent(scene);
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 }));
    await ana.sees(all('1 service', 'live'));
    // The first frames may follow each other; from the moment on that a key is answered, the room is still.
    await ana.does('?', 'Keys');
    await ana.does('q', (screen) => !screen.join('\n').includes('Keys '));
    const before = ana.terminal.raw().length;
    await pause(3_000);
    expect(ana.terminal.raw().slice(before)).toBe('');
  });
});
