// Owns measuring the start of the room, from the new process to its first frame and to the live picture, against a bundled Ink hello.
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { bundleLimit } from './bundle.ts';
import { type DemoRoom, isBuilt, startDemoRoom } from './demo-room.ts';
import { takeTurns } from './measure.ts';
import { openTerminal, type Size } from './terminal.ts';

const SIZE: Size = { columns: 80, rows: 24 };

/** The keys in the last row: the whole frame is there. */
const isFrame = (rows: readonly string[]): boolean => rows.at(-1)?.includes('? help') === true;

const isHello = ([first]: readonly string[]): boolean => first === 'hello';

interface Start {
  readonly firstFrameMs: number;
  readonly liveMs: number;
}

const startRoom = async ({ program, env, incident }: DemoRoom): Promise<Start> => {
  const room = openTerminal([program], SIZE, env);
  try {
    const first = await room.untilShows('its first frame', isFrame);
    const live = await room.untilShows(incident, (rows) => rows.some((row) => row.includes(incident)));
    return { firstFrameMs: first - room.startedAtMs, liveMs: live - room.startedAtMs };
  } finally {
    await room.stop();
  }
};

const startHello = async (program: string): Promise<number> => {
  const hello = openTerminal([program], SIZE);
  try {
    return (await hello.untilShows('hello', isHello)) - hello.startedAtMs;
  } finally {
    await hello.stop();
  }
};

const measure = async (demo: DemoRoom, helloProgram: string, isQuick: boolean): Promise<readonly Row[]> => {
  const live: number[] = [];
  const { ours, limit } = await takeTurns(
    {
      ours: async (turn) => {
        const { firstFrameMs, liveMs } = await startRoom(demo);
        if (turn >= 0) live.push(liveMs);
        return firstFrameMs;
      },
      limit: () => startHello(helloProgram),
    },
    { turns: isQuick ? 8 : 30, warmUp: 2 },
  );
  return [
    { name: 'cold start to first frame', ours, limit, against: 'bundled Ink hello', note: '' },
    {
      name: 'cold start to live picture',
      ours: live,
      limit,
      against: 'bundled Ink hello',
      note: 'the same starts: connected, welcomed, the incident on the screen',
    },
  ];
};

export const coldStart: Benchmark = {
  name: 'cold-start',
  about: 'a new process until the room is on the screen, 80x24, against a running agent',
  run: async ({ directory, isQuick }: Effort) => {
    if (!isBuilt()) return { kind: 'not-run', reason: 'there is no dist: npm run build' };
    const helloProgram = await bundleLimit('ink-hello', directory);
    const demo = await startDemoRoom(directory);
    try {
      return { kind: 'measured', rows: await measure(demo, helloProgram, isQuick) };
    } finally {
      await demo.stop();
    }
  },
};
