// Owns `warroom people`: who may see an incident.
import { incidentId } from '../incident/references.ts';
import { type Answering, badUsage } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface PeopleOptions extends Answering {
  readonly everybody?: boolean;
}

export interface PeopleWords {
  readonly incident: string;
  readonly people: readonly string[];
}

export const people = (
  shell: Shell,
  said: PeopleWords,
  { everybody = false, ...options }: PeopleOptions,
): Promise<ExitCode> => {
  if (everybody === said.people.length > 0)
    throw badUsage(
      everybody ? 'names and --everybody are two things' : 'nobody is named',
      'name who may see it besides you, or open it again: --everybody',
    );
  return runVerb(shell, options, {
    command: ({ room }) => ({
      type: 'set-people',
      incident: incidentId(room, said.incident),
      people: everybody ? null : [...said.people],
    }),
    words: ({ incident }) => [
      incident.people === null
        ? `${incident.id} is open to everybody`
        : `${incident.id} is seen only by ${incident.people.join(', ')}`,
    ],
  });
};
