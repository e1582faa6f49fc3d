// Owns a wall that lives through weeks in seconds: prints after each stretch what it holds. Run with --expose-gc.

import { mock } from 'node:test';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import blessed from 'blessed';
import { known } from '../../src/incident/signals.ts';
import { createWall } from '../../src/tui/wall/wall.ts';
import { looks } from '../tui/wall/looks.ts';
import { wallTerminal } from '../tui/wall/wall-terminal.ts';

const STRETCHES = 6;
const SECONDS_IN_STRETCH = Number(process.argv[2]);

const rooms = ['failing', 'contained', 'several', 'stale', 'calm', 'unknown'].map((name) => looks[name]!());
const terminal = wallTerminal({ columns: 80, rows: 24, forgets: true });
let now = rooms[0]!.now();
let at = 0;
mock.timers.enable({ apis: ['setTimeout'] });
const room = () => rooms[Math.floor(at / 7) % rooms.length]!;
const wall = createWall({
  client: { view: () => room().view(), now: () => now },
  screen: terminal.screen,
  glyphs: 'unicode',
  localNow: () => at * 1_000,
});

interface Emitting {
  readonly _events?: Readonly<Record<string, unknown>>;
}

const listenersOf = (emitter: unknown): number =>
  Object.values((emitter as Emitting)._events ?? {}).reduce<number>(
    (sum, heard) => sum + (Array.isArray(heard) ? heard.length : heard === undefined ? 0 : 1),
    0,
  );

const elementsOf = (element: blessed.Widgets.Node): readonly blessed.Widgets.Node[] => [
  element,
  ...element.children.flatMap(elementsOf),
];

const holds = () => {
  const { instances } = (blessed as unknown as { Screen: { instances: blessed.Widgets.Screen[] } }).Screen;
  const elements = instances.flatMap(elementsOf);
  const emitters = [process, terminal.stdin, terminal.stdout, ...instances.map(({ program }) => program), ...elements];
  globalThis.gc?.();
  globalThis.gc?.();
  return {
    elements: elements.length,
    listeners: emitters.reduce((sum, emitter) => sum + listenersOf(emitter), 0),
    heapBytes: process.memoryUsage().heapUsed,
    writtenBytes: terminal.written(),
  };
};

for (let stretch = 0; stretch < STRETCHES; stretch++) {
  for (let second = 0; second < SECONDS_IN_STRETCH; second++) {
    at += 1;
    now += 1_000;
    const ratio = (at * 37) % 100;
    room().reads('checkout', known(ratio / 100), { requestsPerSecond: known(ratio + 200) });
    if (at % 5 === 0)
      room().past(
        'checkout',
        Array.from({ length: 60 }, (_, index) => ((at + index) % 50) / 100),
      );
    if (at % 97 === 0) terminal.resize(at % 2 === 0 ? 80 : 120, at % 2 === 0 ? 24 : 35);
    if (at % 41 === 0) terminal.stdin.push(at % 2 === 0 ? 'n' : '  ');
    if (at % 503 === 0) terminal.stdin.push('\u000c');
    mock.timers.tick(1_000);
    await turnOfTheLoop();
  }
  process.stdout.write(`${JSON.stringify(holds())}\n`);
}
wall.stop();
terminal.screen.close();
