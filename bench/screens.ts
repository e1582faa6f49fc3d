// Owns measuring what a screen costs in a large room: against the same screen of a room with next to nothing in it, and of one that just fills it.
import { join } from 'node:path';
import type { RoomView } from '../src/client/room-client.ts';
import { evolveCommit } from '../src/incident/evolve.ts';
import { SECOND, toTimestamp } from '../src/incident/time.ts';
import type { Key } from '../src/tui/keys.ts';
import type { Session } from '../src/tui/session.ts';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { bundle } from './bundle.ts';
import { median, takeTurns } from './measure.ts';
import {
  NOW,
  type RoomSize,
  type StillClient,
  shownIncident,
  signalsAt,
  stillClient,
  viewOfSize,
} from './room-of-size.ts';
import type { Size } from './terminal.ts';
import { type InsideTerminal, loadParts, openInside, openSession, type TerminalParts } from './terminal-inside.ts';

const LARGE: RoomSize = {
  services: 500,
  incidents: 100,
  rows: 10_000,
  alerts: 10_000,
  silences: 50,
  actions: 200,
  people: 60,
  sources: 12,
};
const EMPTY: RoomSize = {
  services: 3,
  incidents: 1,
  rows: 5,
  alerts: 1,
  silences: 1,
  actions: 1,
  people: 1,
  sources: 1,
};
/** Every list is a little longer than the highest window: what more there is in the large room is out of sight. */
const FILLED: RoomSize = {
  services: 70,
  incidents: 70,
  rows: 200,
  alerts: 70,
  silences: 70,
  actions: 70,
  people: 60,
  sources: 12,
};

const calm = (size: RoomSize): RoomSize => ({ ...size, actions: 0, isCalm: true });

const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 35 },
  { columns: 200, rows: 60 },
];

interface Look {
  readonly name: string;
  /** The keys to it from the room; the last one is timed. */
  readonly keys: readonly string[];
  readonly isCalm?: boolean;
}

const LOOKS: readonly Look[] = [
  { name: 'room', keys: ['?', 'h'] },
  { name: 'room, calm', keys: ['?', 'h'], isCalm: true },
  { name: 'incidents', keys: ['i'] },
  { name: 'services', keys: ['g'] },
  { name: 'services, calm', keys: ['g'], isCalm: true },
  { name: 'signals', keys: ['g', '\r'] },
  { name: 'ledger', keys: ['l'] },
  { name: 'timeline', keys: ['t'] },
  { name: 'roles', keys: ['D'] },
  { name: 'silences', keys: ['m'] },
  { name: 'summary', keys: ['w'] },
  { name: 'sources', keys: ['o'] },
  { name: 'agent', keys: ['H'] },
  { name: 'help', keys: ['?'] },
  { name: 'palette', keys: [':'] },
  { name: 'palette, typing', keys: [':', 'o'] },
  { name: 'menu of containments', keys: ['c'] },
  { name: 'menu of services', keys: ['d'] },
  { name: 'card', keys: ['v'] },
  { name: 'note', keys: ['n'] },
  { name: 'question', keys: ['R'] },
];

/** One room, on which news came before every timed key: what was made for an older one is of no use. */
interface Contender {
  readonly client: StillClient;
  readonly size: RoomSize;
  view: RoomView;
  now: number;
}

const contender = (size: RoomSize, view: RoomView): Contender => {
  const one: Contender = { client: stillClient(view, () => one.now), size, view, now: NOW };
  return one;
};

const withNews = ({ size, view }: Contender, now: number): RoomView => {
  const turn = Math.floor(now / SECOND);
  const signals = Array.from({ length: size.services }, (_, number) => signalsAt(number, NOW - now, turn));
  const event = {
    type: 'severity.proposed',
    incident: shownIncident(size),
    to: 'SEV2',
    reason: 'ratio',
    evidence: null,
  };
  const commit = { seq: view.seq + 1, at: toTimestamp(now), actor: { kind: 'agent', name: 'room' }, events: [event] };
  return {
    ...view,
    seq: commit.seq,
    room: size.isCalm === true ? view.room : evolveCommit(view.room, commit as never),
    signals: Object.fromEntries(signals.map((one) => [one.reading.service, one])),
    history: Object.fromEntries(
      signals.map(({ reading }) => {
        const point = { at: reading.at, errorRatio: 0.002, p95Seconds: 0.1, requestsPerSecond: 90 };
        return [reading.service, [...(view.history[reading.service] ?? []), point].slice(1)];
      }),
    ),
  };
};

