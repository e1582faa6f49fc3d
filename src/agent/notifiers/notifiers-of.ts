// Owns which notifier carries which channel, and whose address a message goes to.
import { own } from '../../incident/own.ts';
import type { Config } from '../config/config.ts';
import { agentLogNotifier, type WriteMessage } from './agent-log.ts';
import { emailNotifier } from './email.ts';
import type { Notifier, OutgoingMessage } from './notifier.ts';
import { slackNotifier } from './slack.ts';
import { webhookNotifier } from './webhook.ts';

type Way = 'webhook' | 'slack' | 'email';

/**
 * The notifiers by their channel: `log`, `webhook`, `slack`, `email`; null for any other. The configuration is asked at each
 * sending, so that a reload counts at once. `room` tells two rooms with the same incident numbers apart where messages are threaded.
 */
export const notifiersOf = (
  config: () => Config,
  write: WriteMessage,
  room: () => string = () => '',
): ((channel: string, to: string) => Notifier | null) => {
  const address =
    <Chosen extends Way>(way: Chosen) =>
    (outgoing: OutgoingMessage) =>
      addressesOf(config(), outgoing)?.[way] ?? null;
  const notifiers: Readonly<Record<string, Notifier>> = {
    log: agentLogNotifier({ write }),
    webhook: webhookNotifier({ address: address('webhook') }),
    slack: slackNotifier({ address: address('slack') }),
    email: emailNotifier({ address: address('email'), server: () => config().smtp, room }),
  };
  return (channel) => own(notifiers, channel) ?? null;
};

/** An announcement goes to a sink, a test to whoever has the name, everything else to a contact. */
const addressesOf = (config: Config, { kind, to }: OutgoingMessage) => {
  if (kind === 'announcement') return own(config.sinks, to);
  const contact = own(config.contacts, to);
  return kind === 'test' ? (contact ?? own(config.sinks, to)) : contact;
};
