import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runTui } from '../../src/tui/main.tsx';
import { summaryLines } from '../../src/tui/summary.ts';
import { calmRoom, containedRoom, INCIDENT } from '../support/rooms-to-look-at.ts';

describe('the room without a terminal', () => {
  it('says so in one line, and what to use instead', async () => {
    const stream = new PassThrough();
    const run = runTui({ client: calmRoom(), stdin: stream as never, stdout: stream as never });
    await expect(run).rejects.toMatchObject({ code: 'not-a-terminal', nextStep: 'for scripts: warroom status --json' });
  });
});

describe('what is left on the screen afterwards', () => {
  it('says where things stand and how to come back, in at most six lines', () => {
    const room = containedRoom();
    const lines = summaryLines(room.view(), room.view().room.incidents[INCIDENT] ?? null, 80);
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
    expect(summaryLines(calmRoom().view(), null, 80)).toEqual([
      'warroom: no incident',
      'the agent keeps running; come back: warroom',
    ]);
  });
});
