// Owns the agent without its door: replays the log, then watches, decides, waits and acts until it is stopped.
import type { AgentCommand, AlertTold, PersonCommand } from '../incident/commands.ts';
import type { Commit } from '../incident/commit.ts';
import { evolveCommit } from '../incident/evolve.ts';
import type { Policy } from '../incident/policies/policy.ts';
import { isTheDisks } from '../incident/refusal.ts';
import { type Signals, valueOrNull } from '../incident/signals.ts';
import { emptyRoom, type Room } from '../incident/state.ts';
import { toEpochMs, toTimestamp } from '../incident/time.ts';
import type { CommandResult } from '../protocol/messages.ts';
import type { AgentLog } from './agent-log.ts';
import type { Archive } from './archive/archive.ts';
import type { Clock } from './clock.ts';
import { JUMP_MS, watchClock } from './clock-watch.ts';
import { type CommandMemory, commandMemory, type Remembered } from './command-memory.ts';
import { type By, type Committer, createCommitter } from './committer.ts';
import type { Driver } from './drivers/driver.ts';
import type { EventLog } from './log/event-log.ts';
import type { Notifier } from './notifiers/notifier.ts';
import { actions } from './reactors/actions.ts';
import { archiving } from './reactors/archiving.ts';
import { deadlines } from './reactors/deadlines.ts';
import { deliveries } from './reactors/deliveries.ts';
import { createDetection } from './reactors/detection.ts';
import { type RecentCommits, recentCommits } from './recent-commits.ts';
import { createScheduler } from './scheduler.ts';
import { STATE_SHAPE } from './state-shape.ts';
import type { TokenChange } from './tokens/named-tokens.ts';

/** What the agent needs of the signals: the latest, news of changes, and what was normal before. */
export interface SignalFeed {
  current(): Signals;
  subscribe(listener: (changed: readonly string[]) => void): () => void;
  baseline(service: string, signal: 'errorRatio' | 'p95Seconds', upToMs: number): number | null;
}

export interface AgentParts {
  readonly version: string;
  readonly log: EventLog;
  readonly clock: Clock;
  /** As it holds now: it may change while the agent runs. */
  readonly policy: () => Policy;
  readonly signals: SignalFeed;
  readonly driver: (actionName: string) => Driver | null;
  readonly notifier: (channel: string, to: string) => Notifier | null;
  /** Keeps what leaves the room. */
  readonly keep: Archive['keep'];
  readonly links: (service: string) => readonly { readonly title: string; readonly url: string }[];
  /** A new command id, equal to none before. */
  readonly newId: () => string;
  readonly onAppend?: (tookMs: number) => void;
  readonly agentLog: AgentLog;
}

export interface Agent {
  /** Decides a person's command; resolves when it is durable or refused. */
  execute(command: PersonCommand, by: By): Promise<CommandResult>;
  /** Takes what a source tells; resolves when it is durable or refused. */
  takeAlerts(source: string, alerts: readonly AlertTold[]): Promise<CommandResult>;
  /** Records that a changed configuration holds, or why it does not. */
  noteConfiguration(problem: string | null): Promise<CommandResult>;
  /** Records that somebody was given a token, or lost it. */
  noteToken(change: TokenChange): Promise<CommandResult>;
  readonly committer: Committer;
  /** Looks once at everything that may be due; whether that worked. Proof that deadlines are kept. */
  looks(): Promise<boolean>;
  /** Identifies this log among all logs: a replica of another one starts afresh. */
  readonly logId: string;
  /** The latest commits, for clients that missed only a few. */
  commitsAfter(seq: number): readonly Commit[] | null;
  /** Names the commit at that number for clients, and with it all before; null where it is too long ago, or not yet. */
  markAt(seq: number): string | null;
  /** Begins nothing new; ends once what is under way has its outcome on record, or is called off. Without `callOff` that is at once. */
  stop(callOff?: AbortSignal): Promise<void>;
}

