// Owns stories with a clock: an in-process agent on the real core, reactors and file log; signals, pages and containment by hand.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, startAgent } from '../../src/agent/agent.ts';
import { agentLogTo } from '../../src/agent/agent-log.ts';
import type { Clock } from '../../src/agent/clock.ts';
import type { Driver } from '../../src/agent/drivers/driver.ts';
import { type FileEventLog, openFileEventLog } from '../../src/agent/log/file-event-log.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from '../../src/agent/notifiers/notifier.ts';
import { type AlertTold, type PersonCommandInput, personCommandSchema } from '../../src/incident/commands.ts';
import type { Policy } from '../../src/incident/policies/policy.ts';
import { known, type ServiceSignals, type Signals, type UnknownReason, unknown } from '../../src/incident/signals.ts';
import type { Incident, Room } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { toTimestamp } from '../../src/incident/time.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { manualClock } from './manual-clock.ts';
import { plan, START, policy as standardPolicy } from './room.ts';

export interface SentPage {
  readonly atSeconds: number;
  readonly page: string;
  readonly kind: string;
  readonly to: string;
  readonly text: string;
  readonly possibleDuplicate: boolean;
  readonly unrecorded: boolean;
}

/** A thing that can be contained: a switch that remembers how often it was thrown. */
interface World {
  enabled: boolean;
  applied: number;
  reachable: boolean;
}

type ApplyingHow = 'works' | 'hangs-after-the-effect' | 'hangs-before-the-effect' | 'throws';

