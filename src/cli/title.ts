// Owns `warroom title`: corrects the title.

import { incidentId } from '../incident/references.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface TitleWords {
  readonly incident: string;
  readonly title: string;
}

export const title = (shell: Shell, said: TitleWords, options: Answering): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({ type: 'retitle', incident: incidentId(room, said.incident), title: said.title }),
    words: ({ incident }) => [`${incident.id}: ${incident.title}`],
  });
