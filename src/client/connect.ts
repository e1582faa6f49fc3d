// Owns a connection to the agent that mends itself: connects, follows, goes stale, comes back, and loses no command.
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { PersonCommandInput } from '../incident/commands.ts';
import { decodeAgentMessage, encode } from '../protocol/codec.ts';
import { type AgentMessage, ALIVE_EVERY_MS, type CommandResult, PROTOCOL_VERSION } from '../protocol/messages.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { agentClock } from './agent-clock.ts';
import { applyMessage, emptyReplica, type Replica } from './replica.ts';
import type { ConnectionState, RoomClient, RoomView } from './room-client.ts';

export interface ConnectOptions {
  /** Read anew before each try: a restarted agent may listen elsewhere. */
  readonly address: () => { readonly url: string; readonly token: string };
  readonly name: string;
  /** A command without an answer for this long is given up, with the truth: it may have happened. */
  readonly answerWithinMs?: number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const DEAD_AFTER_MS = 3 * ALIVE_EVERY_MS;

interface Waiting {
  readonly frame: Buffer;
  readonly resolve: (result: CommandResult) => void;
}

/** Connects in the background at once; the view tells how far it is. Commands wait for the connection and survive its loss. */
export const connectRoom = ({ address, name, answerWithinMs = 15_000 }: ConnectOptions): RoomClient => {
  const clock = agentClock();
  const waiting = new Map<string, Waiting>();
  const listeners = new Set<() => void>();
  let replica = emptyReplica(name);
  let connection: ConnectionState = { name: 'connecting', attempt: 1 };
  let view = viewOf(replica, connection);
  let socket: WebSocket | null = null;
  // Liveness is measured by this machine's own time, whatever the pace of the agent's clock.
  let lastHeard = { localMs: performance.now(), agentMs: clock.now() };
  let attempt = 0;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let isTelling = false;
  let looking: Buffer | null = null;

  const tell = (): void => {
    view = viewOf(replica, connection);
    if (isTelling) return;
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      for (const listener of listeners) listener();
    });
  };

  const receive = (message: AgentMessage, from: WebSocket): void => {
    const applied = applyMessage(replica, message);
    if (!applied.ok) {
      replica = { ...replica, log: null };
      from.terminate();
      return;
    }
    const changed = applied.replica !== replica;
    replica = applied.replica;
    switch (message.type) {
      case 'welcome':
        clock.heard(message.agent.now, message.agent.rate);
        attempt = 0;
        connection = { name: 'live' };
        if (looking !== null) from.send(looking, { binary: false });
        for (const { frame } of waiting.values()) from.send(frame, { binary: false });
        break;
      case 'alive':
        clock.heard(message.now);
        break;
      case 'result':
        waiting.get(message.id)?.resolve(message.result);
        break;
      case 'farewell':
        // Said before a welcome, it is about who we are: saying the same again is no use.
        if (
          message.reason === 'version' ||
          message.reason === 'token' ||
          (message.reason === 'malformed' && connection.name !== 'live')
        )
          connection = { name: 'refused', message: message.message };
        break;
      default:
        break;
    }
    if (changed || message.type === 'farewell') tell();
  };

  const lost = (): void => {
    socket = null;
    if (closed) return;
    if (connection.name === 'refused') {
      tell();
      return;
    }
    attempt += 1;
    connection =
      replica.log === null && replica.agent === null
        ? { name: 'connecting', attempt }
        : { name: 'stale', sinceMs: connection.name === 'stale' ? connection.sinceMs : lastHeard.agentMs, attempt };
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
    // Jitter, so that a room full of terminals does not come back in one instant.
    retry = setTimeout(open, waitMs * (0.5 + Math.random() * 0.5));
    tell();
  };

  const open = (): void => {
    const { url, token } = address();
    const its = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`, {
      perMessageDeflate: false,
      handshakeTimeout: 5_000,
    });
    socket = its;
    const dead = setInterval(() => {
      if (performance.now() - lastHeard.localMs > DEAD_AFTER_MS) its.terminate();
    }, ALIVE_EVERY_MS);
    dead.unref();
    lastHeard = { localMs: performance.now(), agentMs: lastHeard.agentMs };
    its.on('open', () => {
      its.send(
        encode({
          type: 'hello',
          protocol: PROTOCOL_VERSION,
          token,
          name,
          since: replica.log === null ? null : replica.seq,
          log: replica.log,
        }),
        {
          binary: false,
        },
      );
    });
    its.on('message', (raw) => {
      const decoded = decodeAgentMessage(raw as Buffer);
      if (!decoded.ok) return its.terminate();
      receive(decoded.message, its);
      lastHeard = { localMs: performance.now(), agentMs: clock.now() };
    });
    // The close event follows every error and does the rest.
    its.on('error', () => {});
    its.on('close', () => {
      clearInterval(dead);
      if (socket === its) lost();
    });
  };
  open();

  return {
    view: () => view,
    now: clock.now,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (command: PersonCommandInput) =>
      new Promise<CommandResult>((resolve, reject) => {
        const id = randomUUID();
        const frame = encode({ type: 'command', id, command });
        const late = setTimeout(() => {
          waiting.delete(id);
          reject(
            new OperatorError(
              'no-agent',
              'the agent did not answer: it is not known whether this was done',
              'look before you try again',
            ),
          );
        }, answerWithinMs);
        const done = (result: CommandResult): void => {
          clearTimeout(late);
          waiting.delete(id);
          resolve(result);
        };
        waiting.set(id, { frame, resolve: done });
        if (connection.name === 'live') socket?.send(frame, { binary: false });
      }),
    looking: (at, incident) => {
      const frame = encode({ type: 'looking', at, incident });
      if (looking?.equals(frame)) return;
      looking = frame;
      if (connection.name === 'live') socket?.send(frame, { binary: false });
    },
    close: () => {
      closed = true;
      clearTimeout(retry);
      socket?.close();
      setTimeout(() => socket?.terminate(), 200).unref();
    },
  };
};

const viewOf = (replica: Replica, connection: ConnectionState): RoomView => {
  const { you, log: _, ...shown } = replica;
  return { connection, me: you, ...shown };
};
