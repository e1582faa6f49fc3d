// Owns `warroom severity`: raises or lowers how bad it is.

import { incidentId } from '../incident/references.ts';
import type { Severity } from '../incident/words.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { type ReasonOptions, runVerb } from './verb.ts';

export interface SeverityWords {
  readonly incident: string;
  readonly severity: Severity;
}

export const severity = (shell: Shell, said: SeverityWords, options: ReasonOptions): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({
      type: 'set-severity',
      incident: incidentId(room, said.incident),
      severity: said.severity,
      reason: options.reason,
    }),
    words: ({ incident }) => [`${incident.id} is ${incident.severity}`],
  });
