// Owns the memory of decided commands, so that one that arrives again after a lost reply is answered, not repeated.
import type { CommandResult } from '../protocol/messages.ts';

// About a day of the busiest room; an id older than that is not going to be sent again.
const REMEMBERED = 20_000;

export interface CommandMemory {
  remember(commandId: string, result: CommandResult): void;
  recall(commandId: string): CommandResult | undefined;
}

export const commandMemory = (): CommandMemory => {
  const results = new Map<string, CommandResult>();
  return {
    remember: (commandId, result) => {
      results.set(commandId, result);
      const oldest = results.keys().next().value;
      if (results.size > REMEMBERED && oldest !== undefined) results.delete(oldest);
    },
    recall: (commandId) => results.get(commandId),
  };
};
