// Owns what the agent answers to plain HTTP requests, apart from alerts: its health, its numbers, and what is on.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { safeJson } from '../../incident/text.ts';
import type { Admit } from './admission.ts';
import { ALERTS_PATH, type AlertsHost, alertsEndpoint } from './alerts-endpoint.ts';
import type { Peer } from './peer.ts';
import { refusedEntry } from './refused-entry.ts';
import { bearerToken } from './tokens.ts';

export interface AnswersHost extends AlertsHost {
  /** What `GET /api/v1/incidents` answers, to somebody; null: to whoever it is. */
  readonly status: (person: string | null) => unknown;
  readonly isReady: () => boolean;
  /** What `GET /metrics` answers. */
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

export interface Asker {
  readonly peer: Peer;
  readonly admit: Admit;
}

export type Answering = (request: IncomingMessage, response: ServerResponse, asker: Asker) => Promise<void>;

export const answering = (host: AnswersHost): Answering => {
  const takeAlerts = alertsEndpoint(host);
  return async (request, response, asker) => {
    if (request.url?.startsWith(ALERTS_PATH)) return await takeAlerts(request, response, asker.admit);
    request.resume();
    send(response, await answerTo(request, asker, host));
  };
};

export interface Answer {
  readonly status: number;
  /** Sent as JSON, or as it is. */
  readonly body: unknown;
  readonly text?: { readonly content: string; readonly contentType: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one answer. Nothing in it can be taken for a page. */
export const send = (response: ServerResponse, { status, body, text, headers = {} }: Answer): void => {
  const contentType = text?.contentType ?? 'application/json';
  response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff', ...headers });
  response.end(text?.content ?? `${safeJson(body)}\n`);
};

const answerTo = async (request: IncomingMessage, { peer, admit }: Asker, host: AnswersHost): Promise<Answer> => {
  if (request.method !== 'GET') return { status: 405, body: { error: 'only GET' } };
  const admitted = () => admit(bearerToken(request.headers.authorization));
  switch (request.url?.split('?')[0]) {
    case '/healthz':
      return { status: 200, body: { ok: true } };
    case '/readyz':
      return { status: host.isReady() ? 200 : 503, body: { ready: host.isReady() } };
    case '/metrics': {
      // On its own host Prometheus needs no token.
      const entry = peer.isNear ? null : admitted();
      if (entry !== null && !entry.ok) return await refusedEntry(entry);
      const { text: content, contentType } = await host.metrics();
      return { status: 200, body: null, text: { content, contentType } };
    }
    case '/api/v1/incidents': {
      const entry = admitted();
      return entry.ok ? { status: 200, body: host.status(entry.admission.person) } : await refusedEntry(entry);
    }
    default:
      return { status: 404, body: { error: 'no such path' } };
  }
};
