// Owns when the watchdog speaks: what it saw of the agent, what it knows, and the time in which it really looked. Pure.
import type { WatchdogRules } from '../agent/config/config.ts';
import type { Room } from '../incident/state.ts';
import { type Timestamp, toEpochMs, toTimestamp } from '../incident/time.ts';
import { type OpenIncident, openIncidents, unpaged } from './open-incidents.ts';

/** How the agent is reached at this moment. */
export type Link =
  | { readonly name: 'live'; readonly writable: boolean; readonly room: Room }
  /** Why, where it is known: there may be no token, no address. */
  | { readonly name: 'silent'; readonly why: string | null }
  | { readonly name: 'refused'; readonly why: string };

/** `stuck`: it answers, and what is long due does not happen. */
export type Trouble = 'silent' | 'stuck' | 'refused' | 'read-only';

/** What is written down: it outlives the process. All moments are the agent's. */
export interface Memory {
  readonly heardAt: Timestamp | null;
  /** How far the agent's clock was ahead of this machine's when it was last heard. */
  readonly aheadMs: number;
  readonly incidents: readonly OpenIncident[];
  readonly alarm: Alarm | null;
}

/** What people were told and is not over. */
export interface Alarm {
  readonly trouble: Trouble;
  readonly since: Timestamp;
  readonly toldAt: Timestamp;
  /** How many times it was told. */
  readonly rounds: number;
  /** Whether anybody was ever reached with it. */
  readonly reached: boolean;
  /** What was due and unpaged by then. */
  readonly named: readonly string[];
}

export interface Watch {
  readonly memory: Memory;
  /** What is wrong at present, and for how long this process has been seeing it. */
  readonly seen: { readonly trouble: Trouble; readonly since: Timestamp; readonly lookedForMs: number } | null;
  readonly lookedAtMs: number;
  /** Nothing that was told is repeated before. */
  readonly quietUntilMs: number;
}

/** One look. `elapsedMs` is this machine's monotonic time, `agentNowMs` the agent's clock as well as it is known. */
export interface Look {
  readonly link: Link;
  readonly elapsedMs: number;
  readonly agentNowMs: number;
  readonly wallMs: number;
  /** False while something is being told: what is to be said besides is still so at a later look. */
  readonly mayTell: boolean;
}

export interface Saying {
  readonly about: Trouble | 'over';
  /** Of `over`: what is over. */
  readonly trouble: Trouble;
  readonly since: Timestamp;
  readonly now: Timestamp;
  readonly round: number;
  /** Whether somebody should have been paged by the agent and was not: that is told to everybody at once. */
  readonly isUrgent: boolean;
  /** Null where the agent was never heard. */
  readonly heardAt: Timestamp | null;
  readonly incidents: readonly OpenIncident[];
  readonly why: string | null;
}

/** A look that comes later than this was preceded by a pause of this process: what it saw before says nothing of the time between. */
const PAUSE_MS = 5_000;
const NOBODY_REACHED_AGAIN_MS = 15_000;

export const freshMemory: Memory = { heardAt: null, aheadMs: 0, incidents: [], alarm: null };

/** Begins from what was written down; what was told lately is not repeated early, whatever became of the clocks. */
export const beginWatch = (
  memory: Memory,
  at: Pick<Look, 'elapsedMs' | 'agentNowMs'>,
  { repeatEveryMs }: WatchdogRules,
): Watch => {
  const sinceToldMs = memory.alarm === null ? repeatEveryMs : at.agentNowMs - toEpochMs(memory.alarm.toldAt);
  const leftMs =
    memory.alarm?.reached === false ? 0 : Math.min(Math.max(0, repeatEveryMs - sinceToldMs), repeatEveryMs);
  return { memory, seen: null, lookedAtMs: at.elapsedMs, quietUntilMs: at.elapsedMs + leftMs };
};

export interface Looked {
  readonly watch: Watch;
  readonly saying: Saying | null;
}

export const look = (before: Watch, at: Look, rules: WatchdogRules): Looked => {
  const memory = at.link.name === 'live' ? heard(before.memory, at.link.room, at) : before.memory;
  const trouble = troubleIn(at, memory, rules);
  const watch: Watch = { ...before, memory, lookedAtMs: at.elapsedMs, seen: seenNow(before, { trouble, memory, at }) };
  const { seen } = watch;
  if (!at.mayTell) return { watch, saying: null };
  if (seen === null) return memory.alarm === null ? { watch, saying: null } : over(watch, memory.alarm, at);
  const due = unpaged(memory.incidents, toTimestamp(at.agentNowMs));
  return isToBeTold(watch, { due, rules }) ? told(watch, { at, due, rules }) : { watch, saying: null };
};

