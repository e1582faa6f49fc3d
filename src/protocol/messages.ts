// Owns the messages of the wire, version 3: JSON over WebSocket between one agent and any number of clients.
// A client says `hello` and gets `welcome`; then `events`, `signals` and `alive` flow to it, and its `command`s get a `result` each.
import * as z from 'zod/mini';
import { personCommandSchema } from '../incident/commands.ts';
import { type Commit, commitSchema } from '../incident/commit.ts';
import type { ConfirmPolicy } from '../incident/events.ts';
import type { Refusal } from '../incident/refusal.ts';
import type { Signals } from '../incident/signals.ts';
import type { Room } from '../incident/state.ts';
import type { Role, Severity } from '../incident/words.ts';
import { type Answer, questionSchema } from './questions.ts';

export const PROTOCOL_VERSION = 3;
/** Clients of this version and all up to the present one are understood. */
export const OLDEST_PROTOCOL_VERSION = 3;
/** A larger message from a client ends its session. */
export const MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;
/** The agent speaks at least this often; silence for three times as long is a dead connection. */
export const ALIVE_EVERY_MS = 2_000;

const helloSchema = z.object({
  type: z.literal('hello'),
  /** The newest version the client speaks. */
  protocol: z.number(),
  /** The oldest it speaks; without it, that one alone. */
  oldest: z.optional(z.number()),
  token: z.string().check(z.maxLength(200)),
  name: z.string().check(z.maxLength(64)),
  /** The last sequence number the client holds; null for none. */
  since: z.nullable(z.number().check(z.int(), z.nonnegative())),
  /** Which log that number belongs to, as the last welcome said; null for none. */
  log: z.nullable(z.string().check(z.maxLength(64))),
  /** What the agent called the commit at that number; null for none. */
  mark: z.nullable(z.string().check(z.maxLength(64))),
  /** The wall clock of the client's machine, epoch milliseconds. */
  now: z.number(),
});

/** Sent once a minute, so that an agent knows how far the client's clock is off. */
const clockSchema = z.object({ type: z.literal('clock'), now: z.number() });

/** Plain characters: it stands in the journal, and in what is written about it. */
export const commandId = z.string().check(z.regex(/^[\w.:-]{8,64}$/));

const commandSchema = z.object({
  type: z.literal('command'),
  /** Chosen by the client; the same id is decided once, over reconnects and restarts. */
  id: commandId,
  command: personCommandSchema,
});

const askSchema = z.object({ type: z.literal('ask'), id: commandId, question: questionSchema });

/** The places of a terminal that others see somebody at. */
export const PLACES = [
  'room',
  'plain',
  'wall',
  'incidents',
  'services',
  'ledger',
  'timeline',
  'roles',
  'sources',
  'agent',
  'silences',
  'summary',
  'action',
  'writing',
] as const;
export type PresencePlace = (typeof PLACES)[number];

const lookingSchema = z.object({
  type: z.literal('looking'),
  at: z.enum(PLACES),
  incident: z.nullable(z.string().check(z.maxLength(40))),
});

export const clientMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  commandSchema,
  askSchema,
  lookingSchema,
  clockSchema,
]);
/** A client's message after it was checked and its text made safe. */
export type ClientMessage = z.output<typeof clientMessageSchema>;
/** The same as a client writes it. */
export type ClientMessageInput = z.input<typeof clientMessageSchema>;

/** One point of a service's recent past; null where it was unknown. */
export interface SignalPoint {
  readonly at: string;
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
  readonly requestsPerSecond: number | null;
}

/** Somebody who is here now. Nothing of it is kept. */
export interface Presence {
  readonly name: string;
  /** Null until they said where they look. */
  readonly at: PresencePlace | null;
  readonly incident: string | null;
  readonly since: string;
  /** How far the clock of their machine is ahead of the agent's; behind it where negative. */
  readonly skewMs: number;
}

/** How one source of numbers or alerts does. */
export interface SourceHealth {
  readonly source: string;
  /** Asked by us, or telling us by itself. */
  readonly kind: 'asked' | 'tells';
  readonly lastSuccessAt: string | null;
  readonly lastError: { readonly at: string; readonly text: string } | null;
  /** Whether the latest try failed. */
  readonly failing: boolean;
  readonly tookMs: number;
  /** Answers, or alerts told, in the last minute. */
  readonly perMinute: number;
  /** How far its clock is ahead of the agent's; behind it where negative; null where it does not tell its time. */
  readonly skewMs: number | null;
}

/** How the agent itself does. */
export interface AgentHealth {
  readonly sources: readonly SourceHealth[];
  readonly append: { readonly p50Ms: number; readonly p99Ms: number; readonly count: number } | null;
  readonly clients: number;
  readonly memoryBytes: number;
  readonly configurationLoadedAt: string;
  readonly configurationDirectory: string;
}

