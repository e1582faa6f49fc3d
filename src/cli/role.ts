// Owns `warroom role`: takes a role, or gives it up.
import type { Role } from '../incident/words.ts';
import { roleWords } from '../tui/sentences.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import { incidentId } from './references.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface RoleOptions extends Answering {
  readonly release?: boolean;
}

export interface RoleWords {
  readonly incident: string;
  readonly role: Role;
}

export const role = (shell: Shell, said: RoleWords, options: RoleOptions): Promise<ExitCode> => {
  const type = options.release ? 'release-role' : 'claim-role';
  return runVerb(shell, options, {
    command: ({ room }) => ({ type, incident: incidentId(room, said.incident), role: said.role }),
    words: ({ incident, me }) => [
      `${me} ${options.release ? 'gave up' : 'has'} ${roleWords[said.role]} of ${incident.id}`,
    ],
  });
};
