// Owns the shape of notifications.yaml: where contacts are reached.
import * as z from 'zod/mini';
import { contactWays } from './escalation.ts';
import { fields, headers, named, secret } from './fields.ts';

/** `webhook: https://…`, `webhook: ${NAME}`, `webhook: {file: path}`, or `webhook: {url: …, headers: …}`. */
const webhook = z.union([secret, z.strictObject({ url: secret, headers: z.optional(headers) })], {
  error: `expected an address, \${NAME}, {file: path}, or {url, headers}`,
});

export const notificationsSchema = fields({
  /** Where contacts without a webhook of their own are reached. */
  webhook: z.optional(webhook),
  contacts: z.optional(
    z.nullable(named('the name of a contact', fields({ ...contactWays, webhook: z.optional(webhook) }))),
  ),
});

export type NotificationsFile = z.output<typeof notificationsSchema>;
export type WebhookEntry = z.output<typeof webhook>;
