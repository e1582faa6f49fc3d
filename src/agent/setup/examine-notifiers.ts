// Owns trying the ways to people without bothering any: the mail server is greeted, a Slack address is only read.
import type { Config, SmtpServer } from '../config/config.ts';
import { failureWords } from '../sources/failure-words.ts';
import { LOOK_WITHIN_MS } from './examine-prometheus.ts';
import { type Finding, failure, fine, namesOf, warning } from './finding.ts';

/** Greets the mail server, takes the login where there is one, and leaves. */
export const examineMail = async (server: SmtpServer | null): Promise<readonly Finding[]> => {
  if (server === null) return [];
  const place = `the mail server ${server.host}:${server.port}`;
  const trouble = await greet(server);
  return trouble === null
    ? [fine('mail', `${place} greets${server.user === null ? '' : ' and takes the login'}`)]
    : [failure('mail', `${place} ${trouble}`, 'correct `smtp:` in notifications.yaml, or see to the server')];
};

const greet = async ({ host, port, security, user, password }: SmtpServer): Promise<string | null> => {
  // Only who has a mail server pays for the library.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: LOOK_WITHIN_MS,
    greetingTimeout: LOOK_WITHIN_MS,
    socketTimeout: LOOK_WITHIN_MS,
    dnsTimeout: LOOK_WITHIN_MS,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  });
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(mailWords({ code: 'ETIMEDOUT' })), LOOK_WITHIN_MS);
  const trying = transport.verify().then(() => null, mailWords);
  try {
    return await Promise.race([trying, late.promise]);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
};

interface MailFault {
  readonly code?: unknown;
  readonly responseCode?: unknown;
}

/** In our words alone: what a server says may repeat what it was sent. */
const mailWords = (thrown: unknown): string => {
  const { code, responseCode } = (thrown ?? {}) as MailFault;
  const answer = typeof responseCode === 'number' ? ` (${responseCode})` : '';
  switch (code) {
    case 'EAUTH':
      return `refuses the login${answer}`;
    case 'ENOAUTH':
      return 'offers no login';
    case 'ETLS':
      return 'offers no STARTTLS, or not with a certificate that is trusted';
    case 'ETIMEDOUT':
      return `does not answer within ${LOOK_WITHIN_MS / 1_000} s`;
    case 'EPROTOCOL':
      return `does not speak SMTP${answer}`;
    case 'EDNS':
      return 'is not found: host name not found';
    case 'ECONNECTION':
    case 'ESOCKET':
      return `does not answer: ${failureWords(withoutMailCode(thrown))}`;
    default:
      return `does not answer: ${failureWords(thrown)}${answer}`;
  }
};

/** The library puts its own code over that of the system, which stays in the words. */
const withoutMailCode = (thrown: unknown): unknown => {
  const code = thrown instanceof Error ? /\b(E[A-Z]{4,}|[A-Z_]*CERT[A-Z_]*)\b/.exec(thrown.message)?.[1] : undefined;
  return code === undefined ? new Error('connection failed') : Object.assign(new Error(code), { code });
};

interface SlackUse {
  readonly whose: string;
  readonly url: string;
}

/** Reads the Slack addresses; posting to one would be a message to people. */
export const examineSlack = ({ contacts, sinks }: Config): readonly Finding[] => {
  const uses: readonly SlackUse[] = [...Object.entries(contacts), ...Object.entries(sinks)].flatMap(
    ([whose, { slack }]) => (slack === null ? [] : [{ whose, url: slack.webhookUrl }]),
  );
  return [...Map.groupBy(uses, ({ url }) => url)].map(([url, its]) =>
    slackFinding(url, namesOf(its.map(({ whose }) => whose))),
  );
};

// The address is the secret: nothing but its host is ever said.
const slackFinding = (address: string, whose: string): Finding => {
  const url = new URL(address);
  const isSlack = url.hostname === 'hooks.slack.com';
  if (isSlack && url.protocol === 'https:' && /^\/(?:services|workflows|triggers)\/\S{10,}$/.test(url.pathname))
    return fine('slack', `the Slack webhook of ${whose} looks like one; warroom notify-test sends through it`);
  if (isSlack)
    return failure(
      'slack',
      `the Slack webhook of ${whose} is not whole`,
      'copy it again: https://hooks.slack.com/services/…',
    );
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return failure(
      'slack',
      `the webhook of ${whose} at ${url.hostname} is without TLS: everybody on the way reads it`,
      'use an https:// address',
    );
  return warning(
    'slack',
    `the webhook of ${whose} is at ${url.hostname}, not at hooks.slack.com`,
    'fine for a server that takes Slack messages; else copy it again',
  );
};

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host);
