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

/** The id of a command that was not understood, so that it can be answered instead of asked for ever; null when there is none. */
export const commandIdIn = (raw: string | Buffer): string | null => {
  try {
    const command = z.safeParse(z.object({ type: z.literal('command'), id: commandId }), JSON.parse(raw.toString()));
    return command.success ? command.data.id : null;
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