const SNAPSHOT_EVERY_COMMITS = 1_000;
const RECORD_AGAIN_AFTER_MS = 1_000;

/** Replays the log, records the start, and begins to look. */
export const startAgent = async (parts: AgentParts): Promise<Agent> => {
  const { log, clock, policy, signals } = parts;
  const replayed = await replayLog(log);
  const { recent, memory } = replayed;
  const onFault = (error: unknown): void => parts.agentLog.fault('a fault of the agent, which goes on', error);
  const committer = createCommitter({
    log,
    clock,
    policy,
    start: replayed.committed,
    memory,
    newId: parts.newId,
    ...(parts.onAppend === undefined ? {} : { onAppend: parts.onAppend }),
    onFault,
  });
  const itself = (): By => ({ actor: { kind: 'agent', name: 'room' }, permission: null, commandId: parts.newId() });
  /** What is decided reckons with the time: were a clock that was set back found later, its deadlines would move too. */
  const execute: Committer['execute'] = (command, by) => {
    clockWatch.look();
    return committer.execute(command, by);
  };
  const record = (command: AgentCommand): Promise<CommandResult> => execute(command, itself());
  const stopping = new AbortController();

  /** An outcome must not be forgotten because the disk is full just now: an effect whose outcome is lost would be repeated. */
  const recordSurely = async (command: AgentCommand): Promise<CommandResult> => {
    for (;;) {
      const result = await record(command);
      if (result.ok || !isTheDisks(result.refusal) || stopping.signal.aborted) return result;
      await new Promise<void>((resolve) => clock.after(RECORD_AGAIN_AFTER_MS, resolve));
    }
  };

  const errorRatio = (service: string): number | null => {
    const its = signals.current()[service];
    return its === undefined ? null : valueOrNull(its.reading.errorRatio);
  };
  const wake = (): void => scheduler.wake();
  const reactors = [
    deadlines(record, committer.tip),
    deliveries({
      record: recordSurely,
      clock,
      found: replayed.committed.room,
      notifier: parts.notifier,
      links: parts.links,
      agentLog: parts.agentLog,
      writable: committer.writable,
      wake,
    }),
    actions({ record: recordSurely, clock, driver: parts.driver, errorRatio, wake }),
    archiving({ record, clock, keep: parts.keep, reopenWithinMs: () => policy().reopenWithinMs, wake }),
  ];
  const scheduler = createScheduler(clock, { reactors, room: committer.seen, onFault });
  const detection = createDetection({ record, policy, room: committer.tip, baseline: signals.baseline });

  committer.onCommit((commit, { seq, room }) => {
    recent.add(commit);
    if (seq % SNAPSHOT_EVERY_COMMITS === 0) void log.saveSnapshot(seq, snapshotOf(room, memory)).catch(() => {});
    scheduler.wake();
  });

  // Without it an agent that has nothing else to record would stay read-only after the disk has room again.
  const tryTheLog = (): void => {
    if (committer.writable() || stopping.signal.aborted) return;
    void committer.resume().then(() => clock.after(RECORD_AGAIN_AFTER_MS, tryTheLog));
  };
  committer.onHeld(() => scheduler.wake());
  committer.onWritable((writable) => {
    if (!writable) clock.after(RECORD_AGAIN_AFTER_MS, tryTheLog);
  });

  const jumped = (byMs: number): void => {
    parts.agentLog.warn(`the clock jumped ${byMs < 0 ? 'back' : 'ahead'} by ${Math.abs(byMs)} ms`);
    void committer.execute({ type: 'note-clock-jump', byMs }, itself());
    scheduler.wake();
  };
  const clockWatch = watchClock(clock, {
    jumped,
    stalled: (forMs) => {
      parts.agentLog.warn(`the agent stood still for ${forMs} ms: its process was paused, or something held it up`);
      void record({ type: 'note-stall', forMs });
      scheduler.wake();
    },
  });
  const setBackByMs = setBackWhileAway(replayed.last, clock);
  if (setBackByMs !== null) jumped(setBackByMs);

  await record({ type: 'start-agent', version: parts.version });
  // Whatever was wrong with the configuration before: it was read whole just now.
  if (committer.committed().room.configurationRefused !== null)
    await record({ type: 'note-configuration', problem: null });
  scheduler.wake();
  const look = (changed: readonly string[]): void => {
    const current = signals.current();
    const news = Object.fromEntries(
      changed.flatMap((service) => (current[service] === undefined ? [] : [[service, current[service]]])),
    );
    detection.look(news, toTimestamp(clock.now()));
  };
  const stopWatching = signals.subscribe(look);

  return {
    execute,
    takeAlerts: (source, alerts) =>
      execute({ type: 'report-alerts', alerts }, { ...itself(), actor: { kind: 'source', name: source } }),
    noteConfiguration: (problem) => record({ type: 'note-configuration', problem }),
    noteToken: (change) => record({ type: 'note-token', ...change }),
    committer,
    looks: scheduler.looks,
    logId: replayed.logId ?? recent.after(0)?.[0]?.commandId ?? '',
    commitsAfter: recent.after,
    markAt: recent.markAt,
    stop: async (callOff = AbortSignal.abort()) => {
      stopWatching();
      clockWatch.stop();
      await untilCalledOff(scheduler.rest(), callOff);
      stopping.abort();
      scheduler.stop();
      const { seq, room } = committer.committed();
      await log.saveSnapshot(seq, snapshotOf(room, memory)).catch(() => {});
      await log.close();
    },
  };
};

