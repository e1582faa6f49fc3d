// Owns `warroom declare`: an incident by hand.
import { incidentId } from '../incident/references.ts';
import type { Severity } from '../incident/words.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface DeclareOptions extends Answering {
  readonly service: readonly string[];
  readonly title: string;
  readonly severity: Severity;
  /** Seen only by oneself and those in `with`. */
  readonly private?: boolean;
  readonly with?: readonly string[];
  /** An incident of before. */
  readonly follows?: string;
}

export const declare = (shell: Shell, options: DeclareOptions): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({
      type: 'declare',
      title: options.title,
      services: [...options.service],
      severity: options.severity,
      ...(options.follows === undefined ? {} : { follows: incidentId(room, options.follows) }),
      ...(options.private === true || options.with !== undefined ? { people: [...(options.with ?? [])] } : {}),
    }),
    words: ({ incident }) => [`${incident.id} declared ${incident.severity}: ${incident.title}`],
  });
