// Owns mail servers for tests: one that takes mail and keeps it, and one that makes trouble at a stage of its choice.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type ReadMail, readMail } from './read-mail.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Who had logged in; null for nobody. */
  readonly user: string | null;
  readonly isEncrypted: boolean;
  readonly source: string;
  readonly mail: ReadMail;
}

export interface MailStandIn {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  close(): Promise<void>;
}

interface MailStandInOptions {
  /** Who may log in. Without one nobody has to. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Recipients that it refuses, with the code of the answer. */
  readonly refused?: Readonly<Record<string, number>>;
  readonly key?: string;
  readonly cert?: string;
  /** TLS from the first byte. */
  readonly secure?: boolean;
}

export const mailStandIn = async (options: MailStandInOptions = {}): Promise<MailStandIn> => {
  const { login, refused = {}, secure = false } = options;
  const received: ReceivedMail[] = [];
  const { key, cert } = options;
  const settings: SMTPServerOptions = {
    secure,
    // No word about its certificate, which is nobody's: that is what it is for.
    logger: false,
    closeTimeout: 100,
    ...(key === undefined || cert === undefined ? {} : { key, cert }),
    authOptional: login === undefined,
    disabledCommands: login === undefined ? ['AUTH'] : [],
    // Over an encrypted line alone, as a real one.
    allowInsecureAuth: false,
    disableReverseLookup: true,
    onAuth: ({ username = '', password }, _, answer) =>
      username === login?.user && password === login?.password
        ? answer(null, { user: username })
        : answer(refusal(535, `no user ${username} with ${password}`)),
    onRcptTo: ({ address }, _, answer) =>
      refused[address] === undefined ? answer() : answer(refusal(refused[address], `no mailbox ${address}`)),
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const source = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user === undefined ? null : String(session.user),
          isEncrypted: session.secure,
          source,
          mail: readMail(source),
        });
        answer();
      });
    },
  };
  const server = new SMTPServer(settings);
  // What a client does to the line is no fault of the server.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};

const refusal = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });

/** `message` is after the whole message with its dot. */
export type Stage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message';

const USUAL: Readonly<Record<Stage, string>> = {
  greeting: '220 trouble ESMTP',
  EHLO: '250-trouble\r\n250-PIPELINING\r\n250 AUTH PLAIN',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  message: '250 taken',
};

/** A mail server that at one stage hangs, drops the line, or answers with what it is given. */
export const troubledMailServer = async (
  stage: Stage,
  trouble: 'hang' | 'drop' | { readonly answer: string },
): Promise<{ readonly port: number; close(): Promise<void> }> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const reach = (reached: Stage): void => {
      if (reached === 'DATA' && hasRefused) socket.write('503 nobody to send it to\r\n');
      else if (reached !== stage) socket.write(`${USUAL[reached]}\r\n`);
      else if (trouble === 'drop') socket.destroy();
      else if (trouble !== 'hang') socket.write(`${trouble.answer}\r\n`);
      if (reached === stage && (reached === 'MAIL' || reached === 'RCPT' || reached === 'DATA')) hasRefused = true;
    };
    let unread = '';
    let isMessage = false;
    let hasRefused = false;
    reach('greeting');
    socket.on('data', (chunk) => {
      unread += chunk;
      for (;;) {
        const end = isMessage ? '\r\n.\r\n' : '\r\n';
        const length = unread.indexOf(end);
        if (length === -1) return;
        const line = unread.slice(0, length);
        unread = unread.slice(length + end.length);
        const reached = isMessage ? 'message' : (/^(EHLO|AUTH|MAIL|RCPT|DATA)/.exec(line)?.[1] as Stage | undefined);
        isMessage = reached === 'DATA' && !hasRefused && stage !== 'DATA';
        if (reached !== undefined) reach(reached);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
