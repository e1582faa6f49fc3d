// Owns the agent of a soak, as a process that tells what it holds: run with --expose-gc and a channel to its parent.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { agentLogTo } from '../../../src/agent/agent-log.ts';
import { scaledClock } from '../../../src/agent/clock.ts';
import { loadConfig } from '../../../src/agent/config/load-config.ts';
import { runAgent } from '../../../src/agent/run-agent.ts';

/** What the process holds, once what can be let go is let go. */
export interface Holding {
  /** With the buffers outside of it. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly files: number;
  readonly handles: number;
}

export type FromSoakAgent =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'holding'; readonly holding: Holding }
  | { readonly type: 'fault'; readonly text: string };

const [configDirectory = '', stateDirectory = '', speed = '1'] = process.argv.slice(2);
const tell = (message: FromSoakAgent): void => void process.send?.(message);

const holding = (): Holding => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapBytes: heapUsed + external,
    residentBytes: rss,
    files: readdirSync('/proc/self/fd').length,
    handles: process.getActiveResourcesInfo().length,
  };
};

const defaultsDirectory = resolve(import.meta.dirname, '../../../config');
const config = await loadConfig({ directory: configDirectory, defaultsDirectory, env: {} });
const agent = await runAgent({
  config,
  stateDirectory,
  host: '127.0.0.1',
  port: 0,
  clock: scaledClock(Number(speed)),
  version: 'soak',
  agentLog: agentLogTo(({ level, msg }) => {
    if (level === 'fault') tell({ type: 'fault', text: msg });
  }),
});
process.on('message', (message) => {
  if (message === 'what do you hold') tell({ type: 'holding', holding: holding() });
});
process.on('disconnect', () => process.exit());
tell({ type: 'listening', url: agent.url });
