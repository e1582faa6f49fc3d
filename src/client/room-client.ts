// Owns what screens and commands see of the agent: the replica's view, and a way to ask for things.
import type { PersonCommandInput } from '../incident/commands.ts';
import type { Signals } from '../incident/signals.ts';
import type { Room } from '../incident/state.ts';
import type {
  AgentHealth,
  CommandResult,
  FarewellReason,
  Presence,
  PresencePlace,
  RoomPolicy,
  SignalPoint,
} from '../protocol/messages.ts';
import type { AnswerTo, Question } from '../protocol/questions.ts';
import type { AgentSeen } from './replica.ts';

export type ConnectionState =
  /** `problem`: in words, where trying again alone will not help. */
  | { readonly name: 'connecting'; readonly attempt: number; readonly problem?: string }
  | { readonly name: 'live' }
  /** What is shown is as old as `sinceMs` (agent's clock, epoch milliseconds); trying again. */
  | { readonly name: 'stale'; readonly sinceMs: number; readonly attempt: number; readonly problem?: string }
  /** The agent will not have us; trying again is no use. */
  | { readonly name: 'refused'; readonly message: string; readonly reason?: FarewellReason };

/** One immutable picture of the room. A new object exists exactly when something changed. */
export interface RoomView {
  readonly connection: ConnectionState;
  readonly me: string;
  readonly agent: AgentSeen | null;
  readonly seq: number;
  readonly room: Room;
  readonly signals: Signals;
  readonly history: Readonly<Record<string, readonly SignalPoint[]>>;
  readonly policy: RoomPolicy;
  /** Who is here, each terminal once. */
  readonly presence: readonly Presence[];
  readonly health: AgentHealth | null;
}

export interface RoomClient {
  view(): RoomView;
  /** Calls `listener` after the view changed; several changes at once are told once. */
  subscribe(listener: () => void): () => void;
  /** Asks for something; resolves with the durable sequence number or the refusal. Rejects with OperatorError `no-agent` when no answer can come. */
  send(command: PersonCommandInput): Promise<CommandResult>;
  /** Asks for what is not in the room any more. Rejects with OperatorError: `no-agent` when no answer can come, `agent-refused` with the agent's words. */
  ask<Asked extends Question>(question: Asked): Promise<AnswerTo<Asked>>;
  /** Tells the others where this terminal looks; told again after each reconnect. */
  looking(at: PresencePlace, incident: string | null): void;
  /** The agent's clock now, epoch milliseconds, as well as it is known. */
  now(): number;
  close(): void;
}
