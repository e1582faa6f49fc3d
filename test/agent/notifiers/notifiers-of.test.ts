import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Config } from '../../../src/agent/config/config.ts';
import type { OutgoingMessage } from '../../../src/agent/notifiers/notifier.ts';
import { notifiersOf } from '../../../src/agent/notifiers/notifiers-of.ts';
import { outgoingMessage } from '../../contract/notifier-contract.ts';
import { type MailStandIn, mailStandIn } from '../../support/mail-stand-ins.ts';
import { type SlackWebhook, slackWebhook } from '../../support/slack-webhook.ts';
import { load } from '../config/load.ts';

let slack: SlackWebhook;
let mail: MailStandIn;
let config: Config;
let lines: string[];

beforeEach(async () => {
  [slack, mail] = await Promise.all([slackWebhook(), mailStandIn()]);
  lines = [];
  config = await load({
    'notifications.yaml': `
slackWebhook: ${slack.url}
smtp: { host: 127.0.0.1, port: ${mail.port}, security: none, from: warroom@example.org }
contacts:
  ana: { slack: U024, email: ana@example.org }
sinks:
  ana: { email: everybody@example.org }
  channel: { slackWebhook: "${slack.url}" }
`,
  });
});
afterEach(async () => {
  await Promise.all([slack.close(), mail.close()]);
});

const send = async (channel: string, changes: Partial<OutgoingMessage>) => {
  const outgoing = outgoingMessage(changes);
  const notifier = notifiersOf(
    () => config,
    (line) => void lines.push(line),
  )(channel, outgoing.to);
  return (await notifier?.send(outgoing, new AbortController().signal)) ?? null;
};

it('a page goes to a contact, an announcement to a sink, a test to whoever has the name', async () => {
  expect(await send('email', { kind: 'page' })).toEqual({ ok: true });
  expect(await send('email', { kind: 'announcement' })).toEqual({ ok: true });
  expect(await send('email', { kind: 'test' })).toEqual({ ok: true });
  expect(mail.received.flatMap(({ to }) => to)).toEqual([
    'ana@example.org',
    'everybody@example.org',
    'ana@example.org',
  ]);
  expect(await send('slack', { kind: 'test', to: 'channel' })).toEqual({ ok: true });
  expect(await send('slack', { kind: 'notice', to: 'channel' })).toMatchObject({ reason: 'not-configured' });
  expect(slack.posted).toHaveLength(1);
});

it('what the configuration does not have is not configured, or no channel at all', async () => {
  expect(await send('webhook', {})).toMatchObject({ ok: false, reason: 'not-configured', retry: false });
  expect(await send('email', { to: 'constructor' })).toMatchObject({ ok: false, reason: 'not-configured' });
  expect(await send('fax', {})).toBeNull();
  expect(await send('constructor', {})).toBeNull();
  expect(await send('log', { to: 'nobody at all' })).toEqual({ ok: true });
  expect(lines).toHaveLength(1);
});

it('a reloaded configuration counts from the next message on', async () => {
  const notifiers = notifiersOf(
    () => config,
    () => undefined,
  );
  const email = notifiers('email', 'ana');
  config = {
    ...config,
    contacts: { ...config.contacts, ana: { ...config.contacts.ana!, email: { to: ['a@b.example'] } } },
  };
  await email?.send(outgoingMessage(), new AbortController().signal);
  config = { ...config, smtp: null };
  expect(await email?.send(outgoingMessage(), new AbortController().signal)).toMatchObject({
    reason: 'not-configured',
  });
  expect(mail.received.map(({ to }) => to)).toEqual([['a@b.example']]);
});
