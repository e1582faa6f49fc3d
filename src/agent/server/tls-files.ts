// Owns the certificate that the agent shows: read from files, exchanged when they change, and kept when what is new is broken.
import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { OperatorError } from '../../protocol/operator-error.ts';
import type { AgentLog } from '../agent-log.ts';
import type { TlsFiles } from '../config/config.ts';
import { readBounded } from '../config/read-bounded.ts';
import { reasonOf } from '../config/secrets.ts';

export interface TlsKeeper {
  readonly material: () => SecureContextOptions;
  /** A client certificate is asked for. */
  readonly asksClients: boolean;
  /** Without one nobody gets as far as showing a token. */
  readonly requiresClients: boolean;
  /** Whether the certificate is for that name. */
  isFor(name: string): boolean;
  /** Calls `listener` with what to show from now on. */
  onRenewed(listener: (material: SecureContextOptions) => void): void;
  /** Reads the files again now. */
  look(): Promise<void>;
  close(): void;
}

interface TlsKeeperParts {
  readonly files: TlsFiles;
  readonly agentLog: AgentLog;
  readonly lookEveryMs?: number;
}

interface Pair {
  readonly material: SecureContextOptions;
  readonly certificate: X509Certificate;
  readonly digest: string;
}

const LARGEST_FILE_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 2_000;

/** Reads certificate and key. Throws `bad-config` where they cannot be used. */
export const openTlsFiles = async ({
  files,
  agentLog,
  lookEveryMs = LOOK_EVERY_MS,
}: TlsKeeperParts): Promise<TlsKeeper> => {
  let shown = await readPair(files);
  if (isOver(shown.certificate))
    agentLog.error(`the certificate in ${files.certificate} expired at ${shown.certificate.validTo}: renew it`);
  const listeners = new Set<(material: SecureContextOptions) => void>();
  let suspected: string | null = null;
  let told: string | null = null;
  let looking: Promise<void> | null = null;
  let isClosed = false;

  const refuse = (problem: string): void => {
    // Certificate and key are written one after the other: only what stays wrong is wrong.
    if (suspected !== problem) {
      suspected = problem;
      return;
    }
    if (told === problem) return;
    told = problem;
    agentLog.error(`the new certificate is refused, the one before goes on: ${problem}`);
  };

  const lookOnce = async (): Promise<void> => {
    const next = await readPair(files).catch((error: unknown) =>
      error instanceof OperatorError ? error.message : String(error),
    );
    if (isClosed) return;
    if (typeof next === 'string') return refuse(next);
    if (next.digest === shown.digest) {
      suspected = null;
      told = null;
      return;
    }
    if (isOver(next.certificate)) return refuse(`it expired at ${next.certificate.validTo}`);
    shown = next;
    suspected = null;
    told = null;
    for (const listener of listeners) listener(next.material);
    agentLog.info(`the certificate was renewed; it holds until ${next.certificate.validTo}`);
  };

  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  };

  const looks = setInterval(() => void look(), lookEveryMs);
  looks.unref();
  const { clientCertificates: clients } = files;
  return {
    material: () => shown.material,
    asksClients: clients !== null,
    requiresClients: clients?.required ?? false,
    isFor: (name) => shown.certificate.checkHost(name) !== undefined,
    onRenewed: (listener) => void listeners.add(listener),
    look,
    close: () => {
      isClosed = true;
      clearInterval(looks);
    },
  };
};

/** The certificate, where it and its key can be used. Throws `bad-config` where they cannot. */
export const readCertificate = async (files: TlsFiles): Promise<X509Certificate> => (await readPair(files)).certificate;

const isOver = ({ validToDate }: X509Certificate): boolean => validToDate.getTime() < Date.now();

const readPair = async ({ certificate, key, clientCertificates }: TlsFiles): Promise<Pair> => {
  const cert = await readFileOf(certificate);
  const secret = await readFileOf(key);
  const ca = clientCertificates === null ? null : await readFileOf(clientCertificates.ca);
  const material: SecureContextOptions = { cert, key: secret, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) };
  try {
    createSecureContext(material);
    const read = new X509Certificate(cert);
    if (ca !== null) new X509Certificate(ca);
    const hash = createHash('sha256').update(cert).update(secret);
    return { material, certificate: read, digest: hash.update(ca ?? '').digest('hex') };
  } catch (error) {
    // A key never stands in an error of the TLS library; its words name what does not fit.
    const why = error instanceof Error ? error.message : String(error);
    throw unusable(`${certificate} and ${key} cannot be used together: ${why}`, error);
  }
};

const readFileOf = async (path: string): Promise<Buffer> => {
  try {
    return Buffer.from(await readBounded(path, LARGEST_FILE_BYTES));
  } catch (error) {
    throw unusable(`${path} cannot be read: ${reasonOf(error)}`, error);
  }
};

const unusable = (message: string, cause: unknown): OperatorError =>
  new OperatorError('bad-config', message, 'correct tls in server.yaml, or the files it names', { cause });
