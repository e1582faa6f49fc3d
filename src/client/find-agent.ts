// Owns finding the agent without set-up: the environment first, else what the agent left in its state directory.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { agentAddressSchema } from '../protocol/agent-address.ts';
import { OperatorError } from '../protocol/operator-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface AgentDoor {
  readonly url: string;
  readonly token: string;
}

/** Where the agent is and the token for it: the user's own, else the demo's. Throws `no-agent` when nothing says where. */
export const findAgent = (env: Env, stateDirectory: string): AgentDoor => {
  const demo = join(stateDirectory, 'demo');
  const directory =
    readOrNull(join(stateDirectory, 'port')) === null && readOrNull(join(demo, 'port')) !== null
      ? demo
      : stateDirectory;
  return {
    url: env.WARROOM_URL ? soundUrl(env.WARROOM_URL) : addressIn(directory),
    token: env.WARROOM_TOKEN || readToken(env.WARROOM_TOKEN_FILE || join(directory, 'token')),
  };
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

export const whoAmI = (env: Env): string => env.WARROOM_NAME || env.USER || userInfo().username;

// What it says is not repeated: an address may carry a password.
const soundUrl = (url: string): string => {
  if (URL.canParse(url) && /^(?:https?|wss?):$/.test(new URL(url).protocol)) return url;
  throw new OperatorError(
    'bad-usage',
    'WARROOM_URL is not the address of an agent',
    'give it as in WARROOM_URL=http://127.0.0.1:7373, or leave it out',
  );
};

const startOne = 'start one: warroom agent, or try warroom demo';

const addressIn = (directory: string): string => {
  const file = join(directory, 'port');
  const address = agentAddressSchema.safeParse(parseJson(readOrNull(file)));
  if (!address.success) throw new OperatorError('no-agent', `no agent runs on ${directory}`, startOne);
  const { host, port } = address.data;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
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
