// Owns one HTTP call over kept connections: it always ends, in time, and failure is a value.
import { type Agent, type IncomingMessage, request } from 'node:http';

const LONGEST_BODY = 64 * 1024;

export type CallResult =
  | { readonly ok: true; readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: string }
  | { readonly ok: false; readonly reason: 'timeout' | 'unreachable' | 'too-large' };

export interface HttpCallOptions {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly timeoutMs: number;
}

/** Calls and reads the whole answer; never rejects. */
export const callHttp = (agent: Agent, { url, method, timeoutMs }: HttpCallOptions): Promise<CallResult> =>
  new Promise((resolve) => {
    const outgoing = request(url, { agent, method, headers: method === 'POST' ? { 'content-length': 0 } : {} });
    const end = (result: CallResult): void => {
      clearTimeout(timer);
      resolve(result);
      if (!result.ok) outgoing.destroy();
    };
    const timer = setTimeout(() => end({ ok: false, reason: 'timeout' }), timeoutMs);
    outgoing.on('error', () => end({ ok: false, reason: 'unreachable' }));
    outgoing.on('response', (incoming) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => {
        body += text;
        if (body.length > LONGEST_BODY) end({ ok: false, reason: 'too-large' });
      });
      incoming.on('error', () => end({ ok: false, reason: 'unreachable' }));
      incoming.on('end', () => end({ ok: true, status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    });
    outgoing.end();
  });
