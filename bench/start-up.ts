// Owns measuring what the age of a room costs the agent: the processor time until it listens, and the memory it holds then.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Age, ageState } from './aged-state.ts';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { endChild } from './child.ts';
import { isBuilt } from './demo-room.ts';
import { median } from './measure.ts';
import { processorMs } from './processor-time.ts';

const YOUNG: Age = { events: 1_000, incidents: 10 };
const GROWN: Age = { events: 10_000, incidents: 100 };
const OLD: Age = { events: 100_000, incidents: 1_000 };
const SERVICES = 'services: { checkout: { core: true } }\n';
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 300;
/** An agent that uses less than this between two looks has come to rest. */
const AT_REST_MS = 15;
const MIB = 2 ** 20;

interface Start {
  readonly processorMs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

interface Program {
  readonly path: string;
  readonly configDirectory: string;
}

/** Copies what is built, so that a build meanwhile changes nothing. */
const copyProgram = async (directory: string): Promise<Program> => {
  const copy = join(directory, 'program');
  const configDirectory = join(directory, 'config');
  for (const part of ['dist', 'config', 'package.json'])
    await cp(new URL(`../${part}`, import.meta.url), join(copy, part), { recursive: true });
  await mkdir(configDirectory);
  await writeFile(join(configDirectory, 'services.yaml'), SERVICES);
  return { path: join(copy, 'dist', 'warroom.js'), configDirectory };
};

const atRest = async (pid: number): Promise<void> => {
  for (let before = 0, now = await processorMs(pid); now - before > AT_REST_MS; now = await processorMs(pid)) {
    before = now;
    await sleep(LOOK_EVERY_MS);
  }
};

/** Starts an agent on that state, and kills it once it was looked at: the next one finds no clean end. */
const start = async ({ path, configDirectory }: Program, stateDirectory: string): Promise<Start> => {
  const collecting = new URL('programs/collect-on-signal.js', import.meta.url).href;
  const args = ['--expose-gc', '--import', collecting, path, 'agent', '--port', '0', '--config', configDirectory];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, WARROOM_STATE_DIR: stateDirectory },
  });
  try {
    const pid = child.pid ?? 0;
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    const said: string[] = [];
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the agent ended: ${said.join('\n')}`)));
    const listening = async (): Promise<void> => {
      while (!said.at(-1)?.includes('listening on')) said.push(String(await once(lines, 'line', { signal })));
    };
    await Promise.race([listening(), ended]);
    const usedMs = await processorMs(pid);
    await atRest(pid);
    const left = once(createInterface({ input: child.stderr }), 'line', { signal });
    child.kill('SIGUSR2');
    const { rss, heapUsed } = JSON.parse(String(await Promise.race([left, ended]))) as Record<string, number>;
    return { processorMs: usedMs, rssBytes: rss ?? 0, heapBytes: heapUsed ?? 0 };
  } finally {
    await endChild(child, () => child.kill('SIGKILL'));
  }
};

const sizeOf = async (directory: string): Promise<number> => {
  let bytes = 0;
  for (const name of await readdir(directory, { recursive: true })) bytes += (await stat(join(directory, name))).size;
  return bytes;
};

const mebibytes = (bytes: number): string => (bytes / MIB).toFixed(1);

const rowOf = (age: Age, ours: readonly Start[], empty: readonly Start[], diskBytes: number): Row => {
  const middle = (starts: readonly Start[], of: 'rssBytes' | 'heapBytes'): string =>
    mebibytes(median(starts.map((one) => one[of])));
  return {
    name: `start-up after ${age.events} events`,
    ours: ours.map(({ processorMs: ms }) => ms),
    limit: empty.map(({ processorMs: ms }) => ms),
    against: 'the same agent on an empty state, processor time',
    note:
      `${age.incidents} closed incidents, ${mebibytes(diskBytes)} MiB on the disk; after a collection ` +
      `${middle(ours, 'rssBytes')} MiB resident against ${middle(empty, 'rssBytes')}, ${middle(ours, 'heapBytes')} MiB of heap against ${middle(empty, 'heapBytes')}`,
  };
};

const measure = async ({ directory, isQuick }: Effort): Promise<readonly Row[]> => {
  const program = await copyProgram(directory);
  const ages = isQuick ? [YOUNG, OLD] : [YOUNG, GROWN, OLD];
  const states = [
    { age: null, path: join(directory, 'empty') },
    ...ages.map((age) => ({ age, path: join(directory, `${age.events}`) })),
  ];
  for (const { age, path } of states) {
    await mkdir(path, { mode: 0o700 });
    if (age !== null) await ageState(path, age);
  }
  const starts = states.map((): Start[] => []);
  // The first start of each is not counted: it finds what to put away.
  for (let turn = -1; turn < (isQuick ? 2 : 8); turn++) {
    for (const [index, { path }] of states.entries()) {
      const one = await start(program, path);
      if (turn >= 0) starts[index]?.push(one);
    }
  }
  const rows: Row[] = [];
  for (const [index, { age, path }] of states.entries())
    if (age !== null) rows.push(rowOf(age, starts[index] ?? [], starts[0] ?? [], await sizeOf(path)));
  return rows;
};

export const startUp: Benchmark = {
  name: 'start-up',
  about: 'the processor time of an agent until it listens, on a state that grew old, after it was killed',
  run: async (effort) =>
    isBuilt()
      ? { kind: 'measured', rows: await measure(effort) }
      : { kind: 'not-run', reason: 'there is no dist: npm run build' },
};
