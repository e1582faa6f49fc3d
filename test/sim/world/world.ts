// Owns a simulated world put together: one machine with its disk and clock, the agent that runs on it, and all that is outside.
import { type Agent, startAgent } from '../../../src/agent/agent.ts';
import { agentLogTo } from '../../../src/agent/agent-log.ts';
import { openArchive } from '../../../src/agent/archive/archive.ts';
import { openFileEventLog } from '../../../src/agent/log/file-event-log.ts';
import type { Commit } from '../../../src/incident/commit.ts';
import type { Policy } from '../../../src/incident/policies/policy.ts';
import { emptyRoom, type Room } from '../../../src/incident/state.ts';
import { OperatorError } from '../../../src/protocol/operator-error.ts';
import { type SimulatedDisk, simulatedDisk } from './disk.ts';
import { type Door, openDoor } from './door.ts';
import { simulatedKey } from './key.ts';
import { type Life, newLife } from './life.ts';
import { type Pagers, simulatedPagers, type Try } from './pagers.ts';
import { POLICIES } from './policies.ts';
import { type Random, randomOf } from './random.ts';
import { type DurableRecord, durableRecord } from './record.ts';
import { type SimulatedSignals, simulatedSignals } from './signals.ts';
import { startMoment } from './start-moments.ts';
import { type Applying, simulatedTargets, type Targets } from './targets.ts';
import { type SimulatedTime, simulatedTime } from './time.ts';

/** The seams at which a fault is planted. */
export interface Seams {
  readonly feed?: (feed: ReturnType<SimulatedSignals['feedFor']>) => ReturnType<SimulatedSignals['feedFor']>;
}

/** What rules are checked against as it happens. */
export interface Watching {
  onCommit(commit: Commit, before: Room, after: Room): void;
  onTry(attempt: Try, earlier: readonly Try[]): void;
  onApply(applying: Applying, earlier: readonly Applying[]): void;
  /** A broken rule that is found by looking at one thing alone. */
  onBroken(words: string): void;
}

export interface Running {
  readonly life: Life;
  readonly agent: Agent;
  readonly door: Door;
}

export interface World {
  readonly random: Random;
  readonly time: SimulatedTime;
  readonly disk: SimulatedDisk;
  readonly record: DurableRecord;
  readonly signals: SimulatedSignals;
  readonly pagers: Pagers;
  readonly targets: Targets;
  running(): Running | null;
  policy(): Policy;
  changePolicy(policy: Policy): void;
  /** Starts the agent, if nothing refuses; says what did. */
  start(dieAfterCalls?: number): Promise<string>;
  /** The process is gone at once, or the machine with it; after so many more calls into the world. */
  crash(afterCalls: number): void;
  /** Ends the agent as an operator does. */
  stop(): Promise<void>;
  /** Since when, in elapsed time, nothing has disturbed the agent that would delay it; null while something does. */
  undisturbedSinceMs(): number | null;
  disturbed(): void;
}

const STATE = '/state';
export const SERVICES = ['checkout', 'payments', 'search', 'vault'] as const;

