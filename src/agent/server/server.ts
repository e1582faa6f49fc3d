// Owns the agent's door: HTTP and WebSocket on one port, sessions behind it, and the fan-out of facts to all of them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { encode } from '../../protocol/codec.ts';
import { type AgentMessage, ALIVE_EVERY_MS, MAX_CLIENT_MESSAGE_BYTES, type Presence } from '../../protocol/messages.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { ALERTS_PATH, type AlertsHost, alertsEndpoint } from './alerts-endpoint.ts';
import { createSession, type Session, type SessionHost } from './session.ts';
import { bearerToken } from './tokens.ts';

export interface ServerHost extends Omit<SessionHost, 'presenceChanged'>, AlertsHost {
  /** What `GET /api/v1/incidents` answers. */
  readonly status: () => unknown;
  readonly isReady: () => boolean;
  readonly writable: () => boolean;
  /** A bug of ours while a request was answered: to be told, loudly. */
  readonly fault: (error: unknown) => void;
  /** What `GET /metrics` answers. */
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

export interface RoomServer {
  readonly host: string;
  readonly port: number;
  /** To every client, in order. */
  broadcast(message: AgentMessage): void;
  /** To every client that keeps up. */
  offer(message: AgentMessage): void;
  clients(): number;
  /** Who is here, in the order in which they came. */
  presence(): readonly Presence[];
  stop(): Promise<void>;
}

/** People come and look around in bursts, after a restart above all: one message tells of all. */
const PRESENCE_WITHIN_MS = 200;
const GONE_AFTER_MS = 10 * ALIVE_EVERY_MS;
const HELLO_WITHIN_MS = 10_000;
const MOST_SOCKETS = 2_000;

/** Listens on a loopback address; tells the port it got. */
export const startServer = async (
  at: { readonly host: string; readonly port: number; readonly goneAfterMs?: number },
  host: ServerHost,
): Promise<RoomServer> => {
  if (!isLoopback(at.host)) {
    throw new OperatorError(
      'bad-config',
      `will not listen on ${at.host}: that is not a loopback address`,
      'use --host 127.0.0.1, and ssh to reach it',
    );
  }
  const answerEach = answering(host);
  const http = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16 * 1024 },
    (request, response) =>
      void answerEach(request, response).catch((error: unknown) => {
        host.fault(error);
        response.destroy();
      }),
  );
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const sessions = new Set<Session>();
  const heardAtMs = new WeakMap<WebSocket, number>();
  const presence = (): readonly Presence[] => [...sessions].flatMap((session) => session.presence() ?? []);
  let isTellingPresence = false;
  const presenceChanged = (): void => {
    if (isTellingPresence) return;
    isTellingPresence = true;
    setTimeout(() => {
      isTellingPresence = false;
      const frame = encode({ type: 'presence', people: presence() });
      for (const session of sessions) session.deliverIfReading(frame);
    }, PRESENCE_WITHIN_MS).unref();
  };
  const sessionHost: SessionHost = { ...host, presenceChanged };

  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    // Browsers always send an Origin; no page has any business here.
    const isWelcome = request.url === '/ws' && request.headers.origin === undefined && sessions.size < MOST_SOCKETS;
    if (!isWelcome) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const heard = (): void => void heardAtMs.set(ws, performance.now());
      heard();
      ws.on('pong', heard);
      attach(ws, sessionHost, sessions);
    });
  });
  await listen(http, at);

  const alive = setInterval(() => {
    // A laptop that was shut says nothing more and never closes: whoever answers no ping is not here.
    for (const ws of sockets.clients) {
      if (performance.now() - (heardAtMs.get(ws) ?? 0) > (at.goneAfterMs ?? GONE_AFTER_MS)) ws.terminate();
      else ws.ping();
    }
    const frame = encode({ type: 'alive', now: host.nowMs(), writable: host.writable() });
    for (const session of sessions) session.deliverIfReading(frame);
  }, ALIVE_EVERY_MS);

  return {
    host: at.host,
    port: (http.address() as AddressInfo).port,
    broadcast: (message) => {
      const frame = encode(message);
      for (const session of sessions) session.deliver(frame);
    },
    offer: (message) => {
      const frame = encode(message);
      for (const session of sessions) session.deliverIfReading(frame);
    },
    clients: () => [...sessions].filter((session) => session.isLive()).length,
    presence,
    stop: async () => {
      clearInterval(alive);
      for (const session of sessions) session.farewell('stopping', 'the agent stops');
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
        for (const ws of sockets.clients) setTimeout(() => ws.terminate(), 200).unref();
      });
    },
  };
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

const listen = (http: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const message = inUse ? `${host}:${port} is in use` : `cannot listen on ${host}:${port}: ${cause.code}`;
      reject(new OperatorError('address-in-use', message, 'choose another port: --port P', { cause }));
    });
    http.listen(port, host, () => {
      // A later error of the listening socket costs new connections, never the agent.
      http.removeAllListeners('error').on('error', () => {});
      resolve();
    });
  });

const attach = (ws: WebSocket, host: SessionHost, sessions: Set<Session>): void => {
  const session = createSession(
    {
      send: (frame) => ws.send(frame, { binary: false }),
      backlogBytes: () => ws.bufferedAmount,
      close: () => ws.close(),
      terminate: () => ws.terminate(),
    },
    host,
  );
  sessions.add(session);
  const silent = setTimeout(() => session.isLive() || session.farewell('malformed', 'no hello'), HELLO_WITHIN_MS);
  ws.on('message', (raw, isBinary) => {
    if (isBinary) session.farewell('malformed', 'text frames only');
    else session.receive(raw as Buffer);
  });
  // A socket error (too large, bad UTF-8, reset) closes this socket; the close event does the rest.
  ws.on('error', () => ws.terminate());
  ws.on('close', () => {
    clearTimeout(silent);
    sessions.delete(session);
    host.presenceChanged();
  });
};

type Answering = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const answering = (host: ServerHost): Answering => {
  const takeAlerts = alertsEndpoint(host);
  return (request, response) =>
    request.url?.startsWith(ALERTS_PATH) ? takeAlerts(request, response) : answer(request, response, host);
};

const answer = async (request: IncomingMessage, response: ServerResponse, host: ServerHost): Promise<void> => {
  request.resume();
  if (request.method === 'GET' && request.url?.split('?')[0] === '/metrics') {
    const { text, contentType } = await host.metrics();
    response.writeHead(200, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
    response.end(text);
    return;
  }
  const { status, body } = answerTo(request, host);
  response.writeHead(status, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  response.end(`${JSON.stringify(body)}\n`);
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const answerTo = (request: IncomingMessage, host: ServerHost): Answer => {
  if (request.method !== 'GET') return { status: 405, body: { error: 'only GET' } };
  switch (request.url?.split('?')[0]) {
    case '/healthz':
      return { status: 200, body: { ok: true } };
    case '/readyz':
      return { status: host.isReady() ? 200 : 503, body: { ready: host.isReady() } };
    case '/api/v1/incidents':
      return host.isToken(bearerToken(request.headers.authorization))
        ? { status: 200, body: host.status() }
        : { status: 401, body: { error: 'a token is needed: Authorization: Bearer …' } };
    default:
      return { status: 404, body: { error: 'no such path' } };
  }
};
