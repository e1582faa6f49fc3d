// Owns who hears of every incident: each sink with the one way it is reached by.
import { buildEmail, buildUrl, buildWebhook, type Parts } from './build-addresses.ts';
import type { Sink } from './config.ts';
import type { FieldPath } from './problems.ts';
import type { NotificationsFile } from './schema/notifications.ts';

type SinkEntry = NonNullable<NonNullable<NotificationsFile['sinks']>[string]>;

/** The sinks of notifications.yaml; one without a usable address is left out after the problem was reported. */
export const buildSinks = async (
  { sinks }: NotificationsFile,
  parts: Parts,
): Promise<Readonly<Record<string, Sink>>> => {
  const built = await Promise.all(
    Object.entries(sinks ?? {}).map(async ([name, entry]) => ({
      name,
      sink: await sinkOf(entry, ['sinks', name], parts),
    })),
  );
  return Object.fromEntries(built.flatMap(({ name, sink }) => (sink === null ? [] : [[name, sink]])));
};

const sinkOf = async (entry: SinkEntry, field: FieldPath, parts: Parts): Promise<Sink | null> => {
  const webhookUrl = await buildUrl(entry.slackWebhook, [...field, 'slackWebhook'], parts);
  const webhook = await buildWebhook(entry.webhook, [...field, 'webhook'], parts);
  const email = buildEmail(entry.email);
  if (webhookUrl !== null)
    return { channel: 'slack', slack: { webhookUrl, mention: null }, email: null, webhook: null };
  if (email !== null) return { channel: 'email', slack: null, email, webhook: null };
  return webhook === null ? null : { channel: 'webhook', slack: null, email: null, webhook };
};
