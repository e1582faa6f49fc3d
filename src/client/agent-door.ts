// Owns the way to an agent: its address, the token for it, whom to trust on the way, and how to speak through it.
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { WebSocket } from 'ws';

export interface AgentDoor {
  /** `http://…`, `https://…`, or `unix:/path`. */
  readonly url: string;
  readonly token: string;
  /** Only where something else than the usual is wanted. */
  readonly tls?: Trust;
}

/** PEM texts. */
export interface Trust {
  /** Instead of the authorities that this machine trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const HANDSHAKE_WITHIN_MS = 5_000;

/** The path of a `unix:` address; null for another one. */
export const socketPathOf = (url: string): string | null => /^unix:(?:\/\/(?=\/))?(\/.*)$/.exec(url)?.[1] ?? null;

/** What a person calls the agent behind an address, without what an address may carry besides: a password. */
export const placeOf = (url: string): string => socketPathOf(url) ?? new URL(url).host;

export const openWebSocket = ({ url, tls }: AgentDoor): WebSocket => {
  const path = socketPathOf(url);
  const address = path === null ? url.replace(/^http/, 'ws').replace(/\/$/, '') : 'ws://localhost';
  return new WebSocket(`${address}/ws`, {
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_WITHIN_MS,
    ...tls,
    ...(path === null ? {} : { createConnection: () => connect(path) }),
  });
};

/** A `fetch` that reaches the agent behind a door, whatever kind of door it is; of a `unix:` address the path begins after `unix:`. */
export const fetchThrough =
  ({ url: door, tls }: AgentDoor): typeof globalThis.fetch =>
  async (asked, { method = 'GET', headers, body, signal } = {}) => {
    const { protocol, pathname, search, host } = new URL(String(asked));
    const path = socketPathOf(door);
    const options: RequestOptions = {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      path: `${pathname}${search}`,
      ...(signal ? { signal } : {}),
      ...(path === null ? {} : { socketPath: path, host: 'localhost' }),
    };
    return await new Promise<Response>((resolve, reject) => {
      const request =
        path !== null
          ? httpRequest(options)
          : protocol === 'https:'
            ? httpsRequest(`${protocol}//${host}`, { ...options, ...tls })
            : httpRequest(`${protocol}//${host}`, options);
      request.on('error', reject);
      request.on('response', (response) => {
        const content = Readable.toWeb(response) as ReadableStream<Uint8Array>;
        const status = response.statusCode ?? 502;
        const heads = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve(new Response(status === 204 || status === 304 ? null : content, { status, headers: heads }));
      });
      request.end(body === null || body === undefined ? undefined : String(body));
    });
  };
