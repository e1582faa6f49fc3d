// Owns `warroom resolve`: the service is well again; says what is still in place.

import { incidentId } from '../incident/references.ts';
import { ledgerOf } from '../incident/state.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export const resolve = (shell: Shell, said: string, options: Answering): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: ({ room }) => ({ type: 'resolve', incident: incidentId(room, said) }),
    words: ({ incident }) => [
      `${incident.id} is resolved`,
      ...ledgerOf(incident).map(
        ({ id, name, service }) => `still in place: ${id} ${name} on ${service}; before closing: warroom undo ${id}`,
      ),
    ],
  });
