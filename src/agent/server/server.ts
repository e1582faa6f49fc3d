// Owns the agent's doors: HTTP and WebSocket on a port and a socket, sessions behind them, and the fan-out of facts to all of them.
import type { ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { safeJson } from '../../incident/text.ts';
import { ALIVE_EVERY_MS, MAX_CLIENT_MESSAGE_BYTES } from '../../protocol/messages.ts';
import type { Entry } from './admission.ts';
import { type AnswersHost, answering, send } from './answers.ts';
import { type TurnedAway, turnedAway } from './gate.ts';
import { createGathering, type Gathering } from './gathering.ts';
import { type Doors, type Listening, openListeners } from './listeners.ts';
import { type Peer, peerOf } from './peer.ts';
import { createSession, type SessionHost } from './session.ts';
import { unsafeDoor } from './unsafe-door.ts';

export interface ServerHost extends Omit<SessionHost, 'presenceChanged' | 'admit'>, AnswersHost {
  /** Looks at a token that somebody presents. */
  readonly admit: (presented: string, peer: Peer) => Entry;
  readonly writable: () => boolean;
  /** How many decisions wait for a log that takes no writes. */
  readonly held: () => number;
  /** Whether an incident is in the room as that person sees it. */
  readonly mayLookAt: (incident: string, person: string) => boolean;
  /** A bug of ours while a request was answered: to be told, loudly. */
  readonly fault: (error: unknown) => void;
}

export interface RoomServer
  extends Pick<Gathering, 'broadcast' | 'broadcastEach' | 'offer' | 'presence' | 'worstSkewMs'> {
  readonly host: string;
  readonly port: number;
  clients(): number;
  /** Ends the sessions whose tokens hold no longer. */
  recheck(): void;
  stop(): Promise<void>;
}

export interface ServerPlace extends Doors {
  /** Names by which the agent may be called, besides addresses and the loopback's. */
  readonly isOurName?: (name: string) => boolean;
  readonly goneAfterMs?: number;
  readonly helloWithinMs?: number;
  readonly mostSockets?: number;
}

const GONE_AFTER_MS = 10 * ALIVE_EVERY_MS;
const HELLO_WITHIN_MS = 10_000;
/** Who was told goodbye and stays is not waited for. */
const GOODBYE_WITHIN_MS = 2_000;
const MOST_SOCKETS = 2_000;

/** Listens, beyond the loopback only over TLS; tells the port it got. */
export const startServer = async (at: ServerPlace, host: ServerHost): Promise<RoomServer> => {
  // Who has a token is known to whoever opens the doors; without a certificate it does not matter.
  const unsafe = unsafeDoor(at.host, { hasTls: Boolean(at.tls), held: 1 });
  if (unsafe !== null) throw unsafe;
  const answerEach = answering(host);
  const isOurName = at.isOurName ?? (() => false);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const gathering = createGathering(host.mayLookAt);
  const { sessions, broadcast, broadcastEach, offer, presence, worstSkewMs } = gathering;
  const heardAtMs = new WeakMap<WebSocket, number>();

  const onRequest: Listening['onRequest'] = (door) => (request, response) => {
    const away = turnedAway(request, isOurName);
    if (away !== null) return sendAway(response, away);
    const peer = peerOf(request.socket, door);
    void answerEach(request, response, { peer, admit: (presented) => host.admit(presented, peer) }).catch(
      (error: unknown) => {
        host.fault(error);
        response.destroy();
      },
    );
  };

  const onUpgrade: Listening['onUpgrade'] = (door) => (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const away = turnedAway(request, isOurName);
    const peer = peerOf(socket, door);
    const refuse = (status: number, words: string): void => void socket.end(rawAnswer(status, words));
    if (away !== null) return refuse(away.status, away.words);
    if (request.url !== '/ws') return refuse(403, 'rooms are at /ws');
    if (sockets.clients.size >= (at.mostSockets ?? MOST_SOCKETS)) return refuse(503, 'too many are here already');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const heard = (): void => void heardAtMs.set(ws, performance.now());
      heard();
      ws.on('pong', heard);
      attach(ws, {
        ...host,
        admit: (presented) => host.admit(presented, peer),
        gathering,
        helloWithinMs: at.helloWithinMs ?? HELLO_WITHIN_MS,
      });
    });
  };

  const listeners = await openListeners(at, { onRequest, onUpgrade });
  const recheck = (): void => {
    for (const session of sessions) session.recheck();
  };

  const alive = setInterval(() => {
    // A laptop that was shut says nothing more and never closes: whoever answers no ping is not here.
    for (const ws of sockets.clients) {
      if (performance.now() - (heardAtMs.get(ws) ?? 0) > (at.goneAfterMs ?? GONE_AFTER_MS)) ws.terminate();
      else ws.ping();
    }
    recheck();
    gathering.catchUp();
    offer({ type: 'alive', now: host.nowMs(), writable: host.writable(), held: host.held() });
  }, ALIVE_EVERY_MS);

  return {
    host: at.host,
    port: listeners.port,
    ...{ broadcast, broadcastEach, offer, presence, worstSkewMs },
    clients: () => [...sessions].filter((session) => session.isLive()).length,
    recheck,
    stop: async () => {
      clearInterval(alive);
      for (const session of sessions) session.farewell('stopping', 'the agent stops');
      for (const ws of sockets.clients) setTimeout(() => ws.terminate(), 200).unref();
      await listeners.close();
    },
  };
};

const sendAway = (response: ServerResponse, { status, words }: TurnedAway): void =>
  send(response, { status, body: { error: words }, headers: { connection: 'close' } });

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
};

const rawAnswer = (status: number, words: string): string => {
  const body = `${safeJson({ error: words })}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_WORDS[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
};

interface SessionParts extends Omit<SessionHost, 'presenceChanged'> {
  readonly gathering: Gathering;
  readonly helloWithinMs: number;
}

const attach = (ws: WebSocket, { gathering, helloWithinMs, ...host }: SessionParts): void => {
  const session = createSession(
    {
      send: (frame) => ws.send(frame, { binary: false }),
      backlogBytes: () => ws.bufferedAmount,
      close: () => {
        ws.close();
        setTimeout(() => ws.terminate(), GOODBYE_WITHIN_MS).unref();
      },
      terminate: () => ws.terminate(),
    },
    { ...host, presenceChanged: gathering.presenceChanged },
  );
  gathering.joins(session);
  const silent = setTimeout(() => session.isLive() || session.farewell('malformed', 'no hello'), helloWithinMs);
  ws.on('message', (raw, isBinary) => {
    try {
      if (isBinary) session.farewell('malformed', 'text frames only');
      else session.receive(raw as Buffer);
    } catch (error) {
      // A bug that one client found costs that client its session, and nobody else theirs.
      host.fault(error);
      ws.terminate();
    }
  });
  // A socket error (too large, bad UTF-8, reset) closes this socket; the close event does the rest.
  ws.on('error', () => ws.terminate());
  ws.on('close', () => {
    clearTimeout(silent);
    gathering.leaves(session);
    gathering.presenceChanged();
  });
};
