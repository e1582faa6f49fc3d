// Owns what a reactor is: it looks at the committed room, starts what is outstanding, and says when to look again.
import type { AgentCommand } from '../../incident/commands.ts';
import type { Room } from '../../incident/state.ts';
import type { Timestamp } from '../../incident/time.ts';
import type { CommandResult } from '../../protocol/messages.ts';

export interface Reactor {
  /** Level-triggered: the same look after a crash finds the same work. Returns when time alone makes new work, or null. */
  look(room: Room, now: Timestamp): Timestamp | null;
  /** Resolves once everything that was begun has its outcome on record. */
  finished(): Promise<void>;
  /** Gives up what is under way; its outcome will be found by looking, after the next start. */
  stop(): void;
}

/** How a reactor records what it saw or did. */
export type Record = (command: AgentCommand) => Promise<CommandResult>;
