// Owns opening and closing HTTP servers that only this machine can reach.
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../../protocol/operator-error.ts';

const HOST = '127.0.0.1';
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
// Longer than any caller keeps a quiet connection, so that a server never hangs up on a request that is on its way.
const KEEP_ALIVE_MS = 120_000;
const DRAIN_MS = 6_000;

export interface LoopbackServer {
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** Takes no new connections and lets the running requests end. */
  drain(): void;
  /** Ends at once, running requests too. */
  close(): Promise<void>;
}

/** Opens a server on a free port, or on `port`; throws `address-in-use` when somebody else has that one. */
export const openLoopbackServer = (listener: RequestListener, port = 0): Promise<LoopbackServer> =>
  new Promise((resolve, reject) => {
    const server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
      listener,
    );
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken(port) : error));
    server.listen(port, HOST, () => {
      const opened = (server.address() as AddressInfo).port;
      resolve({
        port: opened,
        url: `http://${HOST}:${opened}`,
        drain: () => {
          server.close();
          setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });

const taken = (port: number): OperatorError =>
  new OperatorError('address-in-use', `Port ${port} is taken.`, 'Choose another --admin-port, or none for free ports.');

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const sendReply = (response: ServerResponse, reply: Reply): void => {
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
};

export const jsonReply = (
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  body: `${JSON.stringify(document)}\n`,
  headers,
});
