// Owns measuring a storm: 10,000 alerts of one problem posted at an agent with somebody in the room, against a bare server.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRoom } from '../src/client/connect.ts';
import type { Room } from '../src/incident/state.ts';
import { alertsBody, type IntakeDoor, postAlerts } from './alert-bodies.ts';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { startChild, whileRunning } from './child.ts';

interface Storm {
  readonly name: string;
  readonly bodies: number;
  readonly alertsInEach: number;
  /** A body is posted every so often, whether the one before was answered or not. */
  readonly everyMs: number;
}

const stormsFor = ({ isQuick }: Effort): readonly Storm[] => [
  // 10,000 in a minute; a quick run is the first tenth of it.
  { name: 'one by one', bodies: isQuick ? 1_000 : 10_000, alertsInEach: 1, everyMs: 6 },
  // The same as Alertmanager groups them, and six times as fast.
  { name: 'bodies of 100', bodies: isQuick ? 20 : 100, alertsInEach: 100, everyMs: 100 },
  { name: 'one body of 10,000', bodies: 1, alertsInEach: 10_000, everyMs: 0 },
];

interface Answered {
  readonly ours: readonly number[];
  readonly limit: readonly number[];
}

/** Ours and the limit get each body in turn, half of `everyMs` apart. */
const blow = async (storm: Storm, ours: IntakeDoor, bare: IntakeDoor): Promise<Answered> => {
  const answers: { readonly ours: Promise<number>[]; readonly limit: Promise<number>[] } = { ours: [], limit: [] };
  const post = (answered: Promise<number>[], door: IntakeDoor, body: Buffer): void => {
    const answer = postAlerts(door, body);
    // A failure is told at the end, when all are waited for.
    answer.catch(() => undefined);
    answered.push(answer);
  };
  const startedAt = performance.now();
  const until = async (dueMs: number): Promise<void> => {
    const leftMs = startedAt + dueMs - performance.now();
    if (leftMs > 0) await sleep(leftMs);
  };
  for (let number = 0; number < storm.bodies; number++) {
    const body = alertsBody(number * storm.alertsInEach, storm.alertsInEach);
    await until(number * storm.everyMs);
    post(answers.ours, ours, body);
    await (storm.everyMs === 0 ? answers.ours.at(-1) : until((number + 0.5) * storm.everyMs));
    post(answers.limit, bare, body);
  }
  return { ours: await Promise.all(answers.ours), limit: await Promise.all(answers.limit) };
};

/** The room as somebody sees it who comes now. */
const roomOf = async (door: IntakeDoor): Promise<Room> => {
  const client = connectRoom({ address: () => door, name: 'late' });
  try {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (client.view().connection.name === 'live') return client.view().room;
      await sleep(50);
    }
    throw new Error('the room was not there after 10 s');
  } finally {
    client.close();
  }
};

const expectAllOfThem = (room: Room, alerts: number): void => {
  const found = Object.values(room.incidents).map(({ alertCount }) => alertCount.known);
  if (found.length !== 1 || found[0] !== alerts) {
    throw new Error(`${alerts} alerts became incidents of ${found.join(', ') || 'none'}`);
  }
};

const measure = async (storm: Storm, directory: string): Promise<Row> => {
  await mkdir(directory);
  const agent = await startChild<IntakeDoor>(new URL('programs/agent-process.ts', import.meta.url), [directory]);
  return whileRunning(agent, async (ours) => {
    const room = await startChild(new URL('programs/room-process.ts', import.meta.url), [ours.url, ours.token]);
    return whileRunning(room, async () => {
      const bare = await startChild<{ readonly url: string }>(new URL('limits/bare-intake.ts', import.meta.url), [
        join(directory, 'bare.jsonl'),
      ]);
      return whileRunning(bare, async ({ url }) => {
        const { ours: answers, limit } = await blow(storm, ours, { url, token: '' });
        const alerts = storm.bodies * storm.alertsInEach;
        expectAllOfThem(await roomOf(ours), alerts);
        return {
          name: `storm, ${storm.name}`,
          ours: answers,
          limit,
          against: 'bare server: JSON.parse, write + fdatasync',
          note: `${alerts} alerts, all in one incident; the longest answer took ${Math.max(...answers).toFixed(1)} ms, the bare server's ${Math.max(...limit).toFixed(1)} ms`,
        };
      });
    });
  });
};

export const storm: Benchmark = {
  name: 'storm',
  about: 'alerts posted as Alertmanager does until the answer that they are durable, with a client in the room',
  run: async (effort) => {
    const rows: Row[] = [];
    for (const [number, one] of stormsFor(effort).entries()) {
      rows.push(await measure(one, join(effort.directory, `${number}`)));
    }
    return { kind: 'measured', rows };
  },
};
