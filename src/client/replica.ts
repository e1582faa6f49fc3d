// Owns a client's exact copy of the room: what each message of the agent changes in it. Pure.
import { evolveCommit } from '../incident/evolve.ts';
import { type ServiceSignals, type Signals, valueOrNull } from '../incident/signals.ts';
import { emptyRoom, type Room } from '../incident/state.ts';
import type { AgentHealth, AgentMessage, Presence, RoomPolicy, SignalPoint } from '../protocol/messages.ts';

export interface Replica {
  /** Which log `seq` counts; null before the first welcome. */
  readonly log: string | null;
  readonly seq: number;
  /** What the agent called the commit at `seq`: this copy continues no log that has another one there. */
  readonly mark: string | null;
  readonly room: Room;
  readonly you: string;
  readonly agent: AgentSeen | null;
  readonly signals: Signals;
  readonly history: Readonly<Record<string, readonly SignalPoint[]>>;
  readonly policy: RoomPolicy;
  readonly presence: readonly Presence[];
  /** Null before the first welcome. */
  readonly health: AgentHealth | null;
}

/** What is known of the agent itself. */
export interface AgentSeen {
  readonly version: string;
  readonly startedAt: string;
  readonly writable: boolean;
  /** How many of its decisions wait for a log that takes no writes. */
  readonly held: number;
}

// Enough for the widest chart at the densest polling.
const POINTS_KEPT = 900;

/** What is shown before the agent has said anything. */
export const noPolicy: RoomPolicy = {
  services: {},
  actions: {},
  severities: {
    SEV1: { definition: '', respond: '' },
    SEV2: { definition: '', respond: '' },
    SEV3: { definition: '', respond: '' },
    SEV4: { definition: '', respond: '' },
  },
  roles: {
    commander: { title: 'incident commander', responsibilities: [] },
    tech: { title: 'technical lead', responsibilities: [] },
    comms: { title: 'communications lead', responsibilities: [] },
    scribe: { title: 'scribe', responsibilities: [] },
    'on-call': { title: 'on-call engineer', responsibilities: [] },
  },
  contacts: {},
};

export const emptyReplica = (you: string): Replica => ({
  log: null,
  seq: 0,
  mark: null,
  room: emptyRoom,
  you,
  agent: null,
  signals: {},
  history: {},
  policy: noPolicy,
  presence: [],
  health: null,
});

export type Applied =
  | { readonly ok: true; readonly replica: Replica }
  /** A commit is missing, or the copy is another person's: it cannot be trusted to follow, and a fresh welcome is needed. */
  | { readonly ok: false; readonly expected: number; readonly got: number };

/** Applies one message. Results, answers and farewells concern the connection and change nothing here. */
export const applyMessage = (replica: Replica, message: AgentMessage): Applied => {
  switch (message.type) {
    case 'welcome':
      return welcomed(replica, message);
    case 'events':
      return followed(replica, message);
    case 'signals':
      return { ok: true, replica: withSignals(replica, message.signals) };
    case 'alive':
      return { ok: true, replica: withWritable(replica, message) };
    case 'presence':
      return { ok: true, replica: { ...replica, presence: message.people } };
    case 'health':
      return { ok: true, replica: { ...replica, health: message.health } };
    case 'policy':
      return { ok: true, replica: withPolicy(replica, message.policy) };
    case 'room':
      return { ok: true, replica: { ...replica, seq: message.seq, mark: message.mark, room: message.room } };
    case 'result':
    case 'answer':
    case 'farewell':
      return { ok: true, replica };
    default:
      return message satisfies never;
  }
};

const welcomed = (replica: Replica, message: Extract<AgentMessage, { type: 'welcome' }>): Applied => {
  const { agent, log, policy, signals, history, you, presence, health } = message;
  // Another person may see another room: what one held is no start for the other.
  if (message.room === null && replica.log !== null && replica.you !== you)
    return { ok: false, expected: 0, got: message.seq };
  const start = message.room === null ? replica.room : message.room;
  const room = message.commits.reduce(evolveCommit, start);
  const { version, startedAt, writable, held } = agent;
  return {
    ok: true,
    replica: {
      log,
      seq: message.seq,
      mark: message.mark,
      room,
      you,
      agent: { version, startedAt, writable, held },
      signals,
      history,
      policy,
      presence,
      health,
    },
  };
};

const followed = (replica: Replica, message: Extract<AgentMessage, { type: 'events' }>): Applied => {
  if (message.upTo <= replica.seq) return { ok: true, replica };
  if (message.after > replica.seq) return { ok: false, expected: replica.seq, got: message.after };
  const news = message.commits.filter((commit) => commit.seq > replica.seq);
  const { upTo: seq, mark } = message;
  return { ok: true, replica: { ...replica, seq, mark, room: news.reduce(evolveCommit, replica.room) } };
};

/** A service that is gone leaves with its numbers: nothing would tell any more that they are old. */
const withPolicy = (replica: Replica, policy: RoomPolicy): Replica => ({
  ...replica,
  policy,
  signals: only(replica.signals, policy.services),
  history: only(replica.history, policy.services),
});

const only = <One>(ones: Readonly<Record<string, One>>, named: object): Readonly<Record<string, One>> =>
  Object.fromEntries(Object.entries(ones).filter(([name]) => Object.hasOwn(named, name)));

const withSignals = (replica: Replica, signals: Signals): Replica => {
  const history = { ...replica.history };
  for (const [service, { reading }] of Object.entries(signals)) {
    const points = history[service] ?? [];
    if (points.at(-1)?.at !== reading.at) history[service] = [...points, pointOf(reading)].slice(-POINTS_KEPT);
  }
  return { ...replica, signals: { ...replica.signals, ...signals }, history };
};

const pointOf = (reading: ServiceSignals['reading']): SignalPoint => ({
  at: reading.at,
  errorRatio: valueOrNull(reading.errorRatio),
  p95Seconds: valueOrNull(reading.p95Seconds),
  requestsPerSecond: valueOrNull(reading.requestsPerSecond),
});

const withWritable = (replica: Replica, { writable, held }: Pick<AgentSeen, 'writable' | 'held'>): Replica =>
  replica.agent === null || (replica.agent.writable === writable && replica.agent.held === held)
    ? replica
    : { ...replica, agent: { ...replica.agent, writable, held } };
