// Owns reading the JSON a stranger sends: bounded, and never more than one document.
import type { IncomingMessage } from 'node:http';

const LONGEST_BODY_BYTES = 4 * 1024;

export type BodyResult =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly reason: 'too-large' | 'not-json' | 'cut-off' };

/** Reads a whole request body; never rejects, keeps at most four kibibytes of it. */
export const readJsonBody = (request: IncomingMessage): Promise<BodyResult> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LONGEST_BODY_BYTES) resolve({ ok: false, reason: 'too-large' });
      else chunks.push(chunk);
    });
    request.on('error', () => resolve({ ok: false, reason: 'cut-off' }));
    request.on('end', () => resolve(parsed(Buffer.concat(chunks))));
  });

const parsed = (body: Buffer): BodyResult => {
  try {
    return { ok: true, document: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    return { ok: false, reason: 'not-json' };
  }
};
