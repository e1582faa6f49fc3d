// Owns the proof that words from outside stay words: nothing in them reaches a terminal as a command, or moves the frame.
import { expect, it } from 'vitest';
import { cellsIn } from '../support/cells.ts';
import { framed, type Screen } from '../support/pty.ts';
import { declare, startQuietAgent } from './quiet-agent.ts';
import { all, responder } from './responder.ts';
import { openScene } from './scene.ts';

const STEAL_CLIPBOARD = '\u001b]52;c;c3RvbGVu\u0007';
const RETITLE = '\u001b]0;owned\u001b\\';
const CLEAR = '\u001b[2J\u001b[1;1H\u001b[31m';
const EIGHT_BIT = '\u009b31m\u009d52;c;c3RvbGVu\u009c';
const BIDI = '\u202eKO si lla\u202c\u2066\u2069';
const INVISIBLE = '\u200b\u200d\ufeff\u00ad\u2060';
const WIDE = '支払いができません 決済 🔥🔥';
const STACKED = `z${'\u0301'.repeat(40)}`;
const LONG = 'so long '.repeat(512);

const NOTES = [
  `clipboard ${STEAL_CLIPBOARD}here`,
  `title ${RETITLE}here`,
  `clear ${CLEAR}here`,
  `eight-bit ${EIGHT_BIT}here`,
  `bidi ${BIDI} here`,
  `invisible ${INVISIBLE}here\r\nsecond line\ttab`,
  `wide ${WIDE} here`,
  `stacked ${STACKED} here`,
];

// Moves, erases, styles, the modes Ink sets, and the title kept and given back: all that this program ever sends.
const OURS = /\u001b\[(?:\d*(?:;\d*)*[ABCDEFGHJKm]|\?(?:25|1049|2004|2026)[hl]|2[23];2t)/g;
const OUR_TITLE = /\u001b\]2;([^\u0007\u001b]*)\u001b\\/g;
const NOT_TEXT =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

const columnsOf = (screen: Screen, mark: string): ReadonlySet<number> =>
  new Set(screen.filter((row) => row.includes(mark)).map((row) => cellsIn(row.slice(0, row.indexOf(mark)))));

it.each([
  [80, 24],
  [120, 35],
])('hostile words never reach a terminal of %ix%i as anything but words', async (columns, rows) => {
  const scene = await openScene();
  await startQuietAgent(scene);
  const declared = await declare(scene, `pay${STEAL_CLIPBOARD}ments ${CLEAR}${BIDI}${INVISIBLE} ${WIDE}`);
  expect(declared).toMatchObject({ code: 0, stderr: '' });
  const ana = responder(scene.terminal({ name: `ana${CLEAR}${WIDE}`, columns, rows }));
  await ana.sees(all('payments', '支払い', 'SEV2', 'live'));

  for (const note of NOTES) {
    expect(await scene.run(['note', '1', note], `ben${STEAL_CLIPBOARD}`)).toMatchObject({ code: 0 });
    const screen = await ana.sees(`note: ${note.split(' ')[0]}`);
    expect(columnsOf(screen, '│').size, framed(screen)).toBe(1);
    for (const row of screen) expect(cellsIn(row), row).toBeLessThanOrEqual(columns);
  }
  expect(await scene.run(['note', '1', LONG], 'ben')).toMatchObject({ code: 0 });
  await ana.sees('so long');
  expect(ana.terminal.raw()).not.toContain('c3RvbGVu');
  await ana.does('n', 'Note for');
  ana.terminal.paste(`pasted ${CLEAR}${STEAL_CLIPBOARD}${BIDI}${LONG}`);
  await ana.sees(all('Note for', 'so long'));
  await ana.does('\r', 'TIMELINE');
  await ana.does('e', 'Title of');
  await ana.does('\u001b', 'TIMELINE');

  const left = ana.terminal.raw().replaceAll(OURS, '').replaceAll(OUR_TITLE, '$1');
  expect(NOT_TEXT.exec(left)?.[0]).toBeUndefined();
});
