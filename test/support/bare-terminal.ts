// Owns a bare client: one socket that says what it is told to and keeps every message it hears.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { type AgentMessage, PROTOCOL_VERSION } from '../../src/protocol/messages.ts';
import { until } from './until.ts';

type Kind = AgentMessage['type'];
export type MessageOf<Type extends Kind> = Extract<AgentMessage, { readonly type: Type }>;

export interface BareTerminal {
  readonly socket: WebSocket;
  readonly heard: readonly AgentMessage[];
  says(message: unknown): void;
  /** The latest of that kind which fits, as soon as there is one. */
  hears<Type extends Kind>(type: Type, fits?: (message: MessageOf<Type>) => boolean): Promise<MessageOf<Type>>;
  /** Resolves once the socket is closed. */
  readonly closed: Promise<void>;
}

export const helloOf = (token: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  token,
  name: 'bare',
  since: null,
  log: null,
  mark: null,
  now: Date.now(),
  ...more,
});

export const localTokenOf = async (stateDirectory: string): Promise<string> =>
  (await readFile(join(stateDirectory, 'token'), 'utf8')).trim();

/** Connects and, unless told otherwise, says hello. */
export const bareTerminal = async (
  url: string,
  hello: Readonly<Record<string, unknown>> | null,
): Promise<BareTerminal> => {
  const heard: AgentMessage[] = [];
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false });
  socket.on('message', (raw) => heard.push(JSON.parse(raw.toString())));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const says = (message: unknown): void => socket.send(JSON.stringify(message));
  const hears: BareTerminal['hears'] = (type, fits = () => true) =>
    until(`a message ${type}`, () => {
      const found = heard.findLast((message) => message.type === type && fits(message as MessageOf<typeof type>));
      return (found as MessageOf<typeof type> | undefined) ?? null;
    });
  if (hello !== null) {
    says(hello);
    await until('an answer to hello', () => heard.length > 0);
  }
  return { socket, heard, says, hears, closed };
};
