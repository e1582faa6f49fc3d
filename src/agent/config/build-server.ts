// Owns server.yaml with its defaults: the loopback alone, no certificate. Paths begin in the configuration directory.
import { resolve } from 'node:path';
import type { ServerConfig, SocketConfig } from './config.ts';
import type { ServerFile } from './schema/server.ts';

const LOOPBACK = '127.0.0.1';
const PORT = 7373;
const OWNER_ONLY = 0o600;

export const buildServer = (file: ServerFile, directory: string): ServerConfig => {
  const { host, port, hosts } = file;
  const tls = file.tls ?? null;
  const clients = tls?.clientCertificates ?? null;
  return {
    host: host ?? LOOPBACK,
    port: port ?? PORT,
    tls: tls && {
      certificate: resolve(directory, tls.certificate),
      key: resolve(directory, tls.key),
      clientCertificates: clients && { ca: resolve(directory, clients.ca), required: clients.required ?? false },
    },
    hosts: (hosts ?? []).map((name) => name.toLowerCase()),
    // Who is on the same host needs no certificate: with TLS there is a socket for them.
    socket: socketOf(file.socket ?? (tls !== null && 'if-possible'), directory),
  };
};

const socketOf = (
  given: Exclude<ServerFile['socket'], null | undefined> | 'if-possible',
  directory: string,
): SocketConfig | null => {
  if (given === false) return null;
  if (given === true || given === 'if-possible')
    return { path: null, mode: OWNER_ONLY, isOptional: given === 'if-possible' };
  return {
    path: given.path === undefined ? null : resolve(directory, given.path),
    mode: given.mode === undefined ? OWNER_ONLY : Number.parseInt(given.mode, 8),
    isOptional: false,
  };
};
