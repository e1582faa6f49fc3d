// Owns measuring how long a command takes until the last of 50 clients has its commit, against a bare broadcast.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Effort, Row } from './benchmark.ts';
import { startChild, whileRunning } from './child.ts';
import { type Crowd, gather } from './crowd.ts';
import { median, takeTurns } from './measure.ts';
import { commandFrame, declareIncident, hello, socketAddress, WELCOME } from './wire.ts';

const CLIENTS = 50;
/** Between two messages the machine comes to rest, and no client reaches the agent's limit of commands in a second. */
const PAUSE_MS = 5;

interface Door {
  readonly url: string;
  readonly token: string;
}

const measure = async (ours: Crowd, bare: Crowd, { isQuick }: Effort): Promise<readonly Row[]> => {
  const incident = await declareIncident(ours, 'checkout');
  const text = 'release 2026.11.22-3 went out four minutes before onset';
  const note = (turn: number): Promise<number> => {
    const { frame, marker } = commandFrame(`bench-note-${turn + 1_000}`, { type: 'add-note', incident, text });
    return ours.say(turn + CLIENTS, frame, marker);
  };
  await note(-900);
  const frameBytes = ours.lastFrame().length;
  // As long as our own frame, so that both carry the same.
  const echo = (kind: 'd' | 'p') => (turn: number) => {
    const marker = `${kind}-${turn + 1_000}-`;
    return bare.say(turn + CLIENTS, marker.padEnd(frameBytes, 'x'), marker);
  };
  const rested = (say: (turn: number) => Promise<number>) => async (turn: number) => {
    await sleep(PAUSE_MS);
    return say(turn);
  };
  const samples = await takeTurns(
    { ours: rested(note), bare: rested(echo('p')), durable: rested(echo('d')) },
    { turns: isQuick ? 300 : 1_500, warmUp: 30 },
  );
  const diskMs = median(samples.durable) - median(samples.bare);
  const share = Math.round((diskMs / median(samples.ours)) * 100);
  return [
    {
      name: `fan-out to ${CLIENTS} clients`,
      ours: samples.ours,
      limit: samples.bare,
      against: 'bare ws broadcast',
      note: `frames of ${frameBytes} bytes; write + fdatasync is ${diskMs.toFixed(2)} ms of ours, ${share} %`,
    },
    {
      name: `fan-out to ${CLIENTS} clients, durable`,
      ours: samples.ours,
      limit: samples.durable,
      against: 'bare ws broadcast after write + fdatasync',
      note: 'the same samples of ours',
    },
  ];
};

export const fanOut: Benchmark = {
  name: 'fan-out',
  about: `a command sent until the last of ${CLIENTS} clients has its commit`,
  run: async (effort) => {
    const agent = await startChild<Door>(new URL('programs/agent-process.ts', import.meta.url), [effort.directory]);
    return whileRunning(agent, async ({ url, token }) => {
      const path = join(effort.directory, 'broadcast.log');
      const server = await startChild<{ readonly url: string }>(
        new URL('limits/broadcast-server.ts', import.meta.url),
        [path],
      );
      return whileRunning(server, async (bareServer) => {
        const ours = await gather(socketAddress(url), CLIENTS, { hello: hello(token), welcome: WELCOME });
        const bare = await gather(bareServer.url, CLIENTS);
        const rows = await measure(ours, bare, effort);
        ours.leave();
        bare.leave();
        return { kind: 'measured', rows };
      });
    });
  },
};
