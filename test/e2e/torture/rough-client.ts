// Owns a client whose every command is known by its id: it keeps what was asked and answered over kills, and asks again, or does not.
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { applyMessage, emptyReplica, type Replica } from '../../../src/client/replica.ts';
import type { PersonCommandInput } from '../../../src/incident/commands.ts';
import { decodeAgentMessage, encode } from '../../../src/protocol/codec.ts';
import { type AgentMessage, type CommandResult, PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import type { Random } from '../../sim/world/random.ts';

export interface Asked {
  readonly id: string;
  readonly command: PersonCommandInput;
  tries: number;
  result: CommandResult | null;
  /** Its answer got lost, and nobody asks again. */
  isAbandoned: boolean;
}

export interface RoughClient {
  readonly name: string;
  /** All it ever asked. */
  readonly asked: readonly Asked[];
  /** What it saw that must not be. */
  readonly problems: readonly string[];
  replica(): Replica;
  isLive(): boolean;
  /** Resolves when it is welcome; false when the connection ended before. */
  connect(at: { readonly url: string; readonly token: string }): Promise<boolean>;
  ask(command: PersonCommandInput, id?: string): Asked;
  /** What waits for an answer and will be asked again. */
  unanswered(): readonly Asked[];
  /** Some of what has no answer is never asked again. */
  giveUpSome(random: Random): void;
  disconnect(): void;
}

/** A name for a command that no other run gives. */
export const newCommandId = (): string => `torture-${randomBytes(8).toString('hex')}`;

export const roughClient = (name: string): RoughClient => {
  const asked = new Map<string, Asked>();
  const waiting = new Map<string, Asked>();
  const problems: string[] = [];
  let replica = emptyReplica(name);
  let live: WebSocket | null = null;

  const send = (socket: WebSocket, one: Asked): void => {
    one.tries += 1;
    socket.send(encode({ type: 'command', id: one.id, command: one.command }), { binary: false });
  };

  const hear = (message: AgentMessage): void => {
    if (message.type === 'welcome' && message.log === replica.log && message.seq < replica.seq)
      problems.push(`${name} was at ${replica.seq} and is welcomed at ${message.seq}`);
    if (message.type === 'farewell' && message.reason !== 'stopping')
      problems.push(`${name} was sent away: ${message.reason}, ${message.message}`);
    if (message.type === 'result') answered(message.id, message.result);
    const applied = applyMessage(replica, message);
    if (applied.ok) replica = applied.replica;
    else problems.push(`${name} expected what follows ${applied.expected}, and got what follows ${applied.got}`);
  };

  const answered = (id: string, result: CommandResult): void => {
    const one = asked.get(id);
    if (one === undefined) return void problems.push(`${name} was answered what it never asked: ${id}`);
    if (one.result !== null && JSON.stringify(one.result) !== JSON.stringify(result))
      problems.push(`${name} was answered twice, and differently: ${id}`);
    one.result = result;
    waiting.delete(id);
  };

  return {
    name,
    get asked() {
      return [...asked.values()];
    },
    problems,
    replica: () => replica,
    isLive: () => live !== null,
    connect: ({ url, token }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false });
        socket.on('open', () => {
          const { log, seq, mark } = replica;
          const since = log === null ? null : seq;
          const hello = {
            type: 'hello',
            protocol: PROTOCOL_VERSION,
            token,
            name,
            since,
            log,
            mark,
            now: Date.now(),
          } as const;
          socket.send(encode(hello), { binary: false });
        });
        socket.on('message', (raw) => {
          const decoded = decodeAgentMessage(raw as Buffer);
          if (!decoded.ok) return void problems.push(`${name} heard what is no message: ${decoded.problem}`);
          hear(decoded.message);
          if (decoded.message.type !== 'welcome') return;
          live = socket;
          for (const one of waiting.values()) send(socket, one);
          resolve(true);
        });
        // The close event follows every error.
        socket.on('error', () => {});
        socket.on('close', () => {
          if (live === socket) live = null;
          resolve(false);
        });
      }),
    ask: (command, id = newCommandId()) => {
      const one: Asked = { id, command, tries: 0, result: null, isAbandoned: false };
      asked.set(id, one);
      waiting.set(id, one);
      if (live !== null) send(live, one);
      return one;
    },
    unanswered: () => [...waiting.values()],
    giveUpSome: (random) => {
      for (const one of waiting.values()) {
        if (random.chance(0.6)) continue;
        one.isAbandoned = true;
        waiting.delete(one.id);
      }
    },
    disconnect: () => {
      live?.terminate();
      live = null;
    },
  };
};
