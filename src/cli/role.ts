// Owns `warroom role`: takes a role, gives it to somebody, or gives it up.

import { incidentId } from '../incident/references.ts';
import type { Role } from '../incident/words.ts';
import { roleWords } from '../tui/sentences.ts';
import { type Answering, badUsage } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface RoleOptions extends Answering {
  readonly release?: boolean;
  /** Who is to have it, where that is not oneself. */
  readonly to?: string;
}

export interface RoleWords {
  readonly incident: string;
  readonly role: Role;
}

export const role = (shell: Shell, said: RoleWords, options: RoleOptions): Promise<ExitCode> => {
  const { release = false, to } = options;
  if (release && to !== undefined)
    throw badUsage('--release and --to are two things', 'give the role to somebody, or give it up');
  const { role: its } = said;
  return runVerb(shell, options, {
    command: ({ room }) => {
      const incident = incidentId(room, said.incident);
      if (to !== undefined) return { type: 'assign-role', incident, role: its, person: to };
      return { type: release ? 'release-role' : 'claim-role', incident, role: its };
    },
    words: ({ incident, me }) => [
      release ? `${roleWords[its]} of ${incident.id} is free` : `${to ?? me} has ${roleWords[its]} of ${incident.id}`,
    ],
  });
};
