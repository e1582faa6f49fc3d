// Owns an agent in a process of its own, for benchmarks: one service, nothing watched, so that only commits flow.
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { loadConfig } from '../../src/agent/config/load-config.ts';
import { runAgent } from '../../src/agent/run-agent.ts';

const SERVICES = 'services: { checkout: { core: true } }\n';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: agent-process.ts DIRECTORY');
const told = once(process.stdin.resume(), 'end');
const configDirectory = join(directory, 'config');
const stateDirectory = join(directory, 'state');
await mkdir(configDirectory, { recursive: true });
await writeFile(join(configDirectory, 'services.yaml'), SERVICES);
const defaultsDirectory = new URL('../../config', import.meta.url).pathname;
const agent = await runAgent({
  config: await loadConfig({ directory: configDirectory, defaultsDirectory, env: {} }),
  stateDirectory,
  host: '127.0.0.1',
  port: 0,
  clock: systemClock(),
  version: 'bench',
  agentLog: agentLogTo(() => {}),
});
const token = (await readFile(join(stateDirectory, 'token'), 'utf8')).trim();
process.stdout.write(`${JSON.stringify({ url: agent.url, token })}\n`);
await told;
await agent.stop();
