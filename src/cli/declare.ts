// Owns `warroom declare`: an incident by hand.
import type { Severity } from '../incident/words.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface DeclareOptions extends Answering {
  readonly service: readonly string[];
  readonly title: string;
  readonly severity: Severity;
}

export const declare = (shell: Shell, options: DeclareOptions): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: () => ({
      type: 'declare',
      title: options.title,
      services: [...options.service],
      severity: options.severity,
    }),
    words: ({ incident }) => [`${incident.id} declared ${incident.severity}: ${incident.title}`],
  });
