// Owns a connection to the agent that mends itself: connects, follows, goes stale, comes back, and loses no command.
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { PersonCommandInput } from '../incident/commands.ts';
import { decodeAgentMessage, encode } from '../protocol/codec.ts';
import { type AgentMessage, ALIVE_EVERY_MS, type CommandResult } from '../protocol/messages.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import type { Answer, AnswerTo, Question } from '../protocol/questions.ts';
import { ours } from '../protocol/versions.ts';
import { agentClock } from './agent-clock.ts';
import { type AgentDoor, openWebSocket } from './agent-door.ts';
import { connectionProblem } from './connection-problem.ts';
import { createOutbox, unanswered } from './outbox.ts';
import { applyMessage, emptyReplica, type Replica } from './replica.ts';
import type { ConnectionState, RoomClient, RoomView } from './room-client.ts';

export interface ConnectOptions {
  /** Read anew before each try: a restarted agent may listen elsewhere. */
  readonly address: () => AgentDoor;
  readonly name: string;
  /** A command without an answer for this long is given up, with the truth: it may have happened. */
  readonly answerWithinMs?: number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const DEAD_AFTER_MS = 3 * ALIVE_EVERY_MS;

const CLOCK_EVERY_MS = 60_000;
/** Where somebody looks changes with every key: the latest is told, this often at most. */
const LOOKING_EVERY_MS = 250;

/** Connects in the background at once; the view tells how far it is. Commands wait for the connection and survive its loss. */
export const connectRoom = ({ address, name, answerWithinMs = 15_000 }: ConnectOptions): RoomClient => {
  const clock = agentClock();
  const outbox = createOutbox(answerWithinMs);
  const listeners = new Set<() => void>();
  let replica = emptyReplica(name);
  let connection: ConnectionState = { name: 'connecting', attempt: 1 };
  let view = viewOf(replica, connection);
  let socket: WebSocket | null = null;
  // Liveness is measured by this machine's own time, whatever the pace of the agent's clock.
  let lastHeard = { localMs: performance.now(), agentMs: clock.now() };
  let attempt = 0;
  let problem: string | null = null;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let isTelling = false;
  let looking: Buffer | null = null;
  let lookingTold: NodeJS.Timeout | undefined;

  const tell = (): void => {
    view = viewOf(replica, connection);
    if (isTelling) return;
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      for (const listener of listeners) listener();
    });
  };

  const tellLooking = (): void => {
    const told = looking;
    if (lookingTold !== undefined || connection.name !== 'live' || told === null) return;
    socket?.send(told, { binary: false });
    lookingTold = setTimeout(() => {
      lookingTold = undefined;
      if (looking !== told) tellLooking();
    }, LOOKING_EVERY_MS);
    lookingTold.unref();
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
        clearTimeout(lookingTold);
        lookingTold = undefined;
        tellLooking();
        outbox.opened((frame) => from.send(frame, { binary: false }));
        break;
      case 'alive':
        clock.heard(message.now);
        break;
      case 'result':
        outbox.answered(message.id, message.result);
        break;
      case 'answer':
        outbox.answered(message.id, message.answer);
        break;
      case 'farewell':
        // Said before a welcome, it is about who we are: saying the same again is no use.
        if (message.reason === 'too-many' && connection.name !== 'live') problem = message.message;
        if (
          message.reason === 'version' ||
          message.reason === 'token' ||
          (message.reason === 'malformed' && connection.name !== 'live')
        )
          connection = { name: 'refused', message: message.message, reason: message.reason };
        break;
      default:
        break;
    }
    if (changed || message.type === 'farewell') tell();
  };

  const lost = (): void => {
    socket = null;
    outbox.closed();
    if (closed) return;
    if (connection.name === 'refused') {
      tell();
      return;
    }
    attempt += 1;
    const tries = { attempt, ...(problem === null ? {} : { problem }) };
    connection =
      replica.log === null && replica.agent === null
        ? { name: 'connecting', ...tries }
        : { name: 'stale', sinceMs: connection.name === 'stale' ? connection.sinceMs : lastHeard.agentMs, ...tries };
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
    // Jitter, so that a room full of terminals does not come back in one instant.
    retry = setTimeout(open, waitMs * (0.5 + Math.random() * 0.5));
    tell();
  };

  const open = (): void => {
    const door = address();
    const { token } = door;
    const its = openWebSocket(door);
    socket = its;
    problem = null;
    const dead = setInterval(() => {
      if (performance.now() - lastHeard.localMs > DEAD_AFTER_MS) its.terminate();
    }, ALIVE_EVERY_MS);
    dead.unref();
    const clockTold = setInterval(() => {
      if (connection.name === 'live') its.send(encode({ type: 'clock', now: Date.now() }), { binary: false });
    }, CLOCK_EVERY_MS);
    clockTold.unref();
    lastHeard = { localMs: performance.now(), agentMs: lastHeard.agentMs };
    its.on('open', () => {
      its.send(
        encode({
          type: 'hello',
          protocol: ours.newest,
          oldest: ours.oldest,
          token,
          name,
          since: replica.log === null ? null : replica.seq,
          log: replica.log,
          mark: replica.log === null ? null : replica.mark,
          now: Date.now(),
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
    its.on('error', (error) => {
      problem = connectionProblem(error, door);
    });
    its.on('close', () => {
      clearInterval(dead);
      clearInterval(clockTold);
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
    send: async (command: PersonCommandInput) => {
      const id = randomUUID();
      const result = await outbox.ask(id, encode({ type: 'command', id, command }));
      if (result === unanswered) throw noAnswer('it is not known whether this was done');
      return result as CommandResult;
    },
    ask: async <Asked extends Question>(question: Asked) => {
      const id = randomUUID();
      const answer = await outbox.ask(id, encode({ type: 'ask', id, question }));
      if (answer === unanswered) throw noAnswer('nothing was changed by asking');
      const its = answer as Answer;
      if (its.about === 'refused') throw new OperatorError('agent-refused', its.refusal.message, its.refusal.remedy);
      return its as AnswerTo<Asked>;
    },
    looking: (at, incident) => {
      const frame = encode({ type: 'looking', at, incident });
      if (looking?.equals(frame)) return;
      looking = frame;
      tellLooking();
    },
    close: () => {
      closed = true;
      clearTimeout(retry);
      clearTimeout(lookingTold);
      outbox.closed();
      socket?.close();
      setTimeout(() => socket?.terminate(), 200).unref();
    },
  };
};

const noAnswer = (truth: string): OperatorError =>
  new OperatorError('no-agent', `the agent did not answer: ${truth}`, 'look before you try again');

const viewOf = (replica: Replica, connection: ConnectionState): RoomView => {
  const { you, log: _log, mark: _mark, ...shown } = replica;
  return { connection, me: you, ...shown };
};
