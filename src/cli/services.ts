// Owns `warroom services`: corrects which services an incident is about.

import { incidentId } from '../incident/references.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface ServicesWords {
  readonly incident: string;
  readonly services: readonly string[];
}

export const services = (shell: Shell, said: ServicesWords, options: Answering): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({
      type: 'change-services',
      incident: incidentId(room, said.incident),
      services: [...said.services],
    }),
    words: ({ incident }) => [`${incident.id} is about ${incident.services.join(', ')}`],
  });
