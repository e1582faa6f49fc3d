// Owns measuring what a room costs that nobody touches: with one incident whose deadlines count down, and with nothing going on at all.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { bundle, bundleLimit } from './bundle.ts';
import { type Child, startChild } from './child.ts';
import { gather } from './crowd.ts';
import { processorMs } from './processor-time.ts';
import { openTerminal, type Size, type TerminalProgram } from './terminal.ts';
import { declareIncident, hello, socketAddress, WELCOME } from './wire.ts';

const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 35 },
  { columns: 200, rows: 60 },
];

interface Agent {
  readonly url: string;
  readonly token: string;
}

const AGENT = new URL('programs/agent-process.ts', import.meta.url);

const declareIn = async ({ url, token }: Agent): Promise<string> => {
  const crowd = await gather(socketAddress(url), 1, { hello: hello(token), welcome: WELCOME });
  const incident = await declareIncident(crowd, 'checkout');
  crowd.leave();
  return incident;
};

interface Idling {
  /** Milliseconds on a processor, in each second. */
  readonly eachSecondMs: readonly number[];
  readonly bytes: number;
}

/** Does nothing for so many seconds, and looks at what the program did meanwhile. */
const idle = async ({ pid, bytes }: TerminalProgram, seconds: number): Promise<Idling> => {
  const before = bytes();
  const eachSecondMs: number[] = [];
  let last = await processorMs(pid);
  const startedAtMs = performance.now();
  for (let second = 1; second <= seconds; second++) {
    await sleep(startedAtMs + 1_000 * second - performance.now());
    const now = await processorMs(pid);
    eachSecondMs.push(now - last);
    last = now;
  }
  return { eachSecondMs, bytes: bytes() - before };
};

const sum = (samples: readonly number[]): number => samples.reduce((total, one) => total + one, 0);

const rowOf = (name: string, ours: Idling, limit: Idling): Row => {
  const seconds = ours.eachSecondMs.length;
  const share = (sum(ours.eachSecondMs) - sum(limit.eachSecondMs)) / (10 * seconds);
  return {
    name,
    ours: ours.eachSecondMs,
    limit: limit.eachSecondMs,
    against: 'Ink with as many rows that stand still',
    note: `${(ours.bytes / seconds).toFixed(0)} bytes/s (${ours.bytes} in ${seconds} s); ${share.toFixed(2)} % of a core above idle Ink`,
  };
};

interface Programs {
  readonly room: string;
  readonly still: string;
}

interface Rooms {
  readonly busy: Agent;
  readonly calm: Agent;
  readonly incident: string;
}

const atSize = async (
  size: Size,
  programs: Programs,
  { busy, calm, incident, seconds }: Rooms & { readonly seconds: number },
) => {
  const roomOf = ({ url, token }: Agent): TerminalProgram => openTerminal([programs.room, url, token], size);
  const counting = roomOf(busy);
  const quiet = roomOf(calm);
  const still = openTerminal([programs.still], size);
  try {
    await counting.untilShows('the incident', (rows) => rows.join('\n').includes(incident));
    await quiet.untilShows('the calm room', (rows) => rows.join('\n').includes('no open incident'));
    await still.untilShows('its rows', (rows) => rows.join('\n').includes('row 1 '));
    // What is said on joining goes by itself, and what was started warms up.
    await sleep(SETTLED_AFTER_MS);
    const [ours, none, limit] = await Promise.all([counting, quiet, still].map((one) => idle(one, seconds)));
    if (ours === undefined || none === undefined || limit === undefined)
      throw new Error('three programs were looked at');
    const at = `${size.columns}x${size.rows}`;
    return [rowOf(`countdown ${at}, a second`, ours, limit), rowOf(`nothing changes ${at}, a second`, none, limit)];
  } finally {
    await Promise.all([counting, quiet, still].map((one) => one.stop()));
  }
};

const SETTLED_AFTER_MS = 9_000;

export const countdown: Benchmark = {
  name: 'countdown',
  about:
    'a room that nobody touches, in a pty on a real agent: the processor time of each second, and the bytes written',
  run: async ({ directory, isQuick }: Effort) => {
    if (!existsSync('/proc/self/task'))
      return { kind: 'not-run', reason: 'there is no /proc to read processor times from' };
    const programs = {
      room: await bundle('programs/room-terminal.ts', join(directory, 'room-terminal.mjs')),
      still: await bundleLimit('ink-rows', directory),
    };
    const agents: Child<Agent>[] = [];
    try {
      for (const name of ['busy', 'calm']) agents.push(await startChild<Agent>(AGENT, [join(directory, name)]));
      const [busy, calm] = agents.map(({ ready }) => ready);
      if (busy === undefined || calm === undefined) throw new Error('two agents were started');
      const incident = await declareIn(busy);
      const rows: Row[] = [];
      for (const size of isQuick ? SIZES.slice(0, 1) : SIZES)
        rows.push(...(await atSize(size, programs, { busy, calm, incident, seconds: isQuick ? 6 : 20 })));
      return { kind: 'measured', rows };
    } finally {
      await Promise.all(agents.map((agent) => agent.stop()));
    }
  },
};
