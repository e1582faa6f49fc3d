// Owns `warroom note`: words for the timeline.

import { incidentId } from '../incident/references.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface NoteWords {
  readonly incident: string;
  readonly text: string;
}

export const note = (shell: Shell, said: NoteWords, options: Answering): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({ type: 'add-note', incident: incidentId(room, said.incident), text: said.text }),
    words: ({ incident, subject }) => [`noted as ${subject} of ${incident.id}`],
  });
