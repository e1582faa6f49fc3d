// Owns the people of a simulation: who sits at which terminal, and the trouble their networks make.
import type { PersonCommandInput } from '../../src/incident/commands.ts';
import type { Room } from '../../src/incident/state.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { createTerminal, type Terminal } from './client.ts';
import { PEOPLE } from './commands.ts';
import type { Random } from './world/random.ts';
import type { World } from './world/world.ts';

export interface People {
  readonly terminals: readonly Terminal[];
  /** As that person sees it, at a terminal that may be behind. */
  roomOf(name: string): Room;
  say(name: string, command: PersonCommandInput): void;
  /** Says in words what it is. */
  networkTrouble(random: Random): string;
  /** Every network is well, and everybody reads. */
  recover(): void;
}

interface PeopleTold {
  readonly onResult: (commandId: string, result: CommandResult) => void;
  readonly onBroken: (words: string) => void;
}

/** One of them has two terminals. */
const SEATS = [...PEOPLE.map(({ name }) => [name, name] as const), ['ana', 'ana-too'] as const];

export const createPeople = (world: World, told: PeopleTold): People => {
  const terminals = SEATS.map(([person, name]) =>
    createTerminal({ world, person, name, random: world.random.fork(`network of ${name}`), ...told }),
  );
  const turns = world.random.fork('turns');
  const terminalOf = (name: string): Terminal => turns.pick(terminals.filter(({ person }) => person === name));
  return {
    terminals,
    roomOf: (name) => terminalOf(name).replica().room,
    say: (name, command) => terminalOf(name).say(command),
    networkTrouble: (random) => {
      const terminal = random.pick(terminals);
      const trouble = random.pick(['cut', 'cut', 'bad', 'well', 'stalls', 'reads on'] as const);
      switch (trouble) {
        case 'cut':
          terminal.cut();
          break;
        case 'bad':
        case 'well':
          terminal.setMood(trouble);
          break;
        case 'stalls':
          terminal.stall(true);
          break;
        case 'reads on':
          terminal.stall(false);
          break;
        default:
          trouble satisfies never;
      }
      return `the network of ${terminal.person}: ${trouble}`;
    },
    recover: () => {
      for (const terminal of terminals) {
        terminal.setMood('well');
        terminal.stall(false);
      }
    },
  };
};
