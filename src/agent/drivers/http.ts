// Owns containment over a team's own HTTP interface: one JSON document, read by one call, written by another.
import type { HttpProfile } from '../config/config.ts';
import { holdsSecret } from '../without-secrets.ts';
import {
  type DocumentAccess,
  documentDriver,
  malformed,
  notConfigured,
  rejected,
  targetChanged,
  type World,
} from './document-driver.ts';
import type { ApplyResult, Driver, Observation } from './driver.ts';
import { type Exchange, exchange, type Fetch, type HttpAnswer, type HttpRequest, quotable } from './http-exchange.ts';
import { curlLine, filledCall } from './http-template.ts';
import { atPointer, parseExactJson } from './json-target.ts';

export interface HttpDriverOptions {
  /** The profile of an action by name; null when the configuration has none. */
  readonly profile: (name: string) => HttpProfile | null;
  readonly fetch?: Fetch;
}

/** A driver for actions whose profile names three HTTP calls. A write whose answer got lost is `unknown`. Timeouts are the profile's. */
export const httpDriver = ({ profile, fetch = globalThis.fetch }: HttpDriverOptions): Driver => {
  const access: DocumentAccess<HttpProfile, HttpRequest> = {
    driver: 'http',
    profile,
    fill: (found, { direction, filling, version }) => {
      const isUndo = direction === 'undo';
      const read = filledCall(found.read, filling);
      const write = filledCall(isUndo ? found.undo : found.apply, filling);
      const back = filledCall(isUndo ? found.apply : found.undo, filling);
      if (!read.ok) return { ok: false, detail: `read: ${read.detail}` };
      if (!write.ok) return { ok: false, detail: `${direction}: ${write.detail}` };
      if (!back.ok) return { ok: false, detail: `${isUndo ? 'apply' : 'undo'}: ${back.detail}` };
      return {
        ok: true,
        target: read.request.url,
        command: curlLine(write.request),
        back: `${back.request.method} ${back.request.url}`,
        write: conditional(write.request, read.request, version),
      };
    },
    read: async (found, instruction, signal) => {
      const call = filledCall(found.read, instruction);
      if (!call.ok) return notConfigured(instruction.name, `read: ${call.detail}`);
      const exchanged = await exchange(fetch, call.request, { signal, timeoutMs: found.timeoutMs });
      return worldOf(exchanged, call.request, found);
    },
    write: async (found, request, { signal, look }) => {
      const written = await exchange(fetch, request, { signal, timeoutMs: found.timeoutMs });
      if (!written.ok) {
        const { mayHaveArrived, reason, detail } = written;
        return { ok: false, reason: mayHaveArrived ? 'unknown' : reason, detail };
      }
      const { answer } = written;
      if (answer.status < 500) return outcomeOf(answer, request);
      return afterServerError(answer, request, await look());
    },
  };
  return documentDriver(access);
};

/** A version speaks for the address it was read from and no other. */
const conditional = (write: HttpRequest, read: HttpRequest, version: string | null): HttpRequest =>
  version === null || write.url !== read.url ? write : { ...write, headers: { ...write.headers, 'if-match': version } };

const worldOf = (exchanged: Exchange, request: HttpRequest, { pointer, secrets }: HttpProfile): World => {
  if (!exchanged.ok) return { ok: false, reason: exchanged.reason, detail: exchanged.detail };
  const { answer } = exchanged;
  if (answer.status < 200 || answer.status > 299) return rejected(`read: ${quotable(answer, request)}`);
  if (!answer.body.ok) return answer.body;
  const parsed = parseExactJson(answer.body.text);
  if (!parsed.ok) return malformed(`the answer ${parsed.detail}`);
  const value = atPointer(parsed.value, pointer);
  if (value === undefined) return malformed(`the answer has nothing at ${pointer}`);
  // What is read goes into the log and onto every screen.
  if (holdsSecret(JSON.stringify(value), secrets)) return malformed('the answer holds a secret of `headers:`');
  return { ok: true, value, version: strongVersion(answer.headers.get('etag')) };
};

/** A weak tag never matches an If-Match, so it is no version. */
const strongVersion = (etag: string | null): string | null => (etag === null || etag.startsWith('W/') ? null : etag);

const outcomeOf = (answer: HttpAnswer, request: HttpRequest): ApplyResult => {
  if (answer.status >= 200 && answer.status <= 299) return { ok: true };
  const said = quotable(answer, request);
  return answer.status === 409 || answer.status === 412 ? targetChanged(said) : rejected(said);
};

/** An error of the server says nothing about the change; the world does, unless a gateway may still be passing it on. */
const afterServerError = (answer: HttpAnswer, request: HttpRequest, world: Observation): ApplyResult => {
  const mayComeLater = answer.status === 502 || answer.status === 504;
  if (world === 'applied') return { ok: true };
  if (world === 'reverted' && !mayComeLater) return rejected(quotable(answer, request));
  return { ok: false, reason: 'unknown', detail: quotable(answer, request) };
};