/** The part of the configuration that screens show. */
export interface RoomPolicy {
  readonly services: Readonly<Record<string, ServiceCard>>;
  readonly actions: Readonly<Record<string, { readonly title: string; readonly confirm: ConfirmPolicy }>>;
  readonly severities: Readonly<Record<Severity, { readonly definition: string; readonly respond: string }>>;
  /** Contact to the channels they are reached by. */
  readonly contacts: Readonly<Record<string, readonly string[]>>;
  readonly roles: Readonly<Record<Role, { readonly title: string; readonly responsibilities: readonly string[] }>>;
}

export interface ServiceCard {
  readonly core: boolean;
  readonly dependsOn: readonly string[];
  readonly environment: { readonly name: string; readonly production: boolean };
  readonly runbook: string | null;
  readonly dashboards: readonly { readonly title: string; readonly url: string }[];
  readonly actions: readonly string[];
  /** The error ratio from which the mildest rule would speak; null while it has no baseline. */
  readonly errorRatioLimit: number | null;
}

export type CommandResult =
  | {
      readonly ok: true;
      /** Durable at this sequence number. */
      readonly seq: number;
      /** What the command made or touched: an incident, action or note id. */
      readonly subject: string | null;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export type FarewellReason = 'version' | 'token' | 'malformed' | 'too-many' | 'stopping' | 'resynchronise';

const looseRecord = z.looseObject({});

/** Checked loosely: a client trusts the agent it has a token for, and draws nothing that was not made safe. */
export const agentMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    protocol: z.number(),
    log: z.string(),
    agent: z.object({
      version: z.string(),
      startedAt: z.string(),
      now: z.number(),
      rate: z.number(),
      writable: z.boolean(),
      held: z.number(),
    }),
    you: z.string(),
    seq: z.number(),
    /** The state at `seq`, or null where `commits` continue what the client holds. */
    room: z.nullable(looseRecord),
    commits: z.array(commitSchema),
    mark: z.string(),
    signals: looseRecord,
    history: z.record(z.string(), z.array(looseRecord)),
    policy: looseRecord,
    presence: z.array(looseRecord),
    health: looseRecord,
  }),
  z.object({ type: z.literal('presence'), people: z.array(looseRecord) }),
  z.object({ type: z.literal('health'), health: looseRecord }),
  z.object({ type: z.literal('policy'), policy: looseRecord }),
  z.object({
    type: z.literal('events'),
    after: z.number(),
    upTo: z.number(),
    mark: z.string(),
    commits: z.array(commitSchema),
  }),
  z.object({ type: z.literal('room'), seq: z.number(), mark: z.string(), room: looseRecord }),
  z.object({ type: z.literal('signals'), signals: looseRecord }),
  z.object({ type: z.literal('alive'), now: z.number(), writable: z.boolean(), held: z.number() }),
  z.object({ type: z.literal('result'), id: z.string(), result: looseRecord }),
  z.object({ type: z.literal('answer'), id: z.string(), answer: z.looseObject({ about: z.string() }) }),
  z.object({ type: z.literal('farewell'), reason: z.string(), message: z.string() }),
]);

export type AgentMessage =
  | {
      readonly type: 'welcome';
      readonly protocol: number;
      readonly log: string;
      readonly agent: {
        readonly version: string;
        readonly startedAt: string;
        readonly now: number;
        readonly rate: number;
        readonly writable: boolean;
        /** How many of its own decisions wait in memory for a log that takes no writes. */
        readonly held: number;
      };
      readonly you: string;
      readonly seq: number;
      readonly room: Room | null;
      readonly commits: readonly Commit[];
      /** Names the commit at `seq`, and with it all before. */
      readonly mark: string;
      readonly signals: Signals;
      readonly history: Readonly<Record<string, readonly SignalPoint[]>>;
      readonly policy: RoomPolicy;
      readonly presence: readonly Presence[];
      readonly health: AgentHealth;
    }
  | { readonly type: 'presence'; readonly people: readonly Presence[] }
  | { readonly type: 'health'; readonly health: AgentHealth }
  | { readonly type: 'policy'; readonly policy: RoomPolicy }
  | {
      readonly type: 'events';
      readonly after: number;
      readonly upTo: number;
      /** Names the commit at `upTo`. */
      readonly mark: string;
      readonly commits: readonly Commit[];
    }
  /** Replaces the room: what this reader may see of it changed otherwise than by events. */
  | { readonly type: 'room'; readonly seq: number; readonly mark: string; readonly room: Room }
  | { readonly type: 'signals'; readonly signals: Signals }
  | { readonly type: 'alive'; readonly now: number; readonly writable: boolean; readonly held: number }
  | { readonly type: 'result'; readonly id: string; readonly result: CommandResult }
  | { readonly type: 'answer'; readonly id: string; readonly answer: Answer }
  | { readonly type: 'farewell'; readonly reason: FarewellReason; readonly message: string };
