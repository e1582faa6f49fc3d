// Owns one HTTP request to the outside: bounded in time and size, never following redirects, every failure a value.
import { isUtf8 } from 'node:buffer';
import { safeText } from '../../incident/text.ts';
import { withoutSecrets } from '../without-secrets.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HttpLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** A status may arrive and its body not: the caller decides what that means. */
export type AnswerBody =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'timeout' | 'unreachable' | 'malformed-answer'; readonly detail: string };

export type Exchange =
  | { readonly ok: true; readonly answer: HttpAnswer }
  | {
      readonly ok: false;
      readonly reason: 'not-configured' | 'unreachable' | 'timeout';
      readonly detail: string;
      /** False when the other side cannot have seen the request. */
      readonly mayHaveArrived: boolean;
    };

export type Fetch = typeof globalThis.fetch;

const LONGEST_ANSWER_BYTES = 1024 * 1024;

/** Sends one request and reads its answer, at most 1 MiB of it. Says of a failure whether the request may have arrived. */
export const exchange = async (fetch: Fetch, request: HttpRequest, limits: HttpLimits): Promise<Exchange> => {
  const headers = headersOf(request);
  if (headers === null) return notSent('not-configured', 'a header has a name or value that cannot be sent');
  if (limits.signal.aborted) return notSent('timeout', 'called off before it was sent');
  const timer = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, timer]);
  try {
    const { method, url, body } = request;
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
    const answered = await bodyOf(response, signal);
    return { ok: true, answer: { status: response.status, headers: response.headers, body: answered } };
  } catch (error) {
    if (timer.aborted) return lost('timeout', `no answer within ${limits.timeoutMs} ms`);
    if (limits.signal.aborted) return lost('timeout', 'called off before the answer came');
    return failedFetch(error);
  }
};

/** Text from an answer as it may be shown: harmless, short, and without the headers that were sent, or another of the secrets. */
export const quotable = (answer: HttpAnswer, request: HttpRequest, secrets: readonly string[] = []): string => {
  const text = answer.body.ok ? answer.body.text : '';
  const said = withoutSecrets(text, [...Object.values(request.headers), ...secrets], 200);
  return said === '' ? `answered ${answer.status}` : `answered ${answer.status}: ${said}`;
};

const headersOf = (request: HttpRequest): Headers | null => {
  try {
    return new Headers(request.headers);
  } catch {
    // The error names the value, which may be a secret.
    return null;
  }
};

const notSent = (reason: 'not-configured' | 'timeout', detail: string): Exchange => ({
  ok: false,
  reason,
  detail,
  mayHaveArrived: false,
});

const lost = (reason: 'timeout' | 'unreachable', detail: string, mayHaveArrived = true): Exchange => ({
  ok: false,
  reason,
  detail,
  mayHaveArrived,
});

interface SystemError {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: readonly SystemError[];
}

const failedFetch = (error: unknown): Exchange => {
  const cause = error instanceof Error ? (error.cause as SystemError | undefined) : undefined;
  // Without a cause nothing went over the network: fetch refused to make the request.
  if (cause === undefined)
    return notSent('not-configured', 'the request cannot be made: check method, address and body');
  const said = safeText(String(cause.message || cause.code || 'connection failed'), 200);
  return lost('unreachable', said, !neverConnected(cause));
};

const neverConnected = (cause: SystemError): boolean =>
  cause.syscall === 'connect' ||
  cause.syscall === 'getaddrinfo' ||
  cause.code === 'UND_ERR_CONNECT_TIMEOUT' ||
  (cause.errors !== undefined && cause.errors.length > 0 && cause.errors.every(neverConnected));

const bodyOf = async (response: Response, signal: AbortSignal): Promise<AnswerBody> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > LONGEST_ANSWER_BYTES) return malformedBody('is larger than 1 MiB');
      chunks.push(chunk);
    }
  } catch {
    if (signal.aborted) return { ok: false, reason: 'timeout', detail: 'the answer began and did not end in time' };
    return { ok: false, reason: 'unreachable', detail: 'the connection was lost in the middle of the answer' };
  }
  const all = Buffer.concat(chunks);
  return isUtf8(all) ? { ok: true, text: all.toString() } : malformedBody('is not UTF-8 text');
};

const malformedBody = (detail: string): AnswerBody => ({
  ok: false,
  reason: 'malformed-answer',
  detail: `the answer ${detail}`,
});
