// Owns one delivery over SMTP: one connection, one message, and the knowledge of how far it got when it fails.
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { SmtpServer } from '../config/config.ts';

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** What the server or the network said; `responseCode` only where the server did. */
export interface SmtpFault {
  readonly message: string;
  readonly code?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
}

export type Delivery =
  | { readonly ok: true; readonly accepted: number; readonly refused: readonly SmtpFault[] }
  | {
      readonly ok: false;
      readonly fault: SmtpFault;
      /** The message itself was on its way: without an answer the server may have taken it. */
      readonly handedOver: boolean;
    };

/** Delivers a finished message. Ends, at the latest, when the signal says so; never throws. */
export const deliver = async (
  server: SmtpServer,
  mail: { readonly envelope: Envelope; readonly source: Buffer },
  signal: AbortSignal,
): Promise<Delivery> => {
  let handedOver = false;
  // It is read only once the server has asked for the message.
  const source = new Readable({
    read: () => {
      handedOver = true;
      source.push(mail.source);
      source.push(null);
    },
  });
  try {
    const { accepted, rejectedErrors } = await inSession(server, signal, (connection) =>
      sent(connection, mail.envelope, source),
    );
    return { ok: true, accepted: accepted.length, refused: rejectedErrors ?? [] };
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error : { message: String(error) }, handedOver };
  }
};

const inSession = async <Result>(
  server: SmtpServer,
  signal: AbortSignal,
  act: (connection: SMTPConnection) => Promise<Result>,
): Promise<Result> => {
  const connection = new SMTPConnection({ ...optionsOf(server), connection: await connected(server, signal) });
  const broken = new Promise<never>((_, reject) => {
    // Stays on: an error after the end of the session is nobody's concern, and must not be thrown.
    connection.on('error', reject);
    signal.addEventListener('abort', () => reject(new Error('called off')), { once: true });
  });
  broken.catch(() => undefined);
  try {
    await Promise.race([broken, greeted(connection)]);
    if (server.user !== null && connection.allowsAuth) await Promise.race([broken, loggedIn(connection, server)]);
    const result = await Promise.race([broken, act(connection)]);
    connection.quit();
    return result;
  } catch (error) {
    connection.close();
    throw error;
  }
};

const optionsOf = ({ host, port, security, timeoutMs }: SmtpServer) => ({
  host,
  port,
  secure: security === 'tls',
  requireTLS: security === 'starttls',
  ignoreTLS: security === 'none',
  connectionTimeout: timeoutMs,
  greetingTimeout: timeoutMs,
  socketTimeout: timeoutMs,
  dnsTimeout: timeoutMs,
  socketCloseTimeout: 0,
  maxResponseSize: 64 * 1024,
});

/** Connected by the system's own look-up of names: /etc/hosts counts, and no answer is kept beyond its time. */
const connected = ({ host, port }: SmtpServer, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const abort = (): void => {
      socket.destroy();
      reject(new Error('called off'));
    };
    signal.addEventListener('abort', abort, { once: true });
    // Stays on as well: until the session listens, somebody has to.
    socket.on('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });

const greeted = (connection: SMTPConnection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });

const loggedIn = (connection: SMTPConnection, { user, password }: SmtpServer): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.login({ credentials: { user: user ?? '', pass: password ?? '' } }, (error) =>
      error ? reject(error) : resolve(),
    );
  });

const sent = (connection: SMTPConnection, { from, to }: Envelope, source: Readable): Promise<SMTPConnectionSendInfo> =>
  new Promise((resolve, reject) => {
    connection.send({ from, to: [...to] }, source, (error, info) => (error ? reject(error) : resolve(info)));
  });
