// Owns `warroom close`: the end, refused while a containment is in place.

import { incidentId } from '../incident/references.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { type ReasonOptions, runVerb } from './verb.ts';

export interface CloseOptions extends ReasonOptions {
  readonly falseAlarm?: boolean;
}

export const close = (shell: Shell, said: string, options: CloseOptions): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({
      type: 'close',
      incident: incidentId(room, said),
      falseAlarm: options.falseAlarm === true,
      reason: options.reason,
    }),
    words: ({ incident }) => [`${incident.id} is closed${incident.falseAlarm ? ' as a false alarm' : ''}`],
  });
