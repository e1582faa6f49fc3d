// Owns who is let in, by which token and through which door, and that nobody may go on guessing.
import { SECOND } from '../../incident/time.ts';
import type { Found, NamedTokens } from '../tokens/named-tokens.ts';
import type { Admission, Entry } from './admission.ts';
import type { FailedLogins } from './failed-logins.ts';
import type { Peer } from './peer.ts';
import { isToken } from './tokens.ts';

export interface DoorkeeperParts {
  readonly localToken: string;
  readonly named: Pick<NamedTokens, 'find' | 'endOf'>;
  readonly failedLogins: FailedLogins;
  /** For the metrics: a token that was wrong, or one that was not looked at. */
  readonly onFailure: (outcome: 'wrong' | 'not-checked') => void;
}

export type Doorkeeper = (presented: string, peer: Peer) => Entry;

/** On the same host a wrong token only takes so long: whoever can guess there has better ways. */
const NEAR_ANSWER_AFTER_MS = SECOND;

/** The agent's own user, by the local token or through their own socket: the same one, so they are no two persons. */
const OWN_USER: Admission = { token: 'local', permission: 'commander', person: null, ended: () => null };

export const createDoorkeeper = ({ localToken, named, failedLogins, onFailure }: DoorkeeperParts): Doorkeeper => {
  const look = (presented: string, peer: Peer): Admission | string => {
    if (presented === '') return peer.isOwner ? OWN_USER : NO_TOKEN;
    const isLocal = isToken(presented, localToken);
    const found = named.find(presented);
    if (isLocal) return peer.isNear ? OWN_USER : FAR_LOCAL;
    if (found.kind !== 'good') return wordsFor(found);
    const { token } = found;
    const stranger = certificateProblem(peer, token.name);
    if (stranger !== null) return stranger;
    return {
      token: token.name,
      permission: token.permission,
      person: token.name,
      ended: () => named.endOf(token),
    };
  };

  return (presented, peer) => {
    const from = peer.isNear ? null : peer.address;
    const waitMs = from === null ? 0 : failedLogins.waitMs(from);
    if (waitMs > 0) {
      onFailure('not-checked');
      const message = `too many wrong tokens from this address: nothing from it is looked at for ${Math.ceil(waitMs / SECOND)} s`;
      return { ok: false, why: 'too-many', message, afterMs: 0 };
    }
    const admission = look(presented, peer);
    if (typeof admission !== 'string') return { ok: true, admission };
    if (presented === '') return { ok: false, why: 'token', message: admission, afterMs: 0 };
    onFailure('wrong');
    if (from !== null) failedLogins.failed(from);
    return { ok: false, why: 'token', message: admission, afterMs: from === null ? NEAR_ANSWER_AFTER_MS : 0 };
  };
};

const NO_TOKEN = 'a token is needed';
const UNKNOWN = 'the token is not accepted: nobody here knows it';
const FAR_LOCAL = 'this token is for the host of the agent alone: ask for your own, warroom token add NAME';

const wordsFor = (found: Exclude<Found, { kind: 'good' }>): string => {
  switch (found.kind) {
    case 'ended':
      return `${found.words}: ask for a new one`;
    case 'damaged':
      return 'the agent cannot read its tokens just now: its own log says why';
    case 'unknown':
      return UNKNOWN;
    default:
      return found satisfies never;
  }
};

/** A certificate is asked for besides a token, never instead of it, and must name the same person. */
const certificateProblem = ({ certificate }: Peer, name: string): string | null => {
  if (certificate === null) return null;
  if (!certificate.isVerified) return 'the client certificate is of no authority that the agent trusts';
  return certificate.name === name ? null : `the client certificate does not name ${name}, whose token this is`;
};
