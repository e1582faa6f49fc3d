// Owns the door for alerts, `POST /api/v1/alerts/{source}`: lets in who has the token, and answers once what was sent cannot be lost.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { includes } from '../../incident/permission.ts';
import { isTheDisks } from '../../incident/refusal.ts';
import { safeJson, safeText } from '../../incident/text.ts';
import type { CommandResult } from '../../protocol/messages.ts';
import type { IncomingAlert, ReadAlerts } from '../alerts/incoming-alert.ts';
import { readAlerts } from '../alerts/read-alerts.ts';
import type { AlertSource } from '../config/config.ts';
import type { Admit } from './admission.ts';
import { type Body, type BodyLimits, discardBody, readBody } from './read-body.ts';
import { refusedEntry } from './refused-entry.ts';
import { bearerToken } from './tokens.ts';

export interface AlertsHost {
  readonly alertSource: (name: string) => AlertSource | null;
  readonly alertSourceNames: () => readonly string[];
  /** Resolves when durable. `truncated` is how many alerts the source itself left out. */
  readonly takeAlerts: (source: string, alerts: readonly IncomingAlert[], truncated: number) => Promise<CommandResult>;
  /** Some or all of what a source sent could not be read; only its sender would know otherwise. */
  readonly alertsNotUnderstood: (source: string, problem: string) => void;
}

export interface AlertsLimits extends BodyLimits {
  /** Bodies on their way in at the same time, each of up to `mostBytes`. */
  readonly mostRead: number;
  /** Bodies that are read and wait for the disk at the same time. */
  readonly mostWaiting: number;
}

export const ALERTS_PATH = '/api/v1/alerts/';

const LIMITS: AlertsLimits = { mostBytes: 8 * 1024 * 1024, withinMs: 10_000, mostRead: 64, mostWaiting: 2_000 };
const MOST_SKIPPED_TOLD = 100;
const SOON = { 'retry-after': '1' };

/** Answers every request whose path begins with `ALERTS_PATH`. Sources try again on 5xx and drop on 4xx: the statuses say which it should be. */
export const alertsEndpoint = (
  host: AlertsHost,
  limits: AlertsLimits = LIMITS,
): ((request: IncomingMessage, response: ServerResponse, admit: Admit) => Promise<void>) => {
  let reading = 0;
  let waiting = 0;

  const takeAlerts: AlertsHost['takeAlerts'] = async (source, alerts, truncated) => {
    waiting += 1;
    try {
      return await host.takeAlerts(source, alerts, truncated);
    } finally {
      waiting -= 1;
    }
  };

  const answerTo = async (request: IncomingMessage, admit: Admit): Promise<Answer | null> => {
    const source = await sourceOf(request, admit, host);
    if ('status' in source) return source;
    if (reading >= limits.mostRead) return problem(503, `${reading} bodies are being read already`, SOON);
    if (waiting >= limits.mostWaiting) return problem(503, `${waiting} bodies wait for the disk already`, SOON);
    reading += 1;
    const body = await readBody(request, limits).finally(() => {
      reading -= 1;
    });
    if (!body.ok) {
      const unread = answerUnread(body.why, limits);
      if (unread !== null) host.alertsNotUnderstood(source.name, `a body was ${body.why}`);
      return unread;
    }
    const read = readBytes(body.bytes, source);
    const unread = problemWith(read);
    if (unread !== null) host.alertsNotUnderstood(source.name, unread);
    return read.ok ? await answerRead(read, source.name, takeAlerts) : problem(400, read.problem);
  };

  return async (request, response, admit) => {
    // A reset while the answer is on its way costs nothing but that answer.
    request.on('error', () => {});
    response.on('error', () => {});
    const answer = await answerTo(request, admit);
    if (answer === null) return;
    const headers = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', ...answer.headers };
    response.writeHead(answer.status, headers).end(`${safeJson(answer.body)}\n`);
    discardBody(request, limits.withinMs);
  };
};

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

const problem = (status: number, error: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  body: { error },
  headers,
});

