// Owns opening the agent's doors as server.yaml says: which tokens, which certificate, which socket, and that none of it is unsafe.
import { join } from 'node:path';
import { MINUTE } from '../incident/time.ts';
import type { AgentLog } from './agent-log.ts';
import type { Clock } from './clock.ts';
import type { ServerConfig, SocketConfig } from './config/config.ts';
import { createDoorkeeper, type Doorkeeper, type DoorkeeperParts } from './server/doorkeeper.ts';
import { createFailedLogins } from './server/failed-logins.ts';
import type { ServerPlace } from './server/server.ts';
import { isSocketPath } from './server/socket-file.ts';
import { openTlsFiles } from './server/tls-files.ts';
import { unsafeDoor } from './server/unsafe-door.ts';
import { localToken } from './state-directory.ts';
import { type NamedTokens, openNamedTokens, type TokenChange } from './tokens/named-tokens.ts';
import { tokensPath } from './tokens/token-file.ts';

export interface DoorsParts {
  readonly host: string;
  readonly port: number;
  readonly stateDirectory: string;
  /** As it holds now. The names in it may change while the agent runs; the rest is as it was at the start. */
  readonly config: () => ServerConfig;
  readonly clock: Clock;
  readonly agentLog: AgentLog;
  readonly onTokens: (changes: readonly TokenChange[]) => void;
  readonly onFailedLogin: DoorkeeperParts['onFailure'];
}

export interface AgentDoors {
  readonly place: ServerPlace;
  readonly admit: Doorkeeper;
  /** Reads tokens and certificate again now. */
  renew(): Promise<void>;
  close(): void;
}

/** Reads what the doors need. Throws `bad-config` with the fix where they would be unsafe, or cannot be had. */
export const openDoors = async (parts: DoorsParts): Promise<AgentDoors> => {
  const { host, port, stateDirectory, config, clock, agentLog } = parts;
  const { tls: files, socket } = config();
  const token = await localToken(stateDirectory);
  const tls = files === null ? null : await openTlsFiles({ files, agentLog });
  const named = openNamedTokens({
    path: tokensPath(stateDirectory),
    nowMs: clock.now,
    onChange: parts.onTokens,
    onDamage: (problem) =>
      agentLog.error(`tokens.json cannot be used, no named token lets anybody in until it can: ${problem}`),
  });
  const failedLogins = createFailedLogins({
    elapsedMs: () => performance.now(),
    tell: (count, address) =>
      agentLog.warn(
        `${count === 1 ? 'a wrong token' : `${count} wrong tokens`} within ${MINUTE / 1_000} s, last from ${address}`,
      ),
  });
  const close = (): void => {
    named.close();
    tls?.close();
    failedLogins.close();
  };
  const unsafe = unsafeDoor(host, { hasTls: tls !== null, held: named.held() });
  if (unsafe !== null) {
    close();
    throw unsafe;
  }
  return {
    place: {
      ...{ host, port, tls },
      socket: socket && socketPlace(socket, { stateDirectory, agentLog }),
      isOurName: (name) => config().hosts.includes(name) || name === host.toLowerCase() || (tls?.isFor(name) ?? false),
    },
    admit: createDoorkeeper({ localToken: token, named: asNamed(named), failedLogins, onFailure: parts.onFailedLogin }),
    renew: async () => {
      named.look();
      await tls?.look();
    },
    close,
  };
};

const asNamed = ({ find, endOf }: NamedTokens): DoorkeeperParts['named'] => ({ find, endOf });

const socketPlace = (
  { path, mode, isOptional }: SocketConfig,
  { stateDirectory, agentLog }: Pick<DoorsParts, 'stateDirectory' | 'agentLog'>,
): { readonly path: string; readonly mode: number } | null => {
  const place = path ?? join(stateDirectory, 'agent.sock');
  if (isSocketPath(place) || !isOptional) return { path: place, mode };
  agentLog.warn(`no socket for this host: ${place} is too long for one; name a shorter one in server.yaml`);
  return null;
};
