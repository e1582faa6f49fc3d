// Owns turning messages into frames and back. Whatever cannot be understood is a value with words, never an exception.
import * as z from 'zod/mini';
import {
  type AgentMessage,
  agentMessageSchema,
  type ClientMessage,
  type ClientMessageInput,
  clientMessageSchema,
  commandId,
} from './messages.ts';
import type { Versions } from './versions.ts';

export type Decoded<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

/** One message as one frame: encoded once, sent to any number of sockets. */
export const encode = (message: AgentMessage | ClientMessageInput): Buffer => Buffer.from(JSON.stringify(message));

/** Reads what a client sent. The problem names the field, and never repeats what was sent. */
export const decodeClientMessage = (raw: string | Buffer): Decoded<ClientMessage> =>
  decodeWith(clientMessageSchema, raw);

/** Reads what the agent sent. */
export const decodeAgentMessage = (raw: string | Buffer): Decoded<AgentMessage> =>
  // The loose parts (room, signals, events) are the agent's own, typed by its writer.
  decodeWith(agentMessageSchema, raw) as Decoded<AgentMessage>;

/** What was not understood, but is to be answered, so that it is not asked for ever: its kind and id; null when there is none. */
export const idIn = (raw: string | Buffer): { readonly type: 'command' | 'ask'; readonly id: string } | null =>
  partOf(z.object({ type: z.enum(['command', 'ask']), id: commandId }), raw);

/** The versions that whoever says hello speaks, whatever else stands in it; null for anything but a hello. */
export const versionsIn = (raw: string | Buffer): Versions | null => {
  const hello = partOf(helloOfAnyVersion, raw);
  return hello === null
    ? null
    : { oldest: Math.min(hello.oldest ?? hello.protocol, hello.protocol), newest: hello.protocol };
};

/** These parts of a hello keep their shape for ever. */
const helloOfAnyVersion = z.object({
  type: z.literal('hello'),
  protocol: z.number(),
  oldest: z.optional(z.number()),
});

const partOf = <Part>(schema: z.core.$ZodType<Part>, raw: string | Buffer): Part | null => {
  try {
    const part = z.safeParse(schema, JSON.parse(raw.toString()));
    return part.success ? part.data : null;
  } catch {
    return null;
  }
};

const decodeWith = <Message>(schema: z.core.$ZodType<Message>, raw: string | Buffer): Decoded<Message> => {
  let json: unknown;
  try {
    json = JSON.parse(raw.toString());
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const parsed = z.safeParse(schema, json);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  return {
    ok: false,
    problem: `${field === '' ? 'message' : field.slice(0, 100)}: ${issue?.code ?? 'not understood'}`,
  };
};