/** Everything that can be refused before a byte of the body is read. */
const sourceOf = async (request: IncomingMessage, admit: Admit, host: AlertsHost): Promise<AlertSource | Answer> => {
  if (request.method !== 'POST' && request.method !== 'PUT') {
    return problem(405, 'only POST or PUT', { allow: 'POST, PUT' });
  }
  const entry = admit(presentedToken(request.headers.authorization));
  if (!entry.ok) return await refusedEntry(entry);
  if (!includes(entry.admission.permission, 'responder'))
    return problem(403, 'a viewer only looks: this needs the token of a responder');
  const name = nameIn(request.url ?? '');
  const source = name === null ? null : host.alertSource(name);
  if (source === null) {
    const known = host.alertSourceNames().join(', ');
    return problem(404, `no alert source ${safeText(name ?? '', 64)}; there are ${known} (alerts.yaml adds others)`);
  }
  return isPlain(request.headers['content-encoding'])
    ? source
    : problem(415, 'the body is compressed: send it as it is');
};

const isPlain = (encoding: string | undefined): boolean => encoding === undefined || encoding === 'identity';

/** Alertmanager knows basic authentication by name; the user says nothing here. */
const presentedToken = (header: string | undefined): string => {
  const credentials = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (credentials === undefined) return bearerToken(header);
  const text = Buffer.from(credentials, 'base64').toString();
  return text.includes(':') ? text.slice(text.indexOf(':') + 1) : '';
};

const nameIn = (url: string): string | null => {
  const [, name] = /^([^/]+)\/?$/.exec((url.split('?')[0] ?? '').slice(ALERTS_PATH.length)) ?? [];
  try {
    return name === undefined ? null : decodeURIComponent(name);
  } catch {
    return null; // the only way it answers "no such encoding"
  }
};

const answerUnread = (why: Extract<Body, { ok: false }>['why'], limits: AlertsLimits): Answer | null => {
  switch (why) {
    case 'gone':
      return null;
    case 'too-large':
      return problem(413, `the body is larger than ${limits.mostBytes} bytes: send fewer alerts at once`);
    case 'too-slow':
      // Not 408: a source drops what is answered with 4xx, and a slow line is no fault of the alert.
      return problem(503, `the body was not there after ${limits.withinMs / 1_000} s`, {
        ...SOON,
        connection: 'close',
      });
    default:
      return why satisfies never;
  }
};

/** What of a body could not be read, in words; null where all of it could. */
const problemWith = (read: ReadAlerts): string | null => {
  if (!read.ok) return read.problem;
  const [first] = read.skipped;
  if (first === undefined) return null;
  const all = read.alerts.length + read.skipped.length;
  return `${read.skipped.length} of ${all} alerts could not be read: ${first.problem}`;
};

const answerRead = async (
  { alerts, skipped, truncated }: Extract<ReadAlerts, { ok: true }>,
  source: string,
  take: AlertsHost['takeAlerts'],
): Promise<Answer> => {
  const body = {
    taken: alerts.length,
    skipped: skipped.slice(0, MOST_SKIPPED_TOLD),
    ...(skipped.length > MOST_SKIPPED_TOLD ? { furtherSkipped: skipped.length - MOST_SKIPPED_TOLD } : {}),
    truncated,
  };
  if (alerts.length === 0) {
    const error = 'none of the alerts could be read';
    return {
      status: skipped.length > 0 ? 400 : 200,
      body: skipped.length > 0 ? { error, ...body } : body,
      headers: {},
    };
  }
  const result = await take(source, alerts, truncated);
  if (result.ok || result.refusal.reason === 'nothing-due') return { status: 200, body, headers: {} };
  const { reason, message, remedy } = result.refusal;
  const words = `${message}; ${remedy}`;
  if (reason === 'fault') return problem(500, words);
  return isTheDisks(result.refusal) ? problem(503, words, SOON) : problem(409, words);
};

const readBytes = (bytes: Buffer, source: AlertSource): ReadAlerts => {
  let body: unknown;
  try {
    // Drops a byte order mark, and makes of bytes that are no UTF-8 what can be drawn.
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: safeText(`the body is not JSON: ${why}`, 200) };
  }
  return readAlerts(source, body);
};
