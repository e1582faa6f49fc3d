// Owns putting a whole agent together: configuration, state directory, log, sources, drivers, notifiers, and the door.
import { randomUUID } from 'node:crypto';
import { own } from '../incident/own.ts';
import { MINUTE, toTimestamp } from '../incident/time.ts';
import { ANYBODY, commitFor, mayView, roomFor } from '../incident/visibility.ts';
import { type AgentAddress, urlOf } from '../protocol/agent-address.ts';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import { statusOf } from '../protocol/status.ts';
import { type Agent, startAgent } from './agent.ts';
import type { AgentLog } from './agent-log.ts';
import { createAlertIntake } from './alert-intake.ts';
import { createAppendTimes } from './append-times.ts';
import { answersFrom } from './archive/answer.ts';
import { type Archive, openArchive } from './archive/archive.ts';
import { startBroadcasts } from './broadcasts.ts';
import type { Clock } from './clock.ts';
import type { Config, ServerConfig, ServiceWatch } from './config/config.ts';
import { driversOf } from './drivers/drivers-of.ts';
import { tellHappenings } from './happenings.ts';
import { type HealthParts, reportHealth } from './health-report.ts';
import { HEARTBEAT, startHeartbeat } from './heartbeat.ts';
import { openAgentKey } from './log/agent-key.ts';
import { systemDisk } from './log/disk.ts';
import type { EventLog } from './log/event-log.ts';
import { openFileEventLog } from './log/file-event-log.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { fieldsOf } from './notifiers/agent-log.ts';
import { notifiersOf } from './notifiers/notifiers-of.ts';
import { openDoors } from './open-doors.ts';
import { createReloading, type Reloading } from './reloading.ts';
import { roomPolicy } from './room-policy.ts';
import { resume } from './server/resuming.ts';
import { type RoomServer, type ServerHost, startServer } from './server/server.ts';
import { createSignalBoard } from './signals/signal-board.ts';
import { openSignalHistory } from './signals/signal-history.ts';
import { tellingListener } from './signals/telling-listener.ts';
import { checkSource } from './sources/checks.ts';
import { prometheusSource } from './sources/prometheus.ts';
import { scrapeSource } from './sources/scrape.ts';
import type { SourceListener } from './sources/source.ts';
import { openStateDirectory, removePortFile, writePortFile } from './state-directory.ts';

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
  readonly agentLog: AgentLog;
}

export interface RunningAgent {
  readonly url: string;
  /** The path of its socket; null without one. */
  readonly socket: string | null;
  readonly stateDirectory: string;
  /** Reads the configuration, the tokens and the certificate again; resolves once it holds, or was refused and the one before goes on. */
  reload(): Promise<void>;
  /** Ends once what is under way has its outcome on record, or is called off. Without `callOff` that is at once. */
  stop(callOff?: AbortSignal): Promise<void>;
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
  const { clock, version, agentLog } = options;
  let config = options.config;
  let configurationLoadedAt = toTimestamp(clock.now());
  // The doors are ready before there is an agent to tell of changed tokens.
  let noteToken: Agent['noteToken'] | null = null;
  const doors = await openDoors({
    ...{ host: options.host, port: options.port, stateDirectory: directory, clock, agentLog },
    config: () => config.server,
    onTokens: (changes) => {
      for (const change of changes) void noteToken?.(change);
      server?.recheck();
    },
    onFailedLogin: (outcome) => metrics?.observeFailedLogin(outcome),
  });
  const key = await openAgentKey(directory);
  const log = await openFileEventLog({
    directory,
    signing: { key, after: clock.after },
    onTorn: ({ line, bytes }) =>
      agentLog.warn(
        `journal: line ${line} was torn by a crash; its ${bytes} bytes were never acknowledged and are cut`,
      ),
  });
  const history = await openSignalHistory({
    directory,
    clock,
    onWriteError: (cause) => agentLog.error('the signal history is not written', { err: cause }),
  });
  const board = createSignalBoard({ clock, watches: config.watches });
  const listener = tellingListener({ board, history, agentLog });
  const appendTimes = createAppendTimes();
  const startedAt = toTimestamp(clock.now());
  // The agent begins before there are numbers and a door to tell of.
  let metrics: Metrics | null = null;
  let server: RoomServer | null = null;
  let logId = await firstCommandId(log);

