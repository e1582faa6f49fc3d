// Owns joining the contacts of escalation.yaml and notifications.yaml into addresses and channels.
import { buildEmail, buildUrl, buildWebhook, type Parts } from './build-addresses.ts';
import type { ContactAddresses, EmailAddress, SlackAddress } from './config.ts';
import type { EscalationFile } from './schema/escalation.ts';
import { isEmailAddress, isSlackId, type NotificationsFile, WAYS } from './schema/notifications.ts';

interface ContactFiles {
  readonly escalation: EscalationFile;
  readonly notifications: NotificationsFile;
}

type WrittenByHand = Readonly<Record<string, string | undefined>>;
type ContactEntry = NonNullable<NonNullable<NotificationsFile['contacts']>[string]>;

/** Every contact that is in a table or on a ladder, with the ways to reach it. */
export const buildContacts = async (
  { escalation, notifications }: ContactFiles,
  parts: Parts,
): Promise<Readonly<Record<string, ContactAddresses>>> => {
  const shared = {
    webhook: await buildWebhook(notifications.webhook, ['webhook'], parts),
    slackWebhook: await buildUrl(notifications.slackWebhook, ['slackWebhook'], parts),
    hasMailServer: notifications.smtp !== undefined,
  };
  const names = new Set([
    ...Object.keys(escalation.contacts ?? {}),
    ...Object.keys(notifications.contacts ?? {}),
    ...onLadders(escalation),
  ]);
  const build = async (name: string): Promise<ContactAddresses> => {
    const written: WrittenByHand = ownEntry(escalation.contacts, name);
    const entry: Partial<ContactEntry> = ownEntry(notifications.contacts, name);
    const field = ['contacts', name];
    const webhookUrl = (await buildUrl(entry.slackWebhook, [...field, 'slackWebhook'], parts)) ?? shared.slackWebhook;
    const slack = slackAddress(entry, written, webhookUrl);
    const email = shared.hasMailServer ? (buildEmail(entry.email) ?? writtenEmail(written)) : null;
    return {
      byHand: byHand(entry, written, { slack, email }),
      webhook: (await buildWebhook(entry.webhook, [...field, 'webhook'], parts)) ?? shared.webhook,
      slack,
      email,
    };
  };
  return Object.fromEntries(
    await Promise.all([...names].map(async (name): Promise<[string, ContactAddresses]> => [name, await build(name)])),
  );
};

/** The channels of each contact, in order: those it asks for or all there are, then the agent's log, always. */
export const channelsOf = (
  contacts: Readonly<Record<string, ContactAddresses>>,
  notifications: NotificationsFile,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(contacts).map(([name, addresses]) => {
      const asked = ownEntry(notifications.contacts, name).channels ?? WAYS;
      return [name, [...asked.filter((way) => addresses[way] !== null), 'log']];
    }),
  );

/** A Slack name of escalation.yaml, which notifies nobody, still leads to the webhook: without a mention. */
const slackAddress = (
  entry: Partial<ContactEntry>,
  written: WrittenByHand,
  webhookUrl: string | null,
): SlackAddress | null => {
  const named = entry.slack ?? written.slack;
  if (webhookUrl === null || (named === undefined && entry.slackWebhook === undefined)) return null;
  return { webhookUrl, mention: named !== undefined && isSlackId(named) ? named : null };
};

const writtenEmail = ({ email }: WrittenByHand): EmailAddress | null =>
  email !== undefined && isEmailAddress(email) ? buildEmail(email) : null;

/** What is left to a person: ways that no notifier has, or that lack their webhook or mail server. */
const byHand = (
  { pagerduty, phone, slack, email }: Partial<ContactEntry>,
  written: WrittenByHand,
  reached: { readonly slack: SlackAddress | null; readonly email: EmailAddress | null },
): ContactAddresses['byHand'] => {
  const ways = {
    pagerduty: pagerduty ?? written.pagerduty,
    slack: reached.slack === null ? (slack ?? written.slack) : undefined,
    phone: phone ?? written.phone,
    email: reached.email === null ? [email ?? written.email ?? []].flat().join(', ') || undefined : undefined,
  };
  return Object.fromEntries(Object.entries(ways).flatMap(([way, text]) => (text === undefined ? [] : [[way, text]])));
};

const onLadders = (escalation: EscalationFile): readonly string[] =>
  [escalation.escalation, ...Object.values(escalation.ladders ?? {})]
    .flatMap((matrix) => Object.values(matrix))
    .flatMap((ladder) => Object.values(ladder ?? {}))
    .flatMap((contacts) => (Array.isArray(contacts) ? (contacts as readonly string[]) : []));

const ownEntry = <Entry extends object>(
  entries: Readonly<Record<string, Entry>> | null | undefined,
  name: string,
): Partial<Entry> =>
  entries !== null && entries !== undefined && Object.hasOwn(entries, name) ? (entries[name] ?? {}) : {};
