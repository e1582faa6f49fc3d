// Owns reading the body of a request: bounded in size and in time, and never in the way of the answer.
import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  readonly mostBytes: number;
  readonly withinMs: number;
}

/** `gone`: the sender hung up, nobody waits for an answer. */
export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: 'too-large' | 'too-slow' | 'gone' };

/** The whole body, or why there is none. What is not read here is left for `discardBody`. */
export const readBody = (request: IncomingMessage, { mostBytes, withinMs }: BodyLimits): Promise<Body> => {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
    return Promise.resolve({ ok: false, why: 'too-large' });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (body: Body): void => {
      clearTimeout(patience);
      request.off('data', take).off('end', finish).off('close', vanish);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > mostBytes) settle({ ok: false, why: 'too-large' });
      else chunks.push(chunk);
    };
    const finish = (): void => settle({ ok: true, bytes: Buffer.concat(chunks, length) });
    const vanish = (): void => settle({ ok: false, why: 'gone' });
    const patience = setTimeout(() => settle({ ok: false, why: 'too-slow' }), withinMs);
    request.on('data', take).on('end', finish).on('close', vanish);
  });
};

/** Lets the rest of a body pass: a sender cut off in the middle of it would never read the answer. One that goes on for too long is. */
export const discardBody = (request: IncomingMessage, withinMs: number): void => {
  if (request.complete || request.destroyed) return;
  const patience = setTimeout(() => request.destroy(), withinMs);
  request.once('close', () => clearTimeout(patience));
  request.resume();
};
