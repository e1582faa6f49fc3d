// Owns `warroom watchdog`: watches the agent from outside until it is told to stop, or once.
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { agentLogTo } from '../agent/agent-log.ts';
import { loadConfig } from '../agent/config/load-config.ts';
import { type LogFormat, openAgentLog } from '../agent/open-agent-log.ts';
import type { AgentDoor } from '../client/agent-door.ts';
import { findAgent } from '../client/find-agent.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { runWatchdog, type Verdict, type WatchdogOptions } from '../watchdog/run-watchdog.ts';
import { type Answering, badUsage } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { configDirectory, shippedConfig, stateDirectory, watchdogDirectory } from './paths.ts';
import { printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';

export interface WatchdogCommandOptions extends Pick<Answering, 'json'> {
  readonly config?: string;
  readonly state?: string;
  readonly once?: boolean;
  readonly logFormat?: LogFormat;
}

export const watchdog = async (shell: Shell, options: WatchdogCommandOptions): Promise<ExitCode> => {
  const { env } = shell;
  if (options.json && !options.once)
    throw badUsage('--json goes with --once', 'a watchdog that stays has a log instead: --log-format json');
  const directory = configDirectory(options.config, env);
  const config = await loadConfig({ directory, defaultsDirectory: shippedConfig(), env });
  const parts = {
    config,
    directory: watchdogDirectory(options.state, env),
    door: () => watchedDoor(env),
    where: hostOf(env.WARROOM_URL) || hostname(),
  };
  return options.once ? lookOnce(shell, options, parts) : watchOn(shell, options, parts);
};

/** Empty where it is on this host. The host alone: an address may carry a password. */
const hostOf = (url: string | undefined): string => (url !== undefined && URL.canParse(url) ? new URL(url).host : '');

type Parts = Omit<WatchdogOptions, 'agentLog'>;

const watchOn = async (shell: Shell, { logFormat }: WatchdogCommandOptions, parts: Parts): Promise<ExitCode> => {
  const agentLog = openAgentLog(process.stdout, logFormat);
  const running = await runWatchdog({ ...parts, agentLog });
  await new Promise<void>((resolve) => shell.onInterrupt(resolve));
  agentLog.info('stopping');
  await running.stop();
  return EXIT.done;
};

/** For a cron job: quiet words on success, the exit code says the rest. What it says it says as lines of its own. */
const lookOnce = async (shell: Shell, { json }: WatchdogCommandOptions, parts: Parts): Promise<ExitCode> => {
  const agentLog = agentLogTo(({ level, msg }) => {
    if (level !== 'info') printLines(shell.stderr, [msg]);
  });
  const running = await runWatchdog({ ...parts, agentLog });
  try {
    const verdict = await running.verdict();
    if (json) printJson(shell.stdout, { ok: verdict.trouble === null, ...verdict });
    else printLines(shell.stdout, [verdictWords(verdict, parts.where)]);
    return verdict.trouble === null ? EXIT.done : EXIT.failed;
  } finally {
    await running.stop();
  }
};

const verdictWords = ({ trouble, heardAt, openIncidents }: Verdict, where: string): string => {
  const open = `${openIncidents} open ${openIncidents === 1 ? 'incident' : 'incidents'}`;
  if (trouble === null) return `ok: the agent at ${where} is well, ${open}`;
  return `${trouble}: the agent at ${where}, ${heardAt === null ? 'never heard' : `last heard ${heardAt}, ${open}`}`;
};

/** The agent's own address, never that of a demo which happens to run: its life says nothing about the agent. */
const watchedDoor = (env: Shell['env']): AgentDoor => {
  const state = stateDirectory(env);
  if (!env.WARROOM_URL && !existsSync(join(state, 'port')))
    throw new OperatorError('no-agent', `no agent runs on ${state}`, 'start it: warroom agent');
  return findAgent(env, state);
};
