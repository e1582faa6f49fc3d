// Owns what screens and commands see of the agent: the replica's view, and a way to ask for things.
import type { PersonCommandInput } from '../incident/commands.ts';
import type { Signals } from '../incident/signals.ts';
import type { Room } from '../incident/state.ts';
import type {
  AgentHealth,
  CommandResult,
  Presence,
  PresencePlace,
  RoomPolicy,
  SignalPoint,
} from '../protocol/messages.ts';

export type ConnectionState =
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'live' }
  /** What is shown is as old as `sinceMs` (agent's clock, epoch milliseconds); trying again. */
  | { readonly name: 'stale'; readonly sinceMs: number; readonly attempt: number }
  /** The agent will not have us; trying again is no use. */
  | { readonly name: 'refused'; readonly message: string };

/** One immutable picture of the room. A new object exists exactly when something changed. */
export interface RoomView {
  readonly connection: ConnectionState;
  readonly me: string;
  readonly agent: { readonly version: string; readonly startedAt: string; readonly writable: boolean } | null;
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
  /** Tells the others where this terminal looks; told again after each reconnect. */
  looking(at: PresencePlace, incident: string | null): void;
  /** The agent's clock now, epoch milliseconds, as well as it is known. */
  now(): number;
  close(): void;
}
