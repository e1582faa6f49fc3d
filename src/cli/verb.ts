// Owns how an incident's verb goes: ask the agent once, wait for what it changed, answer.
import type { RoomClient, RoomView } from '../client/room-client.ts';
import { untilView } from '../client/until-view.ts';
import type { PersonCommandInput } from '../incident/commands.ts';
import { own } from '../incident/own.ts';
import type { Incident } from '../incident/state.ts';
import type { RoomPolicy } from '../protocol/messages.ts';
import { incidentStatus } from '../protocol/status.ts';
import { type Answering, refuse, succeed } from './answer.ts';
import { ask } from './ask.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export interface ReasonOptions extends Answering {
  readonly reason: string;
}

export interface Spoken {
  readonly incident: Incident;
  readonly me: string;
  readonly policy: RoomPolicy;
  /** What the command made: an incident or a note. */
  readonly subject: string;
}

export interface Verb {
  readonly command: (view: RoomView) => PersonCommandInput;
  /** What is true now, one line each. */
  readonly words: (spoken: Spoken) => readonly string[];
  /** What it came to where it touched no incident; else only its number in the log is told. */
  readonly otherwise?: (view: RoomView, now: number) => readonly string[];
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
    if (incident === null) {
      const told = verb.otherwise?.(client.view(), client.now()) ?? [];
      const lines = told.length === 0 ? [`recorded as ${seq}`] : told;
      return succeed(shell, options, { seq, subject, fields: {}, lines });
    }
    const { me, policy } = client.view();
    const lines = verb.words({ incident, me, policy, subject: subject ?? incident.id });
    return succeed(shell, options, { seq, subject, fields: { incident: incidentStatus(incident) }, lines });
  });

/** Null where it touched none, or where that is not seen in time. */
const touched = async (
  client: RoomClient,
  command: PersonCommandInput,
  { seq, subject }: { readonly seq: number; readonly subject: string | null },
): Promise<Incident | null> => {
  const named = 'incident' in command ? command.incident : null;
  const look = ({ room, seq: seen }: RoomView): { readonly incident: Incident | null } | null => {
    if (seen < seq) return null;
    return { incident: own(room.incidents, subject ?? '') ?? own(room.incidents, named ?? '') ?? null };
  };
  return (await untilView(client, look, { withinMs: SEEN_WITHIN_MS }))?.incident ?? null;
};
