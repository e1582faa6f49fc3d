// Owns `warroom phase`: says what the work is now.

import { incidentId } from '../incident/references.ts';
import type { WorkingPhase } from '../incident/words.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface PhaseWords {
  readonly incident: string;
  readonly phase: WorkingPhase;
}

export const phase = (shell: Shell, said: PhaseWords, options: Answering): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({ type: 'enter-phase', incident: incidentId(room, said.incident), phase: said.phase }),
    words: ({ incident }) => [`${incident.id} is in ${incident.phase}`],
  });
