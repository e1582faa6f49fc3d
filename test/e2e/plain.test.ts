// Owns the proof that the room can be worked by ear: lines and typed words alone, and what a terminal is told beside its screen.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DEAD_TIME_MS } from '../../src/tui/dialog.ts';
import type { Terminal } from '../support/pty.ts';
import { until } from '../support/until.ts';
import { declare, startQuietAgent } from './quiet-agent.ts';
import { all, responder } from './responder.ts';
import { openScene } from './scene.ts';

const ANYTHING_BUT_LINES = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/;
const BELL = '\u0007';
const KEEP_TITLE = '\u001b[22;2t';
const GIVE_TITLE_BACK = '\u001b[23;2t';
const titled = (title: string): string => `\u001b]2;${title}\u001b\\`;

/** Types a line by itself, as a person does, and waits for what must follow it. */
const types = async (terminal: Terminal, line: string, words: string, withinMs = 20_000): Promise<void> => {
  // Not a guess: by design nothing counts that comes before this time has passed.
  await pause(DEAD_TIME_MS + 150);
  const before = terminal.raw().length;
  terminal.press(`${line}\r`);
  await terminal.waitFor(() => terminal.raw().slice(before).includes(words), withinMs);
};

describe('the room as lines', () => {
  it('works a whole containment by typed words, without one escape sequence', async () => {
    const scene = await openScene();
    await scene.start(['demo', '--headless'], 'room at');
    const ana = scene.terminal({ name: 'ana', columns: 100, rows: 30, args: ['--plain'] });
    await ana.waitFor('no incident');
    await ana.waitFor(/for you: SEV\d .* declared SEV\d: checkout: .* of requests fail/, 60_000);
    await types(ana, 'ack', 'ana acknowledged');
    await types(ana, 'role ic', 'ana took command');
    await types(ana, 'contain', 'type a number');
    await types(ana, '3', 'arm A1 arms it');
    await types(ana, '', '');
    await types(ana, 'confirm A1', 'A1 is planned, not armed');
    await types(ana, 'arm', 'ana armed rollback on checkout (A1)');
    await types(ana, '', '');
    expect((await scene.status()).incidents[0]?.ledger).toEqual([]);
    await types(ana, 'confirm A1', 'room applied rollback on checkout (A1)');
    await ana.waitFor('checkout is within its limit again', 120_000);
    await types(ana, 'undo A1', 'arm A2 arms it');
    await types(ana, 'arm A2', 'ana armed undo of A1');
    await types(ana, 'confirm A2', 'rollback on checkout (A1) is taken back');
    await types(ana, 'resolve', 'type yes');
    await types(ana, 'yes', 'ana resolved');
    await types(ana, 'close', 'type yes');
    await types(ana, 'yes', 'ana closed');
    await types(ana, 'quit', 'the agent keeps running');
    expect(await ana.exit).toEqual({ code: 0, signal: 0 });
    expect(ANYTHING_BUT_LINES.exec(ana.raw())?.[0]).toBeUndefined();
  });

  it('is what there is without a terminal, and ends quietly when it is told to', async () => {
    const scene = await openScene();
    await startQuietAgent(scene);
    const log = await scene.start([], 'no incident');
    await declare(scene, 'customers cannot pay');
    await until('the news in the log', () => log.output().includes('declared SEV2: customers cannot pay'));
    await log.kill('SIGTERM');
    expect(log.output()).toMatch(/the agent keeps running; come back: warroom\n$/);
    expect(ANYTHING_BUT_LINES.exec(log.output())?.[0]).toBeUndefined();
  });

  it.each([{ ACCESSIBLE: '1' }, { INK_SCREEN_READER: 'true' }])('is what a terminal gets with %j', async (env) => {
    const scene = await openScene();
    await startQuietAgent(scene);
    const ana = scene.terminal({ name: 'ana', columns: 80, rows: 24, env });
    await ana.waitFor('no incident');
    await declare(scene, 'customers cannot pay');
    await ana.waitFor('for you: SEV2 ');
    ana.press('quit\r');
    expect(await ana.exit).toEqual({ code: 0, signal: 0 });
    expect(ANYTHING_BUT_LINES.exec(ana.raw())?.[0]).toBeUndefined();
  });

  it('tells when the agent is gone and when it is back, and what happened meanwhile', async () => {
    const scene = await openScene();
    const agent = await startQuietAgent(scene);
    const ana = scene.terminal({ name: 'ana', columns: 100, rows: 30, args: ['--plain'] });
    await ana.waitFor('no incident');
    await agent.kill('SIGKILL');
    await ana.waitFor('CONNECTION LOST');
    await types(ana, 'declare checkout', 'what is wrong');
    await types(ana, 'it is down', 'how bad is it?');
    await types(ana, '2', 'not done: the agent has not answered for');
    await startQuietAgent(scene);
    await ana.waitFor('connected again, after');
    await types(ana, 'declare checkout', 'what is wrong');
    await types(ana, 'it is down', 'how bad is it?');
    await types(ana, '2', 'ana declared SEV2: it is down');
    ana.kill('SIGTERM');
    expect(await ana.exit).toEqual({ code: 0, signal: 0 });
  });
});

