// Owns putting one command to the agent: checked here first by the same schema, so that a slip costs a sentence and not the session.
import type { RoomClient } from '../client/room-client.ts';
import { type PersonCommandInput, personCommandSchema } from '../incident/commands.ts';
import { type CommandResult, MAX_CLIENT_MESSAGE_BYTES } from '../protocol/messages.ts';
import { badUsage } from './answer.ts';

/** The durable result or the refusal. Throws `bad-usage` for what is no command at all, `no-agent` when no answer comes. */
export const ask = async (client: RoomClient, command: PersonCommandInput): Promise<CommandResult> => {
  const parsed = personCommandSchema.safeParse(command);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.map(String).join('.') ?? '';
    throw badUsage(
      `${field === '' ? command.type : field}: ${issue?.message ?? 'not understood'}`,
      'see warroom --help',
    );
  }
  // Room for the envelope around it.
  if (Buffer.byteLength(JSON.stringify(parsed.data)) > MAX_CLIENT_MESSAGE_BYTES - 1024) {
    throw badUsage('that is more than one message holds', 'say it shorter');
  }
  return client.send(parsed.data);
};
