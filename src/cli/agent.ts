// Owns `warroom agent`: runs the agent in the foreground until it is told to stop.
import { once } from 'node:events';
import { systemClock } from '../agent/clock.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { lineLog } from '../agent/line-log.ts';
import { runAgent } from '../agent/run-agent.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { configDirectory, shippedConfig, stateDirectory } from './paths.ts';
import { version } from './version.ts';

export interface AgentOptions {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
}

export const agent = async ({ config: told, host, port }: AgentOptions): Promise<ExitCode> => {
  const { env } = process;
  const directory = configDirectory(told, env);
  const readConfig = () => loadConfig({ directory, defaultsDirectory: shippedConfig(), env });
  const config = await readConfig();
  const write = lineLog(process.stdout);
  const running = await runAgent({
    config,
    reload: readConfig,
    stateDirectory: stateDirectory(env),
    host,
    port,
    clock: systemClock(),
    version,
    write,
  });
  write(`listening on ${running.url}, configuration ${directory}, state ${running.stateDirectory}`);
  if (config.watches.length === 0) write('no service is configured: nothing is watched; see services.yaml');
  const reload = (): void => void running.reload();
  process.on('SIGHUP', reload);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  write('stopping');
  await running.stop();
  process.off('SIGHUP', reload);
  return EXIT.done;
};
