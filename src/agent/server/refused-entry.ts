// Owns how HTTP answers whoever is not let in.
import type { Entry } from './admission.ts';

export interface RefusedAnswer {
  readonly status: 401 | 429;
  readonly body: { readonly error: string };
  readonly headers: Readonly<Record<string, string>>;
}

const HOW = 'give it as Authorization: Bearer …, or as the password of basic authentication';

/** The answer, once it is time to give it. */
export const refusedEntry = async (entry: Extract<Entry, { ok: false }>): Promise<RefusedAnswer> => {
  if (entry.afterMs > 0) await new Promise((resolve) => setTimeout(resolve, entry.afterMs).unref());
  return entry.why === 'too-many'
    ? { status: 429, body: { error: entry.message }, headers: { 'retry-after': '60' } }
    : {
        status: 401,
        body: { error: `${entry.message}; ${HOW}` },
        headers: { 'www-authenticate': 'Bearer, Basic realm="warroom"' },
      };
};
