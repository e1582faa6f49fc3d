// Owns turning the contacts of escalation.yaml and notifications.yaml into addresses and channels.
import { fillHeaders } from './build-headers.ts';
import type { ContactAddresses } from './config.ts';
import type { FieldPath } from './problems.ts';
import type { EscalationFile } from './schema/escalation.ts';
import { isAddress } from './schema/fields.ts';
import type { NotificationsFile, WebhookEntry } from './schema/notifications.ts';
import type { ReportField, Secrets } from './secrets.ts';

interface Parts {
  readonly secrets: Secrets;
  readonly report: ReportField;
}

/** Every contact that is in a table or on a ladder, with the ways to reach it. */
export const buildContacts = async (
  files: { readonly escalation: EscalationFile; readonly notifications: NotificationsFile },
  parts: Parts,
): Promise<Readonly<Record<string, ContactAddresses>>> => {
  const { escalation, notifications } = files;
  const shared = await webhook(notifications.webhook, ['webhook'], parts);
  const names = new Set([
    ...Object.keys(escalation.contacts ?? {}),
    ...Object.keys(notifications.contacts ?? {}),
    ...onLadders(escalation),
  ]);
  return Object.fromEntries(
    await Promise.all(
      [...names].map(async (name): Promise<[string, ContactAddresses]> => {
        const { webhook: own, ...ways } = ownEntry(notifications.contacts, name);
        const byHand = { ...ownEntry(escalation.contacts, name), ...ways };
        return [
          name,
          { byHand: textsOnly(byHand), webhook: (await webhook(own, ['contacts', name, 'webhook'], parts)) ?? shared },
        ];
      }),
    ),
  );
};

/** The channels of a contact, in order: the agent's log always, and last. */
export const channelsOf = ({ webhook }: ContactAddresses): readonly string[] =>
  webhook === null ? ['log'] : ['webhook', 'log'];

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

const textsOnly = (ways: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(ways).flatMap(([way, text]) => (text === undefined ? [] : [[way, text]])));

const webhook = async (
  given: WebhookEntry | undefined,
  field: FieldPath,
  { secrets, report }: Parts,
): Promise<ContactAddresses['webhook']> => {
  if (given === undefined) return null;
  const isLong = typeof given === 'object' && 'url' in given;
  const at = isLong ? [...field, 'url'] : field;
  const url = await secrets.fill(isLong ? given.url : given, at, report);
  const headers = await fillHeaders(isLong ? given.headers : undefined, {
    secrets,
    report,
    field: [...field, 'headers'],
  });
  if (url === null) return null;
  if (isAddress(url)) return { url, headers };
  report(at, 'is no address, expected one beginning with http:// or https://, without a name and password');
  return null;
};
