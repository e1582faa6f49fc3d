// Owns one terminal of a simulation: a real replica over a simulated connection, which is made anew when it breaks, and loses no command.
import { applyMessage, emptyReplica, type Replica } from '../../src/client/replica.ts';
import type { PersonCommandInput } from '../../src/incident/commands.ts';
import { decodeAgentMessage, encode } from '../../src/protocol/codec.ts';
import type { CommandResult } from '../../src/protocol/messages.ts';
import { ours } from '../../src/protocol/versions.ts';
import { createPipe, type NetworkMood, type Pipe } from './world/network.ts';
import type { Random } from './world/random.ts';
import type { World } from './world/world.ts';

export interface Terminal {
  readonly person: string;
  replica(): Replica;
  isLive(): boolean;
  say(command: PersonCommandInput): void;
  /** Commands without an answer. */
  waiting(): readonly string[];
  cut(): void;
  stall(isStalled: boolean): void;
  setMood(mood: NetworkMood): void;
}

interface TerminalParts {
  readonly world: World;
  readonly person: string;
  /** Tells its command ids from those of other terminals. */
  readonly name: string;
  readonly random: Random;
  readonly onResult: (commandId: string, result: CommandResult) => void;
  readonly onBroken: (words: string) => void;
}

interface Connection {
  readonly toAgent: Pipe;
  readonly toClient: Pipe;
  isLive: boolean;
  end(): void;
}

/** A connection that is dead in silence is noticed within this. */
const NOTICED_WITHIN_MS = 6_000;

export const createTerminal = ({ world, person, name, random, onResult, onBroken }: TerminalParts): Terminal => {
  const { time } = world;
  const waiting = new Map<string, Buffer>();
  let replica = emptyReplica(person);
  let connection: Connection | null = null;
  let mood: NetworkMood = 'well';
  let said = 0;

  const receive = (raw: Buffer, its: Connection): void => {
    if (connection !== its) return;
    const decoded = decodeAgentMessage(raw);
    if (!decoded.ok) {
      onBroken(`${name} cannot read what the agent says: ${decoded.problem}`);
      return;
    }
    const { message } = decoded;
    const applied = applyMessage(replica, message);
    if (!applied.ok) {
      replica = { ...replica, log: null };
      lost(its);
      return;
    }
    replica = applied.replica;
    switch (message.type) {
      case 'welcome':
        its.isLive = true;
        for (const frame of waiting.values()) its.toAgent.send(frame);
        break;
      case 'result': {
        const { id, result } = message;
        if (waiting.delete(id)) onResult(id, result);
        break;
      }
      case 'farewell':
        lost(its);
        break;
      default:
        break;
    }
  };

  const lost = (its: Connection): void => {
    its.end();
    if (connection !== its) return;
    connection = null;
    time.after(random.between(50, 5_000), connect);
  };

  const connect = (): void => {
    const door = world.running()?.door;
    if (connection !== null) return;
    if (door === undefined) {
      time.after(random.between(50, 5_000), connect);
      return;
    }
    const parts = { time, random, mood: () => mood };
    const toClient = createPipe(parts, (frame) => receive(frame, its));
    const agentEnd = door.connect(toClient);
    const toAgent = createPipe(parts, agentEnd.hear);
    const its: Connection = {
      toAgent,
      toClient,
      isLive: false,
      end: () => {
        toAgent.cut();
        toClient.cut();
        // The agent notices in its own time.
        time.after(random.between(0, NOTICED_WITHIN_MS), agentEnd.leave);
      },
    };
    connection = its;
    const watch = (): void => {
      if (connection !== its) return;
      if (door.life.isAlive()) time.after(random.between(1_000, NOTICED_WITHIN_MS), watch);
      else lost(its);
    };
    watch();
    const { log, seq, mark } = replica;
    const since = log === null ? null : seq;
    const token = person;
    const hello = { protocol: ours.newest, oldest: ours.oldest, token, name: person, since, log };
    toAgent.send(encode({ type: 'hello', ...hello, mark: log === null ? null : mark, now: time.wallMs() }));
  };
  connect();

  return {
    person,
    replica: () => replica,
    isLive: () => connection?.isLive ?? false,
    say: (command) => {
      said += 1;
      const id = `${name}-command-${said}`;
      const frame = encode({ type: 'command', id, command });
      waiting.set(id, frame);
      if (connection?.isLive) connection.toAgent.send(frame);
    },
    waiting: () => [...waiting.keys()],
    cut: () => {
      if (connection !== null) lost(connection);
    },
    stall: (isStalled) => connection?.toClient.stall(isStalled),
    setMood: (next) => {
      mood = next;
    },
  };
};
