// Owns putting a whole agent together: configuration, state directory, log, sources, drivers, notifiers, and the door.
import { own } from '../incident/own.ts';
import { MINUTE, toTimestamp } from '../incident/time.ts';
import { type AgentMessage, PROTOCOL_VERSION } from '../protocol/messages.ts';
import { statusOf } from '../protocol/status.ts';
import { type Agent, startAgent } from './agent.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { httpDriver } from './drivers/http.ts';
import { openFileEventLog } from './log/file-event-log.ts';
import { agentLogNotifier } from './notifiers/agent-log.ts';
import type { Notifier } from './notifiers/notifier.ts';
import { webhookNotifier } from './notifiers/webhook.ts';
import { roomPolicy } from './room-policy.ts';
import { type RoomServer, type ServerHost, startServer } from './server/server.ts';
import { isToken } from './server/tokens.ts';
import { fanOutSignals } from './signals/fan-out.ts';
import { createSignalBoard } from './signals/signal-board.ts';
import { openSignalHistory } from './signals/signal-history.ts';
import { checkSource } from './sources/checks.ts';
import { prometheusSource } from './sources/prometheus.ts';
import { scrapeSource } from './sources/scrape.ts';
import type { SourceListener } from './sources/source.ts';
import { localToken, openStateDirectory, removePortFile, writePortFile } from './state-directory.ts';

export interface RunAgentOptions {
  readonly config: Config;
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
  const { config, clock, version, write } = options;
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
  const listener: SourceListener = {
    ...board,
    readings: (readings) => {
      history.record(readings);
      board.readings(readings);
    },
    polled: (poll) => {
      const wasFailing = board.health().some(({ source, failing }) => source === poll.source && failing);
      board.polled(poll);
      if ((poll.error !== null) === wasFailing) return;
      write(poll.error === null ? `source ${poll.source} answers again` : `source ${poll.source} FAILS: ${poll.error}`);
    },
  };

  const agent = await startAgent({
    version,
    log,
    clock,
    policy: config.policy,
    signals: { current: board.current, subscribe: board.subscribe, baseline: history.baseline },
    driver: driversOf(config),
    notifier: notifiersOf(config, write),
  });
  const startedAt = toTimestamp(clock.now());
  const errorBaseline = (service: string): number | null => history.baseline(service, 'errorRatio', clock.now());

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
      policy: roomPolicy(config, errorBaseline),
    };
  };

  const server = await startServer(
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
      isReady: () => agent.committer.writable(),
      writable: agent.committer.writable,
    },
  ).catch(async (error: unknown) => {
    await agent.stop();
    board.close();
    await history.close();
    throw error;
  });

  const stopFollowing = followCommits(agent, server, write);
  const stopSignals = fanOutSignals(board, (signals) => server.offer({ type: 'signals', signals }));
  const stopSources = [
    prometheusSource({ watches: config.watches, clock }),
    scrapeSource({ watches: config.watches, clock }),
    checkSource({ watches: config.watches, clock }),
  ].map((source) => source.start(listener));
  await writePortFile(directory, { host: server.host, port: server.port, pid: process.pid });

  return {
    url: `http://${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`,
    stateDirectory: directory,
    stop: async () => {
      for (const stop of stopSources) stop();
      stopSignals();
      stopFollowing();
      await removePortFile(directory);
      await server.stop();
      await agent.stop();
      board.close();
      await history.close();
      await release();
    },
  };
};

const followCommits = (agent: Agent, server: RoomServer, write: (line: string) => void): (() => void) => {
  const stopCommits = agent.committer.onCommit((commit) => {
    const message: AgentMessage = { type: 'events', after: commit.seq - 1, upTo: commit.seq, commits: [commit] };
    server.broadcast(message);
  });
  const stopWritable = agent.committer.onWritable((writable) => {
    write(writable ? 'the log takes writes again' : 'READ-ONLY: the log takes no writes; still watching');
  });
  return () => {
    stopCommits();
    stopWritable();
  };
};

const driversOf = (config: Config) => {
  const http = httpDriver({ profile: (name) => config.actions[name] ?? null });
  return (name: string) => (config.actions[name]?.driver === 'http' ? http : null);
};

const notifiersOf = (config: Config, write: (line: string) => void) => {
  const log = agentLogNotifier({ write });
  const webhook = webhookNotifier({ address: (contact) => own(config.contacts, contact)?.webhook ?? null });
  return (channel: string): Notifier | null => (channel === 'log' ? log : channel === 'webhook' ? webhook : null);
};