type Press = (key: string) => Promise<number>;

/** The time of the last key to a screen, with fresh news; then back to the room. */
const opening = (one: Contender, look: Look, press: Press) => async (): Promise<number> => {
  for (const key of look.keys.slice(0, -1)) await press(key);
  one.now += 2 * SECOND;
  // The room itself goes on from where it was: the timeline would outgrow its size.
  one.client.show(withNews(one, one.now));
  const tookMs = await press(look.keys.at(-1) ?? '');
  if (look.keys.at(-1) !== 'h') await press('\u0003');
  return tookMs;
};

const keyOf = (key: string): Key => {
  if (key === '\r') return { name: 'enter' };
  return key === '\u0003' ? { name: 'ctrl-c' } : { name: 'character', character: key };
};

const onSession =
  (session: Session): Press =>
  async (key) => {
    const pressedAtMs = performance.now();
    session.press(keyOf(key));
    return performance.now() - pressedAtMs;
  };

type Names = 'large' | 'empty' | 'filled';
const NAMES: readonly Names[] = ['large', 'empty', 'filled'];
type Views = Readonly<Record<Names, { readonly size: RoomSize; readonly view: RoomView }>>;
type Copies = Readonly<Record<Names, TerminalParts>>;

const each = async <Value>(make: (name: Names) => Value | Promise<Value>): Promise<Record<Names, Value>> =>
  Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await make(name)]))) as Record<Names, Value>;

interface Measuring {
  readonly look: Look;
  readonly window: Size;
  readonly views: Views;
  readonly copies: Copies;
  readonly turns: number;
}

const bytesOf = async ({ look, window, views, copies, turns }: Measuring) => {
  const rooms = await each((name) => contender(views[name].size, views[name].view));
  const terminals = await each<InsideTerminal>((name) => openInside(copies[name], rooms[name].client, window));
  try {
    const contenders = await each((name) => opening(rooms[name], look, terminals[name].press));
    return await takeTurns(contenders, { turns, warmUp: 5 });
  } finally {
    await each((name) => terminals[name].stop());
  }
};

const rowsOf = async ({ look, window, views, copies, turns }: Measuring) => {
  const rooms = await each((name) => contender(views[name].size, views[name].view));
  const sessions = await each((name) => openSession(copies[name], rooms[name].client, window));
  try {
    const contenders = await each((name) => opening(rooms[name], look, onSession(sessions[name])));
    return await takeTurns(contenders, { turns: 2 * turns, warmUp: 20 });
  } finally {
    for (const name of NAMES) sessions[name].stop();
  }
};

const times = (a: readonly number[], b: readonly number[]): string => `${(median(a) / median(b)).toFixed(2)}x`;

const measure = async (measuring: Measuring): Promise<Row> => {
  const rows = await rowsOf(measuring);
  const bytes = await bytesOf(measuring);
  const { look, window } = measuring;
  const note = [
    `beside one that just fills the window ${times(bytes.large, bytes.filled)}`,
    `its rows alone ${median(rows.large).toFixed(2)} ms, empty ${median(rows.empty).toFixed(2)}, filled ${median(rows.filled).toFixed(2)}`,
  ].join('; ');
  return {
    name: `${look.name} ${window.columns}x${window.rows}`,
    ours: bytes.large,
    limit: bytes.empty,
    against: 'the same of an empty room',
    note,
  };
};

export const screens: Benchmark = {
  name: 'screens',
  about:
    'a key opens a screen after news, until its bytes are written: 500 services, 100 open incidents, 10,000 rows and alerts, against 3, 1, 5 and 1',
  run: async ({ directory, isQuick }: Effort) => {
    const copies = await each(async (name) =>
      loadParts(await bundle('programs/terminal-parts.ts', join(directory, `${name}.mjs`))),
    );
    const sizes = { large: LARGE, empty: EMPTY, filled: FILLED };
    const viewsOf = (change: (size: RoomSize) => RoomSize): Promise<Views> =>
      each((name) => ({ size: change(sizes[name]), view: viewOfSize(change(sizes[name])) }));
    const busy = await viewsOf((size) => size);
    const quiet = await viewsOf(calm);
    const measured: Row[] = [];
    for (const look of LOOKS) {
      for (const window of isQuick ? SIZES.slice(0, 1) : SIZES) {
        const views = look.isCalm === true ? quiet : busy;
        measured.push(await measure({ look, window, views, copies, turns: isQuick ? 8 : 40 }));
      }
    }
    return { kind: 'measured', rows: measured };
  },
};
