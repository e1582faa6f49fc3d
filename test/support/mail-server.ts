// Owns a real mail server (exim) for tests: own directory, own loopback ports, own certificate, ended by its own process group.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ReadMail, readMail } from './read-mail.ts';

/** Mailboxes of `war.test`; mail to `slow-rcpt` and `slow-data` is taken after so long a wait that nobody sees it. */
export const MAILBOXES = ['ana', 'ben', 'stakeholders', 'slow-rcpt', 'slow-data'];

export interface MailServer {
  /** Takes mail in clear and offers STARTTLS, after which a user may log in. */
  readonly port: number;
  /** TLS from the first byte; takes mail from who has logged in only. */
  readonly tlsPort: number;
  readonly login: { readonly user: string; readonly password: string };
  /** What vouches for the server, in PEM. */
  readonly certificate: string;
  /** What was delivered into a mailbox. */
  mailbox(name: string): Promise<readonly ReadMail[]>;
  /** What it wrote down, newest last. */
  log(): Promise<string>;
  /** Ends it and every session at once, as a power cut does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether an exim can be run with a configuration of our own; throws where the environment says that servers must be. */
export const hasMailServer = (): boolean => {
  const missing = whatIsMissing();
  if (missing === null) return true;
  if (process.env.WARROOM_REQUIRE_SERVERS === '1') throw new Error(`WARROOM_REQUIRE_SERVERS=1, and ${missing}`);
  console.log(`skipped: ${missing}`);
  return false;
};

const whatIsMissing = (): string | null => {
  if (spawnSync('exim4', ['-bV']).status !== 0) return 'no exim4 on the PATH (Debian package: exim4-daemon-light)';
  if (spawnSync('openssl', ['version']).status !== 0) return 'no openssl on the PATH (Debian package: openssl)';
  // It gives up its rights to change users when anybody else brings a configuration.
  return process.getuid?.() === 0 ? null : 'not root: exim delivers with a configuration of our own for root alone';
};

const LOGIN = { user: 'warroom', password: 'pa55 w\u00f6rd' };

export const startMailServer = async (): Promise<MailServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'exim-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const child = await start(directory, { port, tlsPort });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) break;
    if (await greets(port)) {
      return {
        port,
        tlsPort,
        login: LOGIN,
        certificate: await readFile(join(directory, 'certificate.pem'), 'utf8'),
        mailbox: (name) => mailbox(join(directory, 'mail', name, 'new')),
        log: () => readFile(join(directory, 'log', 'main'), 'utf8').catch(() => ''),
        kill: () => end(child),
        stop,
      };
    }
    await sleep(50);
  }
  await stop();
  throw new Error('exim did not become ready');
};

const start = async (
  directory: string,
  ports: { readonly port: number; readonly tlsPort: number },
): Promise<ChildProcess> => {
  await makeCertificate(directory);
  const file = join(directory, 'exim.conf');
  await writeFile(file, configuration(directory, ports));
  await chmod(directory, 0o755);
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'Debian-exim'])));
  for (const name of ['spool', 'log', 'mail']) {
    await mkdir(join(directory, name));
    await chown(join(directory, name), uid ?? 0, gid ?? 0);
  }
  for (const name of ['key.pem', 'certificate.pem']) await chown(join(directory, name), uid ?? 0, gid ?? 0);
  // A group of its own: its sessions are processes of their own and must go with it.
  return spawn('exim4', ['-C', file, '-bdf'], { stdio: 'ignore', detached: true });
};

const makeCertificate = async (directory: string): Promise<void> => {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=mail.war.test', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'certificate.pem')],
    ],
    { stdio: 'ignore' },
  );
};

const configuration = (
  directory: string,
  { port, tlsPort }: { readonly port: number; readonly tlsPort: number },
): string => `
primary_hostname = mail.war.test
spool_directory = ${directory}/spool
log_file_path = ${directory}/log/%s
pid_file_path = ${directory}/spool/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port} : ${tlsPort}
tls_on_connect_ports = ${tlsPort}
tls_certificate = ${directory}/certificate.pem
tls_privatekey = ${directory}/key.pem
tls_advertise_hosts = *
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 20
acl_smtp_rcpt = recipient
acl_smtp_data = message

begin acl
recipient:
  deny    message = log in first
          condition = \${if eq{$received_port}{${tlsPort}}}
          !authenticated = *
  deny    message = no relaying
          domains = ! war.test
  deny    message = no such user here
          ! verify = recipient
  accept  local_parts = slow-rcpt
          logwrite = waiting at RCPT
          delay = 60s
  accept
message:
  accept  condition = \${if match{$recipients}{slow-data}}
          logwrite = waiting after the message
          delay = 60s
  accept

begin routers
mailboxes:
  driver = accept
  domains = war.test
  local_parts = ${MAILBOXES.join(' : ')}
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = ${directory}/mail/$local_part_data
  maildir_format
  create_directory
  user = Debian-exim

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${LOGIN.user}}}{eq{$auth3}{${LOGIN.password}}}}}
  server_set_id = $auth2
  server_advertise_condition = \${if def:tls_in_cipher}
`;

const mailbox = async (directory: string): Promise<readonly ReadMail[]> => {
  const names = await readdir(directory).catch(() => []);
  return await Promise.all(names.sort().map(async (name) => readMail(await readFile(join(directory, name), 'utf8'))));
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await ended;
};

const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', () => {
      resolve(true);
      socket.end('QUIT\r\n');
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
