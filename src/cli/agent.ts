// Owns `warroom agent`: runs the agent in the foreground until it is told to stop.
import type { AgentLog } from '../agent/agent-log.ts';
import { systemClock } from '../agent/clock.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { isWritten, type LogFormat, openAgentLog } from '../agent/open-agent-log.ts';
import { runAgent } from '../agent/run-agent.ts';
import { SECOND } from '../incident/time.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { configDirectory, shippedConfig, stateDirectory } from './paths.ts';
import { version } from './version.ts';

export interface AgentOptions {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly logFormat?: LogFormat;
  /** In milliseconds. */
  readonly stopWithin: number;
}

const LAST_WORDS_WITHIN_MS = 500;

export const agent = async (options: AgentOptions): Promise<ExitCode> => {
  const { env } = process;
  const directory = configDirectory(options.config, env);
  const readConfig = () => loadConfig({ directory, defaultsDirectory: shippedConfig(), env });
  const agentLog = openAgentLog(process.stdout, options.logFormat);
  // Heard from the first moment on: a start that reads the files is no reason to die of being told to read them.
  let reload = (): void => {};
  process.on('SIGHUP', () => reload());
  const toldSo = toldToStop(agentLog, options.stopWithin);
  const config = await readConfig();
  const running = await runAgent({
    config,
    reload: readConfig,
    stateDirectory: stateDirectory(env),
    host: options.host ?? config.server.host,
    port: options.port ?? config.server.port,
    clock: systemClock(),
    version,
    agentLog,
  });
  reload = () => {
    agentLog.info('SIGHUP: the configuration is read again', { configuration: directory });
    void running.reload();
  };
  const { url, socket, stateDirectory: state } = running;
  const about = { url, configuration: directory, state };
  const place = socket === null ? url : `${url} and ${socket}`;
  agentLog.info(`listening on ${place}, configuration ${directory}, state ${state}`, about);
  if (config.watches.length === 0) agentLog.warn('no service is configured: nothing is watched; see services.yaml');
  const patience = await toldSo;
  reload = () => {};
  await running.stop(patience.callOff);
  patience.end();
  agentLog.info('stopped');
  if (!(await isWritten(process.stdout, LAST_WORDS_WITHIN_MS))) process.exit(EXIT.done);
  return EXIT.done;
};

interface Patience {
  /** Aborted when the time that was given is over, or at a second signal. */
  readonly callOff: AbortSignal;
  end(): void;
}

const STOPS = ['SIGTERM', 'SIGINT'] as const;

/** Resolves at the first signal. */
const toldToStop = (agentLog: AgentLog, withinMs: number): Promise<Patience> =>
  new Promise((resolve) => {
    const callOff = new AbortController();
    const hear = (signal: NodeJS.Signals): void => {
      for (const name of STOPS) process.removeListener(name, hear);
      for (const name of STOPS) process.once(name, () => callOff.abort());
      const within = `${withinMs / SECOND} s`;
      agentLog.info(`${signal}: stopping; what is under way has ${within}, a second signal calls it off`);
      const timer = setTimeout(() => callOff.abort(), withinMs);
      resolve({ callOff: callOff.signal, end: () => clearTimeout(timer) });
    };
    for (const name of STOPS) process.on(name, hear);
  });