export const createWorld = (seed: number, watching: Watching, seams: Seams = {}): World => {
  const random = randomOf(seed);
  let isLookingAtTheDisk = false;
  const time = simulatedTime(startMoment(random.fork('start')), () => look());
  const disk = simulatedDisk(random.fork('disk'), time);
  const record = durableRecord(disk, `${STATE}/journal`, {
    onCommit: watching.onCommit,
    onDamage: watching.onBroken,
  });
  const signals = simulatedSignals(SERVICES, time);
  const pagers = simulatedPagers(random.fork('pagers'), time, {
    onTry: (attempt, earlier) => {
      look();
      watching.onTry(attempt, earlier);
    },
  });
  const targets = simulatedTargets(random.fork('targets'), time, {
    onApply: (applying, earlier) => {
      look();
      watching.onApply(applying, earlier);
    },
  });
  const key = simulatedKey();
  const ids = random.fork('ids');
  const dying = random.fork('dying');
  let policy = random.fork('policy').pick(POLICIES);
  let running: Running | null = null;
  let lives = 0;
  let disturbedAtMs = 0;

  const look = (): void => {
    if (isLookingAtTheDisk) return;
    isLookingAtTheDisk = true;
    record.refresh();
    isLookingAtTheDisk = false;
  };

  const newId = (): string =>
    `${ids.between(0, 0xffff_ffff).toString(16)}-${ids.between(0, 0xffff_ffff).toString(16)}`.padStart(12, '0');

  const fault = (error: unknown): void =>
    watching.onBroken(`a session tells of a fault of the agent: ${String(error)}`);

  const died = (life: Life): void => {
    disturbedAtMs = time.elapsedMs();
    if (running?.life === life) running = null;
    if (dying.chance(0.5)) disk.powerCut();
    else disk.processDied();
  };

  const start = async (dieAfterCalls?: number): Promise<string> => {
    lives += 1;
    const life = newLife(lives, time, died);
    if (dieAfterCalls !== undefined) life.killAfterCalls(dieAfterCalls);
    let started: { readonly agent: Agent } | { readonly refused: string } | null = null;
    void startOn(life).then(
      (agent) => {
        started = { agent };
      },
      (error: unknown) => {
        if (!(error instanceof OperatorError)) watching.onBroken(`the agent does not start: ${String(error)}`);
        else if (error.code === 'journal-damaged') watching.onBroken(`after a crash: ${error.message}`);
        started = { refused: error instanceof OperatorError ? error.code : String(error) };
      },
    );
    for (let waited = 0; started === null && life.isAlive() && waited < 600; waited += 1) await time.pass(100);
    const outcome = started as { readonly agent: Agent } | { readonly refused: string } | null;
    if (outcome === null) {
      life.kill();
      return 'it hung';
    }
    if ('refused' in outcome) {
      life.kill();
      return outcome.refused;
    }
    if (!life.isAlive()) return 'it died';
    running = { life, agent: outcome.agent, door: openDoor(outcome.agent, { life, time, fault }) };
    disturbedAtMs = time.elapsedMs();
    return 'started';
  };

  const startOn = async (life: Life): Promise<Agent> => {
    const clock = time.clockOf(life);
    const log = await openFileEventLog({
      directory: STATE,
      disk: disk.mountFor(life),
      signing: { key, after: clock.after },
    });
    const feed = signals.feedFor(life);
    let committed: Room = emptyRoom;
    const archive = openArchive({
      disk: disk.mountFor(life),
      stateDirectory: STATE,
      room: () => committed,
      readLog: () => log.read(1),
    });
    const agent = await startAgent({
      version: 'simulated',
      log,
      clock,
      policy: () => policy,
      signals: seams.feed?.(feed) ?? feed,
      driver: (action) => targets.driverFor(life, action),
      notifier: (channel) => pagers.notifierFor(life, channel),
      links: () => [],
      keep: archive.keep,
      newId,
      agentLog: agentLogTo(({ level, msg, fields }) => {
        if (level === 'fault') watching.onBroken(`the agent tells of a fault of its own: ${msg} ${fields.err ?? ''}`);
      }),
    });
    committed = agent.committer.committed().room;
    agent.committer.onCommit((_commit, { room }) => {
      committed = room;
    });
    return agent;
  };

  return {
    random,
    time,
    disk,
    record,
    signals,
    pagers,
    targets,
    running: () => running,
    policy: () => policy,
    changePolicy: (next) => {
      policy = next;
    },
    start,
    crash: (afterCalls) => {
      if (afterCalls === 0) running?.life.kill();
      else running?.life.killAfterCalls(afterCalls);
    },
    stop: async () => {
      const its = running;
      if (its === null) return;
      let isStopped = false;
      void its.agent.stop().then(() => {
        isStopped = true;
      });
      for (let waited = 0; !isStopped && its.life.isAlive() && waited < 600; waited += 1) await time.pass(100);
      its.life.kill();
    },
    undisturbedSinceMs: () => {
      const isWritable = running?.agent.committer.writable() ?? false;
      const isWell = isWritable && disk.mood() === 'well';
      if (!isWell) disturbedAtMs = time.elapsedMs();
      return isWell ? disturbedAtMs : null;
    },
    disturbed: () => {
      disturbedAtMs = time.elapsedMs();
    },
  };
};
