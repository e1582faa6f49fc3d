// Owns `warroom reopen`: it goes on; after the reopen window a new incident follows the old one.

import { incidentId } from '../incident/references.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { type ReasonOptions, runVerb } from './verb.ts';

export const reopen = (shell: Shell, said: string, options: ReasonOptions): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({ type: 'reopen', incident: incidentId(room, said), reason: options.reason }),
    words: ({ incident }) => [
      incident.timeline.some(({ event }) => event.type === 'incident.reopened')
        ? `${incident.id} is open again, in ${incident.phase}`
        : `${incident.id} declared ${incident.severity}, follows ${incident.follows ?? 'another'}`,
    ],
  });
