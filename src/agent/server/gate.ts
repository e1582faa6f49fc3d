// Owns what is turned away before anybody looks at a token: web pages, and whoever was led here by a name that is not ours.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { safeText } from '../../incident/text.ts';

export interface TurnedAway {
  readonly status: 400 | 403 | 421;
  readonly words: string;
}

/** Null: come in. `isOurName` knows the names besides literal addresses and the loopback's. */
export const turnedAway = (request: IncomingMessage, isOurName: (name: string) => boolean): TurnedAway | null => {
  // Browsers say where a page comes from; no page has any business here.
  if (headersNamed(request, 'origin').length > 0) return { status: 403, words: 'no web page is let in' };
  const hosts = headersNamed(request, 'host');
  if (hosts.length !== 1) return { status: 400, words: `${hosts.length} Host headers: exactly one is needed` };
  const name = hostName(hosts[0] ?? '');
  if (name === null) return { status: 400, words: 'the Host header is no host name' };
  if (isAddress(name) || name === 'localhost' || isOurName(name)) return null;
  // A name that a stranger controls can point at any address; the browser of somebody here would believe it is the stranger's.
  return {
    status: 421,
    words: `this agent is not called ${safeText(name, 80)}: use its address, or add the name to hosts in server.yaml`,
  };
};

/** As they were sent: where there are two, Node shows one. */
const headersNamed = ({ rawHeaders }: IncomingMessage, name: string): readonly string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);

const isAddress = (name: string): boolean => isIP(name) !== 0;

/** The name or address without port and brackets, in lower case; null when it is none. */
const hostName = (host: string): string | null => {
  const [, bracketed, plain] = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::\d{1,5})?$/.exec(host) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : null;
  return plain?.toLowerCase().replace(/\.$/, '') || null;
};
