// Owns what an invariant is: something that must hold whatever happens, looked at wherever it could break.
import type { Commit } from '../../../src/incident/commit.ts';
import type { Room } from '../../../src/incident/state.ts';
import type { CommandResult } from '../../../src/protocol/messages.ts';
import type { People } from '../people.ts';
import type { Try } from '../world/pagers.ts';
import type { Applying } from '../world/targets.ts';
import type { World } from '../world/world.ts';

/** Every moment at which something can be seen to be wrong. */
export interface Looks {
  /** A commit became durable: read from the disk, with the rooms of an own fold. */
  onCommit?(commit: Commit, before: Room, after: Room): void;
  /** The agent tries to reach somebody; `earlier` are the tries of the same message before. */
  onTry?(attempt: Try, earlier: readonly Try[]): void;
  /** The agent changes the world; `earlier` are the times it did the same before. */
  onApply?(applying: Applying, earlier: readonly Applying[]): void;
  /** A person was told what became of a command. */
  onResult?(commandId: string, result: CommandResult): void;
  afterStep?(): void;
  /** The world is well again and has been for a while. */
  whenCalm?(): void;
}

/** `broken` takes what is wrong, in words with the names of what it is about. */
export type Invariant = (world: World, broken: (words: string) => void, people: People) => Looks;
