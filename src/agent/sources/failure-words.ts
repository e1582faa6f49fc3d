// Owns the words for a connection that failed: what a responder would say, not what the runtime throws.

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'connection timed out',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name lookup failed',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'no local address left',
  EMFILE: 'too many open files',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_HEADERS_OVERFLOW: 'answer headers too long',
  CERT_HAS_EXPIRED: 'certificate expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate of another host',
};

/** Takes whatever a connection threw; returns one short phrase. */
export const failureWords = (thrown: unknown): string => {
  const code = codeOf(thrown);
  if (code === null) return isBlockedPort(thrown) ? 'port not allowed for HTTP' : 'connection failed';
  return WORDS[code] ?? (code.startsWith('HPE_') ? 'answer is not HTTP' : `connection failed: ${code}`);
};

const codeOf = (thrown: unknown): string | null => {
  for (
    let error = thrown, depth = 0;
    error instanceof Error && depth < 5;
    error = error.cause ?? firstOf(error), depth++
  ) {
    if ('code' in error && typeof error.code === 'string') return error.code;
  }
  return null;
};

// Fetch keeps a list of ports, such as 6000 and 10080, that it never speaks HTTP to, and says so in words alone.
const isBlockedPort = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.cause instanceof Error && thrown.cause.message === 'bad port';

// A host with several addresses fails as one AggregateError with an error for each.
const firstOf = (error: Error): unknown => (error instanceof AggregateError ? error.errors[0] : null);
