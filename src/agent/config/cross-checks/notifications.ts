// Owns what must fit together in notifications.yaml: who asks for a way must have it, and nothing secret goes out in clear.
import type { Finding } from '../describe-issue.ts';
import type { FieldPath } from '../problems.ts';
import { asMap, textsOf } from '../raw-value.ts';
import { found } from './finding.ts';

const NO_MAIL_SERVER = 'needs a mail server, expected `smtp: { host, from }` in this file';
const NO_SLACK_WEBHOOK = 'needs an incoming webhook, expected `slackWebhook` beside it, or at the top for all contacts';
const SINK_WAYS = ['slackWebhook', 'email', 'webhook'];

type Raw = Readonly<Record<string, unknown>>;

export const notificationsFindings = (files: {
  readonly notifications: unknown;
  readonly escalation: unknown;
}): readonly Finding[] => {
  const file = asMap(files.notifications);
  const contacts = asMap(file.contacts);
  const written = asMap(asMap(files.escalation).contacts);
  return [
    ...smtpFindings(asMap(file.smtp)),
    ...Object.keys(contacts).flatMap((name) =>
      contactFindings({ file, entry: asMap(contacts[name]), written: asMap(written[name]) }, ['contacts', name]),
    ),
    ...sinkFindings(file),
  ];
};

const has = (entry: Raw, way: string): boolean => Object.hasOwn(entry, way) && entry[way] !== undefined;

const contactFindings = (
  { file, entry, written }: { readonly file: Raw; readonly entry: Raw; readonly written: Raw },
  field: FieldPath,
): readonly Finding[] => {
  const hasSlackWebhook = has(entry, 'slackWebhook') || has(file, 'slackWebhook');
  const ways: Readonly<Record<string, boolean>> = {
    slack: has(entry, 'slackWebhook') || (hasSlackWebhook && (has(entry, 'slack') || has(written, 'slack'))),
    email: has(file, 'smtp') && (has(entry, 'email') || has(written, 'email')),
    webhook: has(entry, 'webhook') || has(file, 'webhook'),
  };
  const asked = textsOf(entry.channels);
  return [
    ...(has(entry, 'slack') && !hasSlackWebhook ? [found([...field, 'slack'], NO_SLACK_WEBHOOK)] : []),
    ...(has(entry, 'email') && !has(file, 'smtp') ? [found([...field, 'email'], NO_MAIL_SERVER)] : []),
    ...asked.flatMap(({ text, index }) => {
      const here = [...field, 'channels', index];
      if (asked.findIndex((other) => other.text === text) !== index)
        return [found(here, 'is given twice, expected each name once')];
      // What is no way at all, and what was asked for above and is missing, has been said.
      if (ways[text] !== false || has(entry, text)) return [];
      return [found(here, `"${text}" does not reach this contact, expected \`${text}:\` in its entry`)];
    }),
  ];
};

const sinkFindings = (file: Raw): readonly Finding[] => {
  const sinks = asMap(file.sinks);
  return Object.keys(sinks).flatMap((name) => {
    const sink = asMap(sinks[name]);
    const given = SINK_WAYS.filter((way) => has(sink, way));
    const count = given.length === 0 ? 'no address' : 'more than one address';
    return [
      ...(given.length === 1 ? [] : [found(['sinks', name], `has ${count}, expected one of ${SINK_WAYS.join(', ')}`)]),
      ...(given.includes('email') && !has(file, 'smtp') ? [found(['sinks', name, 'email'], NO_MAIL_SERVER)] : []),
    ];
  });
};

const smtpFindings = (smtp: Raw): readonly Finding[] => {
  const { host, security } = smtp;
  const inClear = security === 'none' && typeof host === 'string' && !isLoopback(host);
  return [
    ...(inClear
      ? [found(['smtp', 'security'], 'is none, expected tls or starttls: in clear only to a server on this host')]
      : []),
    ...(has(smtp, 'user') && !has(smtp, 'password')
      ? [found(['smtp', 'user'], 'stands alone, expected `password:` beside it')]
      : []),
    ...(has(smtp, 'password') && !has(smtp, 'user')
      ? [found(['smtp', 'password'], 'stands alone, expected `user:` beside it')]
      : []),
  ];
};

const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
