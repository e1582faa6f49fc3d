// Owns putting a whole agent together: configuration, state directory, log, sources, drivers, notifiers, and the door.
import { own } from '../incident/own.ts';
import { MINUTE, toTimestamp } from '../incident/time.ts';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import { statusOf } from '../protocol/status.ts';
import { type Agent, startAgent } from './agent.ts';
import { createAlertIntake } from './alert-intake.ts';
import { createAppendTimes } from './append-times.ts';
import { startBroadcasts } from './broadcasts.ts';
import type { Clock } from './clock.ts';
import type { Config, ServiceWatch } from './config/config.ts';
import { driversOf } from './drivers/drivers-of.ts';
import { type HealthParts, reportHealth } from './health-report.ts';
import type { EventLog } from './log/event-log.ts';
import { openFileEventLog } from './log/file-event-log.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { notifiersOf } from './notifiers/notifiers-of.ts';
import { createReloading, type Reloading } from './reloading.ts';
import { roomPolicy } from './room-policy.ts';
import { type RoomServer, type ServerHost, startServer } from './server/server.ts';
import { isToken } from './server/tokens.ts';
import { createSignalBoard } from './signals/signal-board.ts';
import { openSignalHistory } from './signals/signal-history.ts';
import { tellingListener } from './signals/telling-listener.ts';
import { checkSource } from './sources/checks.ts';
import { prometheusSource } from './sources/prometheus.ts';
import { scrapeSource } from './sources/scrape.ts';
import type { SourceListener } from './sources/source.ts';
import { localToken, openStateDirectory, removePortFile, writePortFile } from './state-directory.ts';

export interface RunAgentOptions {
  readonly config: Config;
  /** Reads the configuration again, as `config` was read; without it the configuration stays as it is. */
  readonly reload?: () => Promise<Config>;
  readonly stateDirectory: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly version: string;
  /** One line of the agent's own log. */
  readonly write: (line: string) => void;
}

