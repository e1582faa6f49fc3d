// Owns measuring the time from a key to the changed screen, in a pseudo-terminal, against a bare Ink program of as many rows.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { bundleLimit } from './bundle.ts';
import { type DemoRoom, isBuilt, startDemoRoom } from './demo-room.ts';
import { takeTurns } from './measure.ts';
import { openTerminal, type Size, type TerminalProgram } from './terminal.ts';

const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 35 },
];

/** Uneven, as fingers are, so that no rhythm of a program's own frames meets the keys. */
const gapMs = (turn: number): number => 30 + ((Math.abs(turn) * 37) % 90);

const shows =
  (wanted: RegExp) =>
  (rows: readonly string[]): boolean =>
    wanted.test(rows.join('\n'));

const pressUntil = async (terminal: TerminalProgram, key: string, wanted: RegExp): Promise<number> => {
  const pressedAtMs = terminal.press(key);
  return (await terminal.untilShows(`${wanted} after ${key}`, shows(wanted))) - pressedAtMs;
};

/** Two keys in turn, each with the screen it leads to. */
const inTurn =
  (terminal: TerminalProgram, steps: readonly [readonly [string, RegExp], readonly [string, RegExp]]) =>
  async (turn: number): Promise<number> => {
    await sleep(gapMs(turn));
    const [key, wanted] = steps[turn % 2 === 0 ? 0 : 1];
    return pressUntil(terminal, key, wanted);
  };

/** The first and the last row, so the whole frame is there. */
const everyRow = (count: number): RegExp => new RegExp(`^row 0 all ${count} .*\\nrow \\d+ all ${count} [^\\n]*$`, 's');
const HELP = /^ Keys .*\n[^\n]* back[^\n]*$/s;
const ROOM = / TIMELINE .*\n[^\n]*\? help[^\n]*$/s;

/** A key of the bare program, which counts what it was pressed. */
const counting = (terminal: TerminalProgram, key: 'o' | 'a') => {
  let count = 0;
  return async (turn: number): Promise<number> => {
    await sleep(gapMs(turn));
    count += 1;
    return pressUntil(terminal, key, key === 'o' ? new RegExp(`one ${count} `) : everyRow(count));
  };
};

interface Pair {
  readonly room: TerminalProgram;
  readonly bare: TerminalProgram;
}

const measure = async (
  { room, bare }: Pair,
  size: Size,
  { incident, isQuick }: { readonly incident: string; readonly isQuick: boolean },
): Promise<readonly Row[]> => {
  const turns = { turns: isQuick ? 24 : 150, warmUp: 10 };
  const at = `${size.columns}x${size.rows}`;
  await room.untilShows('the incident', shows(new RegExp(incident)));
  await bare.untilShows('its rows', shows(/row 1 /));
  // The marked line of the severity menu moves: two rows change, over the live room.
  await pressUntil(room, 's', / > 2 SEV2/);
  const motion = await takeTurns(
    {
      ours: inTurn(room, [
        ['j', / > 3 SEV3/],
        ['k', / > 2 SEV2/],
      ]),
      limit: counting(bare, 'o'),
    },
    turns,
  );
  await pressUntil(room, 'h', ROOM);
  const whole = await takeTurns(
    {
      ours: inTurn(room, [
        ['?', HELP],
        ['h', ROOM],
      ]),
      limit: counting(bare, 'a'),
    },
    turns,
  );
  return [
    { name: `key press ${at}, mark moves`, ...motion, against: 'bare Ink, one row changes', note: '' },
    { name: `key press ${at}, help and back`, ...whole, against: 'bare Ink, every row changes', note: '' },
  ];
};

const atSize = async (size: Size, demo: DemoRoom, bareProgram: string, isQuick: boolean): Promise<readonly Row[]> => {
  const room = openTerminal([demo.program], size, demo.env);
  const bare = openTerminal([bareProgram], size);
  try {
    return await measure({ room, bare }, size, { incident: demo.incident, isQuick });
  } finally {
    await Promise.all([room.stop(), bare.stop()]);
  }
};

export const keyPress: Benchmark = {
  name: 'key-press',
  about: 'a key until the screen shows what it does, in the living demo with an incident, in a pty',
  run: async ({ directory, isQuick }: Effort) => {
    if (!isBuilt()) return { kind: 'not-run', reason: 'there is no dist: npm run build' };
    const bareProgram = await bundleLimit('ink-rows', directory);
    const demo = await startDemoRoom(directory);
    try {
      const rows: Row[] = [];
      for (const size of SIZES) rows.push(...(await atSize(size, demo, bareProgram, isQuick)));
      return { kind: 'measured', rows };
    } finally {
      await demo.stop();
    }
  },
};
