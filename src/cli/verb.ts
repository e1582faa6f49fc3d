// Owns how an incident's verb goes: ask the agent once, wait for what it changed, answer.
import type { RoomClient, RoomView } from '../client/room-client.ts';
import type { PersonCommandInput } from '../incident/commands.ts';
import { own } from '../incident/own.ts';
import type { Incident } from '../incident/state.ts';
import { incidentStatus } from '../protocol/status.ts';
import { type Answering, refuse, succeed } from './answer.ts';
import { ask } from './ask.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { untilView } from './until-view.ts';
import { withRoom } from './with-room.ts';

export interface ReasonOptions extends Answering {
  readonly reason: string;
}

export interface Spoken {
  readonly incident: Incident;
  readonly me: string;
  /** What the command made: an incident or a note. */
  readonly subject: string;
}

export interface Verb {
  readonly command: (view: RoomView) => PersonCommandInput;
  /** What is true now, one line each. */
  readonly words: (spoken: Spoken) => readonly string[];
}

const SEEN_WITHIN_MS = 5_000;

/** Answers once it is durable; with --json `incident` is the incident as it then is, in the shape of `status --json`. */
export const runVerb = (shell: Shell, options: Answering, verb: Verb): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const command = verb.command(client.view());
    const result = await ask(client, command);
    if (!result.ok) return refuse(shell, options, result.refusal);
    const { seq, subject } = result;
    const incident = await touched(client, command, { seq, subject });
    if (incident === null) return succeed(shell, options, { seq, subject, fields: {}, lines: [`recorded as ${seq}`] });
    const lines = verb.words({ incident, me: client.view().me, subject: subject ?? incident.id });
    return succeed(shell, options, { seq, subject, fields: { incident: incidentStatus(incident) }, lines });
  });

const touched = (
  client: RoomClient,
  command: PersonCommandInput,
  { seq, subject }: { readonly seq: number; readonly subject: string | null },
): Promise<Incident | null> => {
  const named = 'incident' in command ? command.incident : null;
  const find = (view: RoomView): Incident | null => {
    if (view.seq < seq) return null;
    return own(view.room.incidents, subject ?? '') ?? own(view.room.incidents, named ?? '') ?? null;
  };
  return untilView(client, find, { withinMs: SEEN_WITHIN_MS });
};