export interface RunningAgent {
  readonly url: string;
  readonly stateDirectory: string;
  /** Reads the configuration again; resolves once it holds, or was refused and the one before goes on. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** How much of the past a client gets with its welcome. */
const WELCOME_HISTORY_MS = 10 * MINUTE;

/** Starts everything, in the order in which each part needs the ones before; `stop` takes it down in the reverse order. */
export const runAgent = async (options: RunAgentOptions): Promise<RunningAgent> => {
  const directory = await openStateDirectory(options.stateDirectory);
  try {
    return await runIn(directory.path, directory.release, options);
  } catch (error) {
    await directory.release();
    throw error;
  }
};

const runIn = async (
  directory: string,
  release: () => Promise<void>,
  options: RunAgentOptions,
): Promise<RunningAgent> => {
  const { clock, version, write } = options;
  let config = options.config;
  let configurationLoadedAt = toTimestamp(clock.now());
  const token = await localToken(directory);
  const log = await openFileEventLog({
    directory,
    onTorn: ({ line, bytes }) =>
      write(`journal: line ${line} was torn by a crash; its ${bytes} bytes were never acknowledged and are cut`),
  });
  const history = await openSignalHistory({
    directory,
    clock,
    onWriteError: (cause) => write(`signal history is not written: ${String(cause)}`),
  });
  const board = createSignalBoard({ clock, watches: config.watches });
  const listener = tellingListener({ board, history, write });
  const appendTimes = createAppendTimes();
  const startedAt = toTimestamp(clock.now());
  // The agent begins before there are numbers and a door to tell of.
  let metrics: Metrics | null = null;
  let server: RoomServer | null = null;
  let logId = await firstCommandId(log);

  const agent: Agent = await startAgent({
    version,
    log,
    clock,
    policy: () => config.policy,
    signals: { current: board.current, subscribe: board.subscribe, baseline: history.baseline },
    driver: driversOf(() => config, process.env),
    notifier: notifiersOf(
      () => config,
      write,
      () => logId,
    ),
    links: (service) => linksOf(config, service),
    write,
    onAppend: (tookMs) => {
      appendTimes.record(tookMs);
      metrics?.observeAppend(tookMs);
    },
  });
  const numbers = createMetrics({
    room: () => agent.committer.committed().room,
    health: board.health,
    clients: () => server?.clients() ?? 0,
    writable: agent.committer.writable,
    now: clock.now,
    version,
    startedAt,
  });
  metrics = numbers;
  logId = agent.logId;
  const stopMetrics = agent.committer.onCommit((commit, { room }) => numbers.observeCommit(commit, room));
  const beginCounting = (): void => {
    // A counter that begins at 1 has no first increase to see.
    for (const source of Object.keys(config.alertSources)) numbers.observeAlerts(source, 0);
  };
  beginCounting();
  const policyNow = () => roomPolicy(config, (service) => history.baseline(service, 'errorRatio', clock.now()));
  const health: HealthParts = {
    sources: board.health,
    append: appendTimes.summary,
    clients: () => server?.clients() ?? 0,
    configurationLoadedAt: () => configurationLoadedAt,
    configurationDirectory: config.directory,
  };

  const welcome: ServerHost['welcome'] = ({ since, log: theirLog, you }) => {
    const { seq, room } = agent.committer.committed();
    const missed = theirLog === agent.logId && since !== null ? agent.commitsAfter(since) : null;
    return {
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      log: agent.logId,
      agent: { version, startedAt, now: clock.now(), rate: clock.rate, writable: agent.committer.writable() },
      you,
      seq,
      room: missed === null ? room : null,
      commits: missed ?? [],
      signals: board.current(),
      history: Object.fromEntries(
        config.watches.map(({ service }) => [service, history.recent(service, clock.now() - WELCOME_HISTORY_MS)]),
      ),
      policy: policyNow(),
      presence: server?.presence() ?? [],
      health: reportHealth(health),
    };
  };

  const opened = await startServer(
    { host: options.host, port: options.port },
    {
      isToken: (presented) => isToken(presented, token),
      welcome,
      execute: agent.execute,
      nowMs: clock.now,
      status: () => {
        const { seq, room } = agent.committer.committed();
        return statusOf({
          agent: { seq, startedAt, version, writable: agent.committer.writable() },
          room,
          signals: board.current(),
        });
      },
      fault: (error) =>
        write(`FAULT while answering a request: ${error instanceof Error ? error.stack : String(error)}`),
      isReady: () => agent.committer.writable(),
      writable: agent.committer.writable,
      metrics: async () => ({ text: await numbers.text(), contentType: numbers.contentType }),
      alertSource: (name) => own(config.alertSources, name) ?? null,
      alertSourceNames: () => Object.keys(config.alertSources),
      alertsNotUnderstood: (source, problem) => {
        board.told({ source, count: 0, tookMs: 0, error: problem });
        write(`source ${source}: ${problem}`);
      },
      takeAlerts: createAlertIntake({ agent, board, metrics: numbers, clock, write }),
    },
  ).catch(async (error: unknown) => {
    await agent.stop();
    board.close();
    await history.close();
    throw error;
  });
  server = opened;

  const stopBroadcasts = startBroadcasts({
    agent,
    server: opened,
    board,
    health: () => reportHealth(health),
    clock,
    write,
  });
  let stopSources = startSources(config.watches, { clock, listener });
  const reloading: Reloading = createReloading({
    directory: config.directory,
    read: options.reload ?? null,
    current: () => config,
    apply: (next) => {
      const isWatchedAnew = JSON.stringify(next.watches) !== JSON.stringify(config.watches);
      config = next;
      configurationLoadedAt = toTimestamp(clock.now());
      // A source that begins anew is blind for a window: another action's profile is no reason for that.
      if (isWatchedAnew) {
        for (const stop of stopSources) stop();
        board.watch(next.watches);
        stopSources = startSources(next.watches, { clock, listener });
      }
      beginCounting();
      opened.broadcast({ type: 'policy', policy: policyNow() });
    },
    note: agent.noteConfiguration,
    write,
  });
  await writePortFile(directory, { host: opened.host, port: opened.port, pid: process.pid });

  return {
    url: `http://${opened.host.includes(':') ? `[${opened.host}]` : opened.host}:${opened.port}`,
    stateDirectory: directory,
    reload: reloading.reload,
    stop: async () => {
      reloading.close();
      for (const stop of stopSources) stop();
      stopBroadcasts();
      stopMetrics();
      await removePortFile(directory);
      await opened.stop();
      await agent.stop();
      board.close();
      await history.close();
      await release();
    },
  };
};

/** What names this log, where there is anything in it yet. */
const firstCommandId = async (log: EventLog): Promise<string> => {
  for await (const first of log.read(1)) return first.commandId;
  return '';
};

const startSources = (
  watches: readonly ServiceWatch[],
  { clock, listener }: { readonly clock: Clock; readonly listener: SourceListener },
): readonly (() => void)[] =>
  [prometheusSource({ watches, clock }), scrapeSource({ watches, clock }), checkSource({ watches, clock })].map(
    (source) => source.start(listener),
  );

const linksOf = (config: Config, service: string): readonly { readonly title: string; readonly url: string }[] => {
  const policy = own(config.policy.services, service);
  if (policy === undefined) return [];
  const runbook = policy.runbook === null ? [] : [{ title: `runbook of ${service}`, url: policy.runbook }];
  return [...runbook, ...policy.dashboards];
};
