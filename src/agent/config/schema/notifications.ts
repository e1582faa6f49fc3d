// Owns the shape of notifications.yaml: where contacts are reached, who hears of every incident, and through which mail server.
import * as z from 'zod/mini';
import { MINUTE, SECOND } from '../../../incident/time.ts';
import { contactWays } from './escalation.ts';
import { count, duration, fields, headers, listOf, named, oneOf, secret } from './fields.ts';

/** `webhook: https://…`, `webhook: ${NAME}`, `webhook: {file: path}`, or `webhook: {url: …, headers: …}`. */
const webhook = z.union([secret, z.strictObject({ url: secret, headers: z.optional(headers) })], {
  error: `expected an address, \${NAME}, {file: path}, or {url, headers}`,
});

const checked = (pattern: RegExp, error: string) => z.string({ error }).check(z.regex(pattern, { error }));

const MAILBOX = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?";
const EMAIL = new RegExp(`^${MAILBOX}$`);
// Without the signs that would make two addresses of one.
const SENDER = new RegExp(`^(?:${MAILBOX}|[^\\p{Cc}<>()[\\]\\\\,;:@"]{1,100}<${MAILBOX}>)$`, 'u');
// Users begin with U or W, user groups with S.
const SLACK_ID = /^[UWS][A-Z0-9]{2,30}$/;

export const isEmailAddress = (given: string): boolean => EMAIL.test(given);

/** Whether Slack notifies somebody for it: a member's or a user group's id. A name with @ notifies nobody. */
export const isSlackId = (given: string): boolean => SLACK_ID.test(given);

const AN_EMAIL = 'an e-mail address such as ana@example.org';
const email = checked(EMAIL, `expected ${AN_EMAIL}`);
const emails = z.union(
  [email, listOf(email, 'expected a list').check(z.minLength(1), z.maxLength(50, { error: 'expected at most 50' }))],
  { error: `expected ${AN_EMAIL}, or a list of up to 50` },
);

const slack = checked(
  SLACK_ID,
  'expected the id of a Slack member such as U024, or of a user group such as S024: a name with @ notifies nobody',
);

export const WAYS = ['slack', 'email', 'webhook'] as const;
export type Way = (typeof WAYS)[number];

const smtp = fields({
  host: checked(/^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/, 'expected the name or address of a mail server'),
  port: z.optional(count({ least: 1, most: 65_535 })),
  security: z.optional(oneOf(['tls', 'starttls', 'none'])),
  user: z.optional(secret),
  password: z.optional(secret),
  from: checked(SENDER, 'expected an e-mail address such as warroom@example.org or War Room <warroom@example.org>'),
  timeout: z.optional(duration({ leastMs: SECOND, mostMs: MINUTE, example: '10s' })),
});

const contact = fields({
  ...contactWays,
  webhook: z.optional(webhook),
  slack: z.optional(slack),
  slackWebhook: z.optional(secret),
  email: z.optional(emails),
  channels: z.optional(listOf(oneOf(WAYS), `expected a list of ${WAYS.join(', ')}`)),
});

const sink = fields({
  slackWebhook: z.optional(secret),
  email: z.optional(emails),
  webhook: z.optional(webhook),
});

export const notificationsSchema = fields({
  /** Where contacts without a webhook of their own are reached. */
  webhook: z.optional(webhook),
  /** Where contacts with a Slack id and without a Slack webhook of their own are reached. */
  slackWebhook: z.optional(secret),
  smtp: z.optional(smtp),
  contacts: z.optional(z.nullable(named('the name of a contact', contact))),
  sinks: z.optional(z.nullable(named('the name of a sink', sink))),
});

export type NotificationsFile = z.output<typeof notificationsSchema>;
export type WebhookEntry = z.output<typeof webhook>;
export type EmailEntry = z.output<typeof emails>;
export type SmtpEntry = z.output<typeof smtp>;
