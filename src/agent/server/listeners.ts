// Owns the ports and sockets that the agent listens on, whatever is spoken over them.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { SocketConfig } from '../config/config.ts';
import { type Door, isNearSocket } from './peer.ts';
import { listenOnSocket } from './socket-file.ts';
import type { TlsKeeper } from './tls-files.ts';

/** What there is to listen on. */
export interface Doors {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsKeeper | null;
  readonly socket?: (Pick<SocketConfig, 'mode'> & { readonly path: string }) | null;
  /** Connections from one address on another host. */
  readonly mostFromAnAddress?: number;
}

export interface Listeners {
  readonly port: number;
  close(): Promise<void>;
}

export interface Listening {
  readonly onRequest: (door: Door) => RequestListener;
  readonly onUpgrade: (door: Door) => (...words: UpgradeWords) => void;
}

export type UpgradeWords = readonly [request: Parameters<RequestListener>[0], socket: Socket, head: Buffer];

const LIMITS = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
} as const;
const HANDSHAKE_WITHIN_MS = 10_000;
const OTHERS = 0o077;
// What is open costs the agent, whoever it is: nobody far away may have it all.
const MOST_CONNECTIONS = 4_000;
const MOST_FROM_AN_ADDRESS = 250;

/** Listens on all of them, or on none. */
export const openListeners = async (
  { host, port, tls = null, socket = null, mostFromAnAddress = MOST_FROM_AN_ADDRESS }: Doors,
  { onRequest, onUpgrade }: Listening,
): Promise<Listeners> => {
  const tcp =
    tls === null
      ? createServer(LIMITS, onRequest('tcp'))
      : secureServer(tls, (options) => createTlsServer(options, onRequest('tcp')));
  tcp.on('upgrade', onUpgrade('tcp'));
  limitConnections(tcp, mostFromAnAddress);
  await listen(tcp, { host, port });
  const boundPort = (tcp.address() as AddressInfo).port;
  if (socket === null) return { port: boundPort, close: () => closed(tcp) };

  const door: Door = (socket.mode & OTHERS) === 0 ? 'own-socket' : 'socket';
  const local = createServer(LIMITS, onRequest(door));
  local.on('upgrade', onUpgrade(door));
  try {
    const removeFile = await listenOnSocket(local, socket);
    local.on('error', () => {});
    return {
      port: boundPort,
      close: async () => {
        await removeFile();
        await Promise.all([closed(tcp), closed(local)]);
      },
    };
  } catch (error) {
    await closed(tcp);
    throw error;
  }
};

type SecureOptions = Parameters<typeof createTlsServer>[0];

const secureServer = (
  tls: TlsKeeper,
  create: (options: SecureOptions) => ReturnType<typeof createTlsServer>,
): Server => {
  const server = create({
    ...LIMITS,
    ...tls.material(),
    handshakeTimeout: HANDSHAKE_WITHIN_MS,
    requestCert: tls.asksClients,
    rejectUnauthorized: tls.requiresClients,
  });
  // Who was in stays in: only new connections see what is new.
  tls.onRenewed((material) => server.setSecureContext(material));
  return server;
};

const limitConnections = (server: Server, mostFromAnAddress: number): void => {
  server.maxConnections = MOST_CONNECTIONS;
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address } = socket;
    if (address === undefined || isNearSocket(socket)) return;
    const count = (counts.get(address) ?? 0) + 1;
    if (count > mostFromAnAddress) {
      socket.destroy();
      return;
    }
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 0) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  });
};

const listen = (server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const message = inUse ? `${host}:${port} is in use` : `cannot listen on ${host}:${port}: ${cause.code}`;
      reject(new OperatorError('address-in-use', message, 'choose another port: --port P', { cause }));
    });
    server.listen(port, host, () => {
      // A later error of the listening socket costs new connections, never the agent.
      server.removeAllListeners('error').on('error', () => {});
      resolve();
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
