// Owns turning what a team wrote into addresses that a notifier can use: webhooks, Slack webhooks, e-mail addresses.
import { fillHeaders } from './build-headers.ts';
import type { EmailAddress, WebhookAddress } from './config.ts';
import type { FieldPath } from './problems.ts';
import { isAddress } from './schema/fields.ts';
import type { EmailEntry, WebhookEntry } from './schema/notifications.ts';
import type { ReportField, SecretEntry, Secrets } from './secrets.ts';

export interface Parts {
  readonly secrets: Secrets;
  readonly report: ReportField;
}

export const buildWebhook = async (
  given: WebhookEntry | undefined,
  field: FieldPath,
  parts: Parts,
): Promise<WebhookAddress | null> => {
  if (given === undefined) return null;
  const isLong = typeof given === 'object' && 'url' in given;
  const url = await buildUrl(isLong ? given.url : given, isLong ? [...field, 'url'] : field, parts);
  const headers = await fillHeaders(isLong ? given.headers : undefined, { ...parts, field: [...field, 'headers'] });
  return url === null ? null : { url, headers };
};

/** An address that is a secret itself; null after telling `report` why not. */
export const buildUrl = async (
  given: SecretEntry | undefined,
  field: FieldPath,
  { secrets, report }: Parts,
): Promise<string | null> => {
  if (given === undefined) return null;
  const url = await secrets.fill(given, field, report);
  if (url === null || isAddress(url)) return url;
  report(field, 'is no address, expected one beginning with http:// or https://, without a name and password');
  return null;
};

export const buildEmail = (given: EmailEntry | undefined): EmailAddress | null =>
  given === undefined ? null : { to: typeof given === 'string' ? [given] : given };
