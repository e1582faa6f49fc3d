// Owns the words for why no connection comes about, where trying again will not help: certificates, and the wrong kind of door.
import { safeText } from '../incident/text.ts';
import { type AgentDoor, placeOf } from './agent-door.ts';

/** What is wrong and what to do about it; null where the agent is only not there, or not there yet. */
export const connectionProblem = (error: unknown, { url, tls }: Pick<AgentDoor, 'url' | 'tls'>): string | null => {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  const words = wordsFor(code, message, { url, showsCertificate: tls?.cert !== undefined });
  return words === null ? null : safeText(words, 300);
};

const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
]);

interface Tried {
  readonly url: string;
  readonly showsCertificate: boolean;
}

const wordsFor = (code: string, message: string, { url, showsCertificate }: Tried): string | null => {
  const place = placeOf(url);
  const hangsUp = code === 'ECONNRESET' || /socket hang up/.test(message);
  if (UNKNOWN_AUTHORITY.has(code))
    return `set WARROOM_CA to the file of the authority: nobody trusted here signed the certificate of ${place}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${place} is for another name: use ${altNames(message)} in WARROOM_URL`;
  if (code === 'CERT_HAS_EXPIRED')
    return `the certificate of ${place} has expired: renew it; the agent reads it by itself`;
  if (code === 'CERT_NOT_YET_VALID')
    return `the certificate of ${place} is not valid yet: compare the clocks of both hosts`;
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/i.test(code) ||
    /wrong version number|packet length too long/i.test(message)
  )
    return `${place} does not speak TLS: say http:// instead of https:// in WARROOM_URL`;
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/.test(code) || /certificate required|handshake failure/i.test(message))
    return `${place} asks for a client certificate: set WARROOM_CLIENT_CERT and WARROOM_CLIENT_KEY`;
  if (
    /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:EXPIRED|UNKNOWN|REVOKED))/.test(code) ||
    /alert (?:unknown ca|bad certificate|certificate)/i.test(message)
  )
    return `${place} does not accept the client certificate in WARROOM_CLIENT_CERT`;
  if (hangsUp && showsCertificate)
    return `${place} hangs up: it may not accept the client certificate in WARROOM_CLIENT_CERT`;
  if (url.startsWith('http:') && (hangsUp || code.startsWith('HPE_')))
    return `${place} hangs up: if it speaks TLS, say https:// in WARROOM_URL`;
  if (code === 'EACCES' && url.startsWith('unix:'))
    return `${place} is not open to this user: the permissions of the socket's file decide`;
  const status = /^Unexpected server response: (\d+)/.exec(message)?.[1];
  return status === undefined ? null : statusWords(Number(status), place);
};

const altNames = (message: string): string =>
  /altnames: (.*)$/.exec(message)?.[1]?.replaceAll('DNS:', '').slice(0, 120) ?? 'the name it is for';

const statusWords = (status: number, place: string): string | null => {
  switch (status) {
    case 421:
      return `the agent at ${place} is not called that: use its address, or add the name to hosts in its server.yaml`;
    case 400:
      return `${place} does not speak plain HTTP, or does not understand this: if it speaks TLS, say https:// in WARROOM_URL`;
    case 503:
      return null; // full, or starting: it may pass
    default:
      return `what answers at ${place} is no agent: HTTP ${status}`;
  }
};
