// Owns who is at the other end of a connection, as far as the connection itself tells.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** `own-socket`: the permissions of its file open it to its owner alone. */
export type Door = 'tcp' | 'socket' | 'own-socket';

export interface Peer {
  /** Null over a socket of this host. */
  readonly address: string | null;
  /** On this host: over the loopback, a socket, or an address of its own. */
  readonly isNear: boolean;
  /** Nobody but the user whom the agent runs as could have come this way. */
  readonly isOwner: boolean;
  /** Null without TLS, and where no certificate was shown. */
  readonly certificate: { readonly name: string; readonly isVerified: boolean } | null;
}

export const peerOf = (socket: Socket, door: Door): Peer => {
  if (door !== 'tcp') return { address: null, isNear: true, isOwner: door === 'own-socket', certificate: null };
  const address = socket.remoteAddress ?? '';
  return {
    address,
    isNear: isNearSocket(socket),
    isOwner: false,
    certificate: socket instanceof TLSSocket ? certificateOf(socket) : null,
  };
};

interface TcpEnds {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
}

/** Whether a TCP connection comes from this host: over the loopback, or to an address of its own. */
export const isNearSocket = ({ remoteAddress = '', localAddress }: TcpEnds): boolean =>
  isLoopback(remoteAddress) || (remoteAddress !== '' && remoteAddress === localAddress);

export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address);

const certificateOf = (socket: TLSSocket): Peer['certificate'] => {
  const shown = socket.getPeerCertificate();
  if (shown === null || Object.keys(shown).length === 0) return null;
  const name: unknown = shown.subject?.CN;
  return { name: typeof name === 'string' ? name : '', isVerified: socket.authorized };
};