  const archive: Archive = openArchive({
    disk: systemDisk,
    stateDirectory: directory,
    room: () => agent.committer.committed().room,
    readLog: () => log.read(1),
  });
  const agent: Agent = await startAgent({
    version,
    log,
    clock,
    newId: randomUUID,
    policy: () => config.policy,
    signals: { current: board.current, subscribe: board.subscribe, baseline: history.baseline },
    driver: driversOf(() => config, process.env),
    notifier: notifiersOf(
      () => config,
      (line, outgoing) => agentLog[outgoing.kind === 'page' ? 'warn' : 'info'](line, fieldsOf('log', outgoing)),
      () => logId,
    ),
    keep: (incident) => archive.keep(incident),
    links: (service) => linksOf(config, service),
    agentLog,
    onAppend: (tookMs) => {
      appendTimes.record(tookMs);
      metrics?.observeAppend(tookMs);
    },
  });
  const numbers = createMetrics({
    room: () => roomFor(agent.committer.committed().room, ANYBODY),
    health: board.health,
    clients: () => server?.clients() ?? 0,
    clientSkewMs: () => server?.worstSkewMs() ?? null,
    writable: agent.committer.writable,
    now: clock.now,
    version,
    startedAt,
  });
  metrics = numbers;
  logId = agent.logId;
  noteToken = agent.noteToken;
  agent.committer.onCommit((commit) => tellHappenings(agentLog, commit));
  const stopMetrics = agent.committer.onCommit((commit, { room }, before) =>
    numbers.observeCommit(commitFor(commit, before, room, ANYBODY), roomFor(room, ANYBODY)),
  );
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

  const welcome: ServerHost['welcome'] = (greeted) => {
    const { commitsAfter, committer, logId: itsLog, markAt } = agent;
    return {
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      log: itsLog,
      agent: {
        ...{ version, startedAt, now: clock.now(), rate: clock.rate },
        ...{ writable: committer.writable(), held: committer.held() },
      },
      you: greeted.you,
      ...resume(greeted, { log: itsLog, ...committer.committed(), markAt, commitsAfter }),
      signals: board.current(),
      history: Object.fromEntries(
        config.watches.map(({ service }) => [service, history.recent(service, clock.now() - WELCOME_HISTORY_MS)]),
      ),
      policy: policyNow(),
      presence: server?.presence(greeted.you) ?? [],
      health: reportHealth(health),
    };
  };

  const opened = await startServer(doors.place, {
    admit: doors.admit,
    welcome,
    execute: agent.execute,
    answer: answersFrom(archive),
    version,
    mayLookAt: (incident, person) => {
      const its = own(agent.committer.committed().room.incidents, incident);
      return its !== undefined && mayView(its, person);
    },
    held: agent.committer.held,
    nowMs: clock.now,
    wallMs: Date.now,
    status: (person) => {
      const { seq, room } = agent.committer.committed();
      return statusOf({
        agent: { seq, startedAt, version, writable: agent.committer.writable() },
        // Nobody is named the empty name: whoever says no name sees what everybody sees.
        room: roomFor(room, person ?? ANYBODY),
        signals: board.current(),
      });
    },
    fault: (error) => agentLog.fault('while answering a request', error),
    isReady: () => agent.committer.writable(),
    writable: agent.committer.writable,
    metrics: async () => ({ text: await numbers.text(), contentType: numbers.contentType }),
    alertSource: (name) => own(config.alertSources, name) ?? null,
    alertSourceNames: () => Object.keys(config.alertSources),
    alertsNotUnderstood: (source, problem) => {
      board.told({ source, count: 0, tookMs: 0, error: problem });
      agentLog.error(`source ${source}: ${problem}`, { source });
    },
    takeAlerts: createAlertIntake({ agent, board, metrics: numbers, clock, agentLog }),
  }).catch(async (error: unknown) => {
    doors.close();
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
    agentLog,
  });
  let stopSources = startSources(config.watches, { clock, listener });
  const stopHeartbeat = startHeartbeat({
    clock,
    configured: () => config.heartbeat,
    writable: agent.committer.writable,
    looks: agent.looks,
    told: (beat) => listener.polled({ source: HEARTBEAT, ...beat }),
  });
  const reloading: Reloading = createReloading({
    directory: config.directory,
    read: options.reload ?? null,
    current: () => config,
    apply: (next) => {
      if (next.heartbeat === null) board.forget(HEARTBEAT);
      const isWatchedAnew = JSON.stringify(next.watches) !== JSON.stringify(config.watches);
      if (!isSameButNames(next.server, config.server))
        agentLog.warn('server.yaml says something else: it holds from the next start on, the names in hosts at once');
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
    agentLog,
  });
  const address: AgentAddress = {
    ...{ host: opened.host, port: opened.port, pid: process.pid },
    ...(doors.place.tls ? { tls: true } : {}),
    ...(doors.place.socket ? { socket: doors.place.socket.path } : {}),
  };
  await writePortFile(directory, address);

  return {
    url: urlOf(address),
    socket: doors.place.socket?.path ?? null,
    stateDirectory: directory,
    reload: async () => {
      await Promise.all([reloading.reload(), doors.renew()]);
    },
    stop: async (callOff) => {
      reloading.close();
      doors.close();
      for (const stop of stopSources) stop();
      stopHeartbeat();
      stopBroadcasts();
      stopMetrics();
      await removePortFile(directory);
      await opened.stop();
      await agent.stop(callOff);
      board.close();
      await history.close();
      await release();
    },
  };
};

const isSameButNames = (one: ServerConfig, other: ServerConfig): boolean =>
  JSON.stringify({ ...one, hosts: [] }) === JSON.stringify({ ...other, hosts: [] });

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