/** By how much, at the least, the clock went back since the last commit: no agent ran meanwhile that could tell. */
const setBackWhileAway = (last: Commit | undefined, clock: Clock): number | null => {
  const byMs = last === undefined ? 0 : clock.now() - toEpochMs(last.at);
  return byMs < -JUMP_MS * clock.rate ? byMs : null;
};

/** What is called off is not lost: the next start finds it by looking. */
const untilCalledOff = (done: Promise<void>, callOff: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (callOff.aborted) resolve();
    else callOff.addEventListener('abort', () => resolve(), { once: true });
    void done.then(resolve);
  });

interface Saved {
  readonly shape: number;
  readonly room: Room;
  readonly commands: readonly Remembered[];
}

const snapshotOf = (room: Room, memory: CommandMemory): Saved => ({ shape: STATE_SHAPE, room, commands: memory.all() });

const savedIn = (state: unknown): Saved | null => {
  const saved = state as Saved | null;
  return saved?.shape === STATE_SHAPE ? saved : null;
};

interface Replayed {
  readonly committed: { readonly seq: number; readonly room: Room };
  readonly recent: RecentCommits;
  readonly memory: CommandMemory;
  readonly last: Commit | undefined;
  readonly logId: string | null;
}

/** So many from before the snapshot are read again, for clients that were away for a moment when the agent was restarted. */
const COMMITS_READ_AGAIN = 200;

/** The state of the log: from the newest snapshot of this shape of state, and the commits after it. */
const replayLog = async (log: EventLog): Promise<Replayed> => {
  const snapshot = await log.latestSnapshot();
  const saved = snapshot === null ? null : savedIn(snapshot.state);
  let room = saved?.room ?? emptyRoom;
  let seq = saved === null ? 0 : (snapshot?.seq ?? 0);
  let logId: string | null = null;
  for await (const first of log.read(1)) {
    logId = first.commandId;
    break;
  }
  const recent = recentCommits(log.head);
  const memory = commandMemory(saved?.commands);
  let last: Commit | undefined;
  for await (const commit of log.read(Math.max(1, seq - COMMITS_READ_AGAIN + 1))) {
    if (commit.seq > seq) {
      room = evolveCommit(room, commit);
      seq = commit.seq;
      memory.remember(commit);
    }
    recent.add(commit);
    last = commit;
  }
  return { committed: { seq, room }, recent, memory, last, logId };
};
