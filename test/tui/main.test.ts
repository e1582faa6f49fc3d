import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runTui } from '../../src/tui/main.tsx';
import { summaryLines } from '../../src/tui/summary.ts';
import { aborted, toldToLeave } from '../../src/tui/told-to-leave.ts';
import { calmRoom, containedRoom, INCIDENT } from '../support/rooms-to-look-at.ts';
import { until } from '../support/until.ts';

/** As much of a terminal as Ink asks for. */
const terminal = () => {
  const terminalParts = { isTTY: true, columns: 80, rows: 24, setRawMode: () => {}, ref: () => {}, unref: () => {} };
  const stdin = Object.assign(new PassThrough(), terminalParts) as never;
  const written: string[] = [];
  const stdout = Object.assign(new PassThrough(), terminalParts);
  stdout.on('data', (bytes: Buffer) => written.push(bytes.toString()));
  return { stdin, stdout: stdout as never, written: () => written.join('') };
};

describe('the room without a terminal', () => {
  it('says so in one line, and what to use instead', async () => {
    const stream = new PassThrough();
    const run = runTui({ client: calmRoom(), stdin: stream as never, stdout: stream as never });
    await expect(run).rejects.toMatchObject({ code: 'not-a-terminal', nextStep: 'for scripts: warroom status --json' });
  });
});

describe('the room told to leave', () => {
  it('gives the terminal back, says where things stand, and ends', async () => {
    const leave = new AbortController();
    const { stdin, stdout, written } = terminal();
    const run = runTui({ client: calmRoom(), stdin, stdout, leaving: 'ends-the-demo', leave: leave.signal });
    await until('the room to be drawn', () => written().includes('nothing is wrong'));
    leave.abort();
    await run;
    const after = written().slice(written().lastIndexOf('\u001b[?1049l'));
    expect(after).toContain('warroom: no incident\nthe demo ends, with its agent and its shop');
  });

  it('before it was drawn, draws nothing', async () => {
    const { stdin, stdout, written } = terminal();
    await runTui({ client: calmRoom(), stdin, stdout, leave: AbortSignal.abort() });
    expect(written()).toBe('');
  });

  it('is told so by a terminal that is gone', async () => {
    const gone = new EventEmitter();
    gone.on('error', (error) => {
      throw error;
    });
    const leave = toldToLeave({ signals: [], streams: [gone] });
    expect(leave.aborted).toBe(false);
    gone.emit('error', new Error('EIO'));
    await aborted(leave);
    gone.emit('error', new Error('EIO, once more, ends no process'));
    expect(leave.aborted).toBe(true);
  });
});

describe('what is left on the screen afterwards', () => {
  it('says where things stand and how to come back, in at most six lines', () => {
    const room = containedRoom();
    const lines = summaryLines(room.view(), room.view().room.incidents[INCIDENT] ?? null, {
      columns: 80,
      leaving: 'agent-goes-on',
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "INC-2026-0001  SEV2  containment  checkout: 41 % of requests fail",
        "commander: ana   in place: A1 circuit-breaker on checkout",
        "10:02:32  ana  phase triage → containment",
        "10:02:32  room  applied circuit-breaker on checkout (A1), errors were 41 %",
        "errors now: checkout 2.1 %",
        "the agent keeps running; come back: warroom",
      ]
    `);
    expect(lines.length).toBeLessThanOrEqual(6);
    expect(summaryLines(calmRoom().view(), null, { columns: 80, leaving: 'agent-goes-on' })).toEqual([
      'warroom: no incident',
      'the agent keeps running; come back: warroom',
    ]);
  });

  it('promises no agent where leaving ends it', () => {
    const room = containedRoom();
    for (const incident of [room.view().room.incidents[INCIDENT] ?? null, null]) {
      const text = summaryLines(room.view(), incident, { columns: 80, leaving: 'ends-the-demo' }).join('\n');
      expect(text).toContain('the demo ends, with its agent and its shop');
      expect(text).not.toMatch(/keeps running|come back/);
    }
  });
});