describe('beside the screen', () => {
  it('the title of the window follows the worst incident, the bell rings once, and the title is given back', async () => {
    const scene = await openScene();
    await startQuietAgent(scene);
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 }));
    await ana.sees(all('1 service', 'live'));
    expect(ana.terminal.raw()).toContain(`${KEEP_TITLE}`);
    expect(ana.terminal.raw()).toContain(titled('warroom'));
    expect(ana.terminal.raw()).not.toContain(BELL);
    await declare(scene, 'customers cannot pay');
    await ana.sees('customers cannot pay');
    await ana.sees(() => ana.terminal.raw().includes(titled('SEV2 INC-1 customers cannot pay')));
    await scene.run(['note', '1', 'no reason to ring'], 'dora');
    await ana.sees('no reason to ring');
    expect(ana.terminal.raw().split(BELL)).toHaveLength(2);
    ana.terminal.press('q');
    expect(await ana.terminal.exit).toEqual({ code: 0, signal: 0 });
    expect(ana.terminal.raw().lastIndexOf(GIVE_TITLE_BACK)).toBeGreaterThan(
      ana.terminal.raw().lastIndexOf('\u001b]2;'),
    );
  });

  it('nothing is said where title and bell are off, nor for what was there before', async () => {
    const scene = await openScene();
    await startQuietAgent(scene);
    await declare(scene, 'customers cannot pay');
    const off = { WARROOM_TITLE: 'off', WARROOM_BELL: 'off' };
    const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24, env: off }));
    const ben = responder(scene.terminal({ name: 'ben', columns: 80, rows: 24 }));
    await ana.sees('customers cannot pay');
    await ben.sees('customers cannot pay');
    await scene.run(['severity', '1', 'sev1', '--reason', 'all of them'], 'dora');
    await ana.sees('SEV1');
    await ben.sees('SEV1');
    await ben.sees(() => ben.terminal.raw().includes(BELL));
    expect(ben.terminal.raw().split(BELL)).toHaveLength(2);
    expect(ana.terminal.raw()).not.toMatch(/\u001b\]|\u0007|;2t/);
  });
});

describe('NO_COLOR', () => {
  it('is kept by every command on a terminal: not one style', async () => {
    const scene = await openScene();
    await startQuietAgent(scene);
    await declare(scene, 'customers cannot pay');
    for (const args of [
      ['status'],
      ['timeline', '1'],
      ['ledger'],
      ['--help'],
      ['status', '--format', 'tmux'],
      ['ack', '9'],
    ]) {
      const terminal = scene.terminal({ name: 'ana', columns: 120, rows: 40, args, env: { NO_COLOR: '1' } });
      await terminal.exit;
      expect(terminal.raw(), args.join(' ')).not.toContain('\u001b');
      expect(terminal.raw().length).toBeGreaterThan(0);
    }
  });
});
