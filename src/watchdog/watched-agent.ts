// Owns how the watchdog sees the agent: as a client like any other, that asks again where it was turned away.
import type { AgentDoor } from '../client/agent-door.ts';
import { connectRoom } from '../client/connect.ts';
import type { RoomClient } from '../client/room-client.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import type { Link } from './watch.ts';

export interface Sight {
  readonly link: Link;
  /** The agent's clock, where this process has heard it. */
  readonly agentNowMs: number | null;
}

export interface WatchedAgent {
  see(): Sight;
  close(): void;
}

const ASK_AGAIN_MS = 10_000;
/** An agent that is not heard for so long after it refused is silent. */
const REFUSAL_HOLDS_MS = 2 * ASK_AGAIN_MS;
const NOWHERE: AgentDoor = { url: 'http://127.0.0.1:9', token: '' };

/** `door` is asked before each try; it may throw OperatorError where there is no way to the agent. */
export const watchedAgent = (door: () => AgentDoor): WatchedAgent => {
  let noDoor: string | null = null;
  const address = (): AgentDoor => {
    try {
      const found = door();
      noDoor = null;
      return found;
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      noDoor = error.message;
      return NOWHERE;
    }
  };
  const connect = (): RoomClient => connectRoom({ address, name: 'watchdog' });
  let client = connect();
  let refusal: { readonly why: string; readonly atMs: number } | null = null;

  const link = (): Link => {
    const { connection, agent, room } = client.view();
    const nowMs = performance.now();
    switch (connection.name) {
      case 'live':
        refusal = null;
        return { name: 'live', writable: agent?.writable ?? true, room };
      case 'refused':
        refusal = { why: connection.message, atMs: nowMs };
        // A client that was sent away tries no more; the token may be put right meanwhile.
        askAgain();
        return { name: 'refused', why: connection.message };
      case 'connecting':
      case 'stale':
        return refusal !== null && nowMs - refusal.atMs < REFUSAL_HOLDS_MS
          ? { name: 'refused', why: refusal.why }
          : { name: 'silent', why: noDoor ?? connection.problem ?? null };
      default:
        return connection satisfies never;
    }
  };

  let timer: NodeJS.Timeout | null = null;
  const askAgain = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      client.close();
      client = connect();
    }, ASK_AGAIN_MS);
  };

  return {
    see: () => ({ link: link(), agentNowMs: client.view().agent === null ? null : client.now() }),
    close: () => {
      if (timer !== null) clearTimeout(timer);
      client.close();
    },
  };
};
