// Owns finding the agent without set-up: the environment first, else what the agent left in its state directory.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { agentAddressSchema, urlOf } from '../protocol/agent-address.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { type AgentDoor, socketPathOf, type Trust } from './agent-door.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the agent is and the token for it: the user's own, else the demo's. Throws `no-agent` when nothing says where. */
export const findAgent = (env: Env, stateDirectory: string): AgentDoor => {
  const demo = join(stateDirectory, 'demo');
  const directory =
    readOrNull(join(stateDirectory, 'port')) === null && readOrNull(join(demo, 'port')) !== null
      ? demo
      : stateDirectory;
  const url = env.WARROOM_URL ? soundUrl(env.WARROOM_URL) : addressIn(directory);
  const tls = trustIn(env);
  return { url, token: tokenFor(url, env, join(directory, 'token')), ...(tls === null ? {} : { tls }) };
};

/** Over somebody's socket the local token of another agent would only be wrong. */
const tokenFor = (url: string, env: Env, local: string): string => {
  if (env.WARROOM_TOKEN) return env.WARROOM_TOKEN;
  if (env.WARROOM_TOKEN_FILE) return readToken(env.WARROOM_TOKEN_FILE);
  return env.WARROOM_URL && socketPathOf(url) !== null ? '' : readToken(local);
};

const TRUST_FILES = { ca: 'WARROOM_CA', cert: 'WARROOM_CLIENT_CERT', key: 'WARROOM_CLIENT_KEY' } as const;

/** What the environment says about certificates; null when it says nothing. */
const trustIn = (env: Env): Trust | null => {
  const given = Object.entries(TRUST_FILES).flatMap(([part, name]) => {
    const file = env[name];
    if (!file) return [];
    const text = readOrNull(file);
    if (text === null) throw new OperatorError('bad-usage', `${name}: there is no file ${file}`, 'correct the path');
    return [[part, text] as const];
  });
  if (given.length === 0) return null;
  if (Boolean(env.WARROOM_CLIENT_CERT) !== Boolean(env.WARROOM_CLIENT_KEY))
    throw new OperatorError(
      'bad-usage',
      'a client certificate needs its key, and the key its certificate',
      'set both WARROOM_CLIENT_CERT and WARROOM_CLIENT_KEY',
    );
  const trust: Trust = Object.fromEntries(given);
  try {
    createSecureContext(trust);
    // The context passes over an authority that is none, and would trust whom this machine trusts.
    if (trust.ca !== undefined) new X509Certificate(trust.ca);
    return trust;
  } catch (error) {
    const names = given.map(([part]) => TRUST_FILES[part as keyof typeof TRUST_FILES]).join(', ');
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      'bad-usage',
      `the files of ${names} cannot be used: ${why}`,
      'give PEM files that belong together',
    );
  }
};

/** The same, and an address that leads nowhere while there is no agent yet: for clients that go on trying. */
export const findAgentOrWait = (env: Env, stateDirectory: string): AgentDoor => {
  try {
    return findAgent(env, stateDirectory);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { url: 'http://127.0.0.1:9', token: '' };
  }
};

export const whoAmI = (env: Env): string => env.WARROOM_NAME || env.USER || env.LOGNAME || accountName();

/** In a container the number of a user may have no name. */
const accountName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};

// What it says is not repeated: an address may carry a password.
const soundUrl = (url: string): string => {
  if (socketPathOf(url) !== null) return url;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^(?:https?|wss?):$/.test(parsed.protocol))
    throw new OperatorError(
      'bad-usage',
      'WARROOM_URL is not the address of an agent',
      'give it as in WARROOM_URL=http://127.0.0.1:7373, https://warroom.example.org:7373 or unix:/run/warroom/agent.sock, or leave it out',
    );
  if (/^(?:http|ws):$/.test(parsed.protocol) && !isOnThisHost(parsed.hostname))
    throw new OperatorError(
      'bad-usage',
      `WARROOM_URL would show the token to everybody on the way to ${parsed.host}`,
      'use https://, or forward the port with ssh and name the near end',
    );
  return url;
};

const isOnThisHost = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\.[\d.]+$/.test(host);

const startOne = 'start one: warroom agent, or try warroom demo';

const addressIn = (directory: string): string => {
  const file = join(directory, 'port');
  const address = agentAddressSchema.safeParse(parseJson(readOrNull(file)));
  if (!address.success) throw new OperatorError('no-agent', `no agent runs on ${directory}`, startOne);
  // Certificates are made for those who come from elsewhere: on the host itself its socket is the way.
  const { tls = false, socket } = address.data;
  return tls && socket !== undefined ? `unix:${socket}` : urlOf(address.data);
};

const readToken = (file: string): string => {
  const token = readOrNull(file);
  if (token === null) throw new OperatorError('no-agent', `there is no token in ${file}`, startOne);
  return token.trim();
};

const readOrNull = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new OperatorError('no-agent', `cannot read ${file}: ${code}`, 'check who owns it', { cause: error });
  }
};

const parseJson = (text: string | null): unknown => {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
};