/** How the telling went. Where nobody was reached it is said again soon, and to more people. */
export const afterTelling = (watch: Watch, reached: boolean): Watch => {
  const { memory, quietUntilMs, lookedAtMs } = watch;
  if (!reached) return { ...watch, quietUntilMs: Math.min(quietUntilMs, lookedAtMs + NOBODY_REACHED_AGAIN_MS) };
  return memory.alarm === null ? watch : { ...watch, memory: { ...memory, alarm: { ...memory.alarm, reached } } };
};

const heard = (memory: Memory, room: Room, { agentNowMs, wallMs }: Look): Memory => ({
  ...memory,
  heardAt: toTimestamp(agentNowMs),
  aheadMs: agentNowMs - wallMs,
  incidents: openIncidents(room),
});

const troubleIn = ({ link, agentNowMs }: Look, { incidents }: Memory, rules: WatchdogRules): Trouble | null => {
  if (link.name !== 'live') return link.name;
  // What a read-only agent does is not in its log, so it cannot be told from doing nothing.
  if (!link.writable) return 'read-only';
  return unpaged(incidents, toTimestamp(agentNowMs - rules.silentAfterMs)).length > 0 ? 'stuck' : null;
};

interface Now {
  readonly trouble: Trouble | null;
  readonly memory: Memory;
  readonly at: Look;
}

const seenNow = ({ seen, lookedAtMs }: Watch, { trouble, memory, at }: Now): Watch['seen'] => {
  if (trouble === null) return null;
  const passedMs = at.elapsedMs - lookedAtMs;
  if (seen?.trouble === trouble) return { ...seen, lookedForMs: passedMs > PAUSE_MS ? 0 : seen.lookedForMs + passedMs };
  const now = toTimestamp(at.agentNowMs);
  const begun = trouble === 'silent' ? (memory.heardAt ?? now) : now;
  return { trouble, since: memory.alarm?.trouble === trouble ? memory.alarm.since : begun, lookedForMs: 0 };
};

const isToBeTold = (
  { seen, memory: { alarm }, lookedAtMs, quietUntilMs }: Watch,
  { due, rules }: { readonly due: readonly string[]; readonly rules: WatchdogRules },
): boolean => {
  if (seen === null) return false;
  const isSure = seen.trouble === 'refused' || seen.lookedForMs >= rules.silentAfterMs;
  if (alarm?.trouble !== seen.trouble)
    // Whoever was told that it is silent is to know at once that it is not.
    return isSure || (alarm !== null && seen.trouble === 'read-only');
  if (!isSure) return false;
  // The room itself tells everybody: once is enough.
  if (seen.trouble === 'read-only') return lookedAtMs >= quietUntilMs && !alarm.reached;
  return lookedAtMs >= quietUntilMs || due.some((key) => !alarm.named.includes(key));
};

const told = (
  watch: Watch,
  { at, due, rules }: { readonly at: Look; readonly due: readonly string[]; readonly rules: WatchdogRules },
): Looked => {
  const { memory, seen } = watch;
  if (seen === null) return { watch, saying: null };
  const { trouble, since } = seen;
  const now = toTimestamp(at.agentNowMs);
  const round = 1 + (memory.alarm?.trouble === trouble ? memory.alarm.rounds : 0);
  return {
    watch: {
      ...watch,
      memory: {
        ...memory,
        alarm: {
          trouble,
          since,
          toldAt: now,
          rounds: round,
          reached: memory.alarm?.trouble === trouble && memory.alarm.reached,
          named: due,
        },
      },
      quietUntilMs: at.elapsedMs + rules.repeatEveryMs,
    },
    saying: {
      about: trouble,
      trouble,
      since,
      now,
      round,
      isUrgent: due.length > 0 && (trouble === 'silent' || trouble === 'stuck'),
      heardAt: memory.heardAt,
      incidents: memory.incidents,
      why: at.link.name === 'live' ? null : at.link.why,
    },
  };
};

const over = (watch: Watch, { trouble, since, rounds }: Alarm, at: Look): Looked => ({
  watch: { ...watch, memory: { ...watch.memory, alarm: null } },
  saying: {
    about: 'over',
    trouble,
    since,
    now: toTimestamp(at.agentNowMs),
    // Whoever was woken hears that it is over.
    round: rounds,
    isUrgent: false,
    heardAt: watch.memory.heardAt,
    incidents: watch.memory.incidents,
    why: null,
  },
});
