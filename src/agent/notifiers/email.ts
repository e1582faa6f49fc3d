// Owns messages by e-mail, and what the mail server's answers mean.
import MailComposer from 'nodemailer/lib/mail-composer';
import { safeText } from '../../incident/text.ts';
import type { EmailAddress, SmtpServer } from '../config/config.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { type EmailMessage, emailMessage } from './email-message.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from './notifier.ts';
import { type Delivery, deliver, type SmtpFault } from './smtp-delivery.ts';
import { calledOff, finalFailure, passingFailure } from './verdicts.ts';

export interface EmailOptions {
  /** Where a message goes; null when the configuration does not say. */
  readonly address: (outgoing: OutgoingMessage) => EmailAddress | null;
  readonly server: () => SmtpServer | null;
  /** Tells two rooms with the same incident numbers apart, for whoever folds repeats by their Message-ID. */
  readonly room?: () => string;
}

/**
 * A notifier that takes a message as delivered once the server has it for at least one of the recipients; the refused ones are in
 * the warning. 4xx answers and a failing network are worth another try, 5xx answers are not. The password is in no result.
 */
export const emailNotifier = ({ address, server, room = () => '' }: EmailOptions): Notifier => ({
  send: async (outgoing, signal) => {
    const smtp = server();
    const to = address(outgoing)?.to ?? [];
    if (smtp === null) return finalFailure('not-configured', 'no mail server');
    if (to.length === 0) return finalFailure('not-configured', `no e-mail address for ${safeText(outgoing.to, 100)}`);
    if (signal.aborted) return calledOff();
    const message = emailMessage(outgoing, { room: room(), from: smtp.from });
    const timer = AbortSignal.timeout(smtp.timeoutMs);
    const delivery = await deliver(smtp, await composed(message, smtp.from, to), AbortSignal.any([signal, timer]));
    if (delivery.ok) return deliveredVerdict(delivery, smtp);
    if (timer.aborted || signal.aborted) {
      const detail = timer.aborted
        ? `no answer from the mail server within ${smtp.timeoutMs} ms`
        : 'called off before the mail server answered';
      return passingFailure({ reason: 'timeout', detail, mayHaveArrived: delivery.handedOver });
    }
    return faultVerdict(delivery, smtp);
  },
});

const composed = async (message: EmailMessage, from: string, to: readonly string[]) => {
  const { subject, text, html, messageId, references, isUrgent } = message;
  const node = new MailComposer({
    from,
    // As objects: nothing of an address is read as a list or a name.
    to: to.map((recipient) => ({ name: '', address: recipient })),
    subject,
    text,
    html,
    messageId,
    ...(references === null ? {} : { references, inReplyTo: references }),
    headers: {
      // Nobody's holiday notice should answer a page (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      ...(isUrgent ? { Importance: 'high', 'X-Priority': '1' } : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { envelope: { from: String(envelope.from), to: envelope.to }, source: await node.build() };
};

const deliveredVerdict = ({ accepted, refused }: Extract<Delivery, { ok: true }>, server: SmtpServer): NotifyResult => {
  const [first] = refused;
  if (first === undefined) return { ok: true };
  const said = saidBy(first, server);
  return { ok: true, warning: `${refused.length} of ${accepted + refused.length} recipients refused: ${said}` };
};

const faultVerdict = ({ fault, handedOver }: Extract<Delivery, { ok: false }>, server: SmtpServer): NotifyResult => {
  const { code, responseCode = 0 } = fault;
  const detail = saidBy(fault, server);
  // 503 is about the order of commands: a new session may fare better.
  if (responseCode >= 500 && responseCode !== 503) return finalFailure('rejected', detail);
  if (responseCode >= 400) return passingFailure({ reason: 'unreachable', detail });
  if (code === 'EAUTH') return finalFailure('not-configured', detail);
  const reason = code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
  return passingFailure({ reason, detail, mayHaveArrived: handedOver });
};

const saidBy = ({ response, message }: SmtpFault, { password }: SmtpServer): string =>
  withoutSecrets(response ?? message, password === null ? [] : [password], 200);
