// Owns `warroom correct-note`: puts a note right; what it said before stays in the log.

import { incidentId } from '../incident/references.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface Correction {
  readonly incident: string;
  readonly note: string;
  readonly text: string;
}

export const correctNote = (shell: Shell, said: Correction, options: Answering): Promise<ExitCode> => {
  const note = said.note.toUpperCase();
  return runVerb(shell, options, {
    command: ({ room }) => ({ type: 'correct-note', incident: incidentId(room, said.incident), note, text: said.text }),
    words: ({ incident }) => [`${note} of ${incident.id} corrected`],
  });
};