export interface Story {
  /** Lets time pass, second by second, up to that second of the story. */
  at(seconds: number): Promise<void>;
  /** The wall clock is set on, or back, by that much, as by a hand or by a machine that slept: nothing happens meanwhile. */
  clockJumps(seconds: number): void;
  fails(service: string, errorRatio: number, requestsPerSecond?: number): void;
  /** Whether the disk takes writes. */
  diskIsFull(full: boolean): void;
  isUnknown(service: string, why: UnknownReason): void;
  /** The sources tell of it no more. */
  forget(service: string): void;
  person(name: string): { does(command: PersonCommandInput): Promise<CommandResult> };
  incident(id?: string): Incident;
  incidents(): readonly Incident[];
  agent(): Agent;
  readonly pages: SentPage[];
  readonly world: World;
  /** How the pager answers from now on, for one contact or sink where it is named; `hang` never does. */
  pager(answer: NotifyResult | 'hang', to?: string): void;
  /** Tells alerts as the source of the first. */
  tells(...alerts: readonly AlertTold[]): Promise<CommandResult>;
  room(): Room;
  /** How applying answers from now on. */
  applying(how: ApplyingHow): void;
  /** From now until the next start a confirmed action is not begun, as if the agent died on its way to it. */
  holdStarts(): void;
  /** Ends the agent as SIGKILL would: nothing it has begun goes on, nothing more is recorded. */
  kill(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

export const ID = 'INC-2026-0001';

export const timeline = async (options: { readonly policy?: Policy } = {}): Promise<Story> => {
  const directory = await mkdtemp(join(tmpdir(), 'warroom-story-'));
  const startMs = Date.parse(START);
  const clock = manualClock(startMs);
  const signals = new Map<string, ServiceSignals>();
  const pages: SentPage[] = [];
  const world: World = { enabled: false, applied: 0, reachable: true };
  const answers = new Map<string, NotifyResult | 'hang'>();
  let pagerAnswer: NotifyResult | 'hang' = { ok: true };
  let applyingHow: ApplyingHow = 'works';
  let startsAreHeld = false;
  let isFull = false;
  /** Commits on their way to the disk. */
  let appending = 0;
  let life: { alive: boolean; log: FileEventLog; agent: Agent } | null = null;
  const listeners = new Set<(changed: readonly string[]) => void>();
  const never = new Promise<never>(() => {});

  const put = (service: string, errorRatio: ServiceSignals['reading']['errorRatio'], rate = 100): void => {
    const at = toTimestamp(clock.now());
    signals.set(service, {
      reading: { service, at, errorRatio, p95Seconds: known(0.1), requestsPerSecond: known(rate) },
      checks: [],
    });
  };

  const driver: Driver = {
    plan: async () => ({ ok: true, plan: { ...plan, before: { enabled: world.enabled }, after: { enabled: true } } }),
    planUndo: async (entry) => {
      const before = entry.plan?.before as { enabled: boolean };
      if (world.enabled === before.enabled) return { ok: false, reason: 'already-as-before', detail: 'back already' };
      return { ok: true, plan: { ...plan, before: { enabled: world.enabled }, after: before } };
    },
    apply: async (its) => {
      if (applyingHow === 'throws') throw new Error('a bug');
      if (applyingHow === 'hangs-before-the-effect') return never;
      world.enabled = (its.after as { enabled: boolean }).enabled;
      world.applied += 1;
      return applyingHow === 'hangs-after-the-effect' ? never : { ok: true };
    },
    observe: async (its) => {
      if (!world.reachable) return 'unknown';
      return world.enabled === (its.after as { enabled: boolean }).enabled ? 'applied' : 'reverted';
    },
  };

  const agentLog: Notifier = { send: async () => ({ ok: true }) };
  const notifier: Notifier = {
    send: async ({ id, kind, to, text, possibleDuplicate, unrecorded }: OutgoingMessage) => {
      pages.push({
        atSeconds: (clock.now() - startMs) / 1_000,
        page: id,
        kind,
        to,
        text,
        possibleDuplicate,
        unrecorded,
      });
      const answer = answers.get(to) ?? pagerAnswer;
      return answer === 'hang' ? never : answer;
    },
  };

  const start = async (): Promise<void> => {
    const mine = { alive: true };
    const mortalClock: Clock = {
      rate: 1,
      now: clock.now,
      elapsedMs: clock.elapsedMs,
      after: (ms, wake) => clock.after(ms, () => mine.alive && wake()),
    };
    const log = await openFileEventLog({ directory });
    startsAreHeld = false;
    const mortalLog = {
      ...log,
      append: (seq: number, draft: Parameters<typeof log.append>[1]) => {
        if (isFull)
          return Promise.resolve({ ok: false, reason: 'unwritable', detail: 'ENOSPC', takenBack: true } as const);
        if (!mine.alive || (startsAreHeld && draft.events[0]?.type === 'action.started')) return never;
        appending += 1;
        return log.append(seq, draft).finally(() => {
          appending -= 1;
        });
      },
    };
    const feed = {
      current: (): Signals => Object.fromEntries(signals),
      subscribe: (listener: (changed: readonly string[]) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      baseline: () => null,
    };
    const agent = await startAgent({
      version: 'test',
      log: mortalLog,
      clock: mortalClock,
      newId: randomUUID,
      policy: () => options.policy ?? standardPolicy,
      signals: feed,
      driver: () => driver,
      notifier: (channel) => (channel === 'log' ? agentLog : notifier),
      keep: async () => {},
      links: () => [],
      agentLog: agentLogTo(() => {}),
    });
    life = Object.assign(mine, { log, agent });
    await settled();
  };

  /** Everything decided is durable, and nobody has anything more to say about it. */
  const settled = async (): Promise<void> => {
    for (let quiet = 0; quiet < 8; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = appending === 0 ? quiet + 1 : 0;
    }
  };

  const now = (): Agent => {
    if (life === null) throw new Error('the agent is not running');
    return life.agent;
  };

  await start();
  return {
    pages,
    world,
    agent: now,
    at: async (seconds) => {
      const until = startMs + seconds * 1_000;
      await settled();
      while (clock.now() < until) {
        await clock.advance(Math.min(1_000, until - clock.now()));
        if (life !== null) for (const listener of listeners) listener([...signals.keys()]);
        await settled();
      }
    },
    clockJumps: (seconds) => clock.jump(seconds * 1_000),
    fails: (service, errorRatio, rate) => put(service, known(errorRatio), rate),
    diskIsFull: (full) => {
      isFull = full;
    },
    isUnknown: (service, why) => put(service, unknown(why)),
    forget: (service) => void signals.delete(service),
    person: (name) => ({
      does: async (input) => {
        const command = personCommandSchema.parse(input);
        const result = await now().execute(command, {
          actor: { kind: 'person', name: safeText(name) },
          permission: 'commander',
          commandId: randomUUID(),
        });
        await settled();
        return result;
      },
    }),
    incidents: () => Object.values(now().committer.committed().room.incidents),
    incident: (id = ID) => {
      const incident = now().committer.committed().room.incidents[id];
      if (incident === undefined) throw new Error(`there is no ${id}`);
      return incident;
    },
    tells: async (...alerts) => {
      const result = await now().takeAlerts(alerts[0]?.source ?? 'am', alerts);
      await settled();
      return result;
    },
    room: () => now().committer.committed().room,
    pager: (answer, to) => {
      if (to === undefined) pagerAnswer = answer;
      else answers.set(to, answer);
    },
    applying: (how) => {
      applyingHow = how;
    },
    holdStarts: () => {
      startsAreHeld = true;
    },
    kill: async () => {
      if (life === null) return;
      life.alive = false;
      listeners.clear();
      await life.log.close();
      life = null;
    },
    start,
    end: async () => {
      if (life !== null) await life.agent.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
