// Owns `warroom ack`: "I have it".
import { own } from '../incident/own.ts';
import { incidentId } from '../incident/references.ts';
import { timeOfDay } from '../tui/format.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export const ack = (shell: Shell, said: string, options: Answering): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({ type: 'acknowledge', incident: incidentId(room, said) }),
    words: ({ incident, me }) => {
      const until = own(incident.acknowledgements, me)?.until;
      return [`${me} has ${incident.id}${until === undefined ? '' : ` until ${timeOfDay(until)} UTC`}`];
    },
  });
