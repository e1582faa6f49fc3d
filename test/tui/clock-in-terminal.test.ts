import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { SECOND, toEpochMs } from '../../src/incident/time.ts';
import { frame } from '../../src/tui/frame.ts';
import { runTui } from '../../src/tui/main.tsx';
import { plainText } from '../../src/tui/row.ts';
import { initialUi } from '../../src/tui/ui.ts';
import { failingRoom, INCIDENT } from '../support/rooms-to-look-at.ts';
import { until } from '../support/until.ts';

const SIZE = { columns: 80, rows: 24 };

const terminal = () => {
  const screen = new xterm.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true, convertEol: true });
  const written: string[] = [];
  const parts = { isTTY: true, ...SIZE, setRawMode: () => {}, ref: () => {}, unref: () => {} };
  const stdin = Object.assign(new PassThrough(), parts);
  const write = (bytes: Buffer, _encoding: string, done: () => void): void => {
    written.push(bytes.toString());
    screen.write(bytes, done);
  };
  const stdout = Object.assign(new Writable({ write }), parts);
  const rows = (): readonly string[] =>
    Array.from(
      { length: SIZE.rows },
      (_, y) => screen.buffer.active.getLine(y)?.translateToString(true).trimEnd() ?? '',
    );
  return { stdin, stdout: stdout as never, rows, written };
};

describe('the clocks of the room in a terminal', () => {
  it('go on past Ink in a few bytes, and every frame of Ink is whole all the same', async () => {
    const room = failingRoom();
    const { stdin, stdout, rows, written } = terminal();
    const leave = new AbortController();
    const run = runTui({ client: room, stdin: stdin as never, stdout, theme: 'sixteen', leave: leave.signal });
    const expected = (dialog: (typeof initialUi)['dialog'] = null): readonly string[] =>
      frame({ view: room.view(), ui: { ...initialUi, dialog }, now: toEpochMs(room.story.now()) }, SIZE).rows.map(
        (row) => plainText(row).trimEnd(),
      );
    /** All but the notice row, which tells who came late. */
    const isShown = (dialog: (typeof initialUi)['dialog'] = null): boolean =>
      expected(dialog).every((row, index) => index === SIZE.rows - 2 || rows()[index] === row);
    await until('the first frame', isShown);
    for (let second = 0; second < 3; second++) {
      const before = written.length;
      room.story.pass(SECOND);
      await until('the next second', isShown);
      if (second > 0) expect(written.slice(before).join('').length).toBeLessThan(200);
    }
    stdin.write('s');
    await until('the menu', () => isShown({ name: 'menu', menu: { kind: 'severity', incident: INCIDENT }, cursor: 1 }));
    stdin.write('h');
    await until('the room', isShown);
    leave.abort();
    await run;
  });
});
