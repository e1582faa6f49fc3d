// Owns the mail server of notifications.yaml with its defaults and its secrets.
import { SECOND } from '../../incident/time.ts';
import type { Parts } from './build-addresses.ts';
import type { SmtpServer } from './config.ts';
import type { SmtpEntry } from './schema/notifications.ts';

const PORTS: Readonly<Record<SmtpServer['security'], number>> = { tls: 465, starttls: 587, none: 25 };

/** The mail server; null without one, or after a secret that is missing was reported. */
export const buildSmtp = async (
  given: SmtpEntry | undefined,
  { secrets, report }: Parts,
): Promise<SmtpServer | null> => {
  if (given === undefined) return null;
  const { host, port, from, timeout } = given;
  const security = given.security ?? (port === PORTS.tls ? 'tls' : 'starttls');
  const user = given.user === undefined ? null : await secrets.fill(given.user, ['smtp', 'user'], report);
  const password =
    given.password === undefined ? null : await secrets.fill(given.password, ['smtp', 'password'], report);
  return { host, port: port ?? PORTS[security], security, user, password, from, timeoutMs: timeout ?? 10 * SECOND };
};
