// Owns `warroom let-go`: takes an entry out of the ledger and leaves the world as it is.

import { actionId } from '../incident/references.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface LetGoOptions extends Answering {
  readonly reason: string;
}

export const letGo = (shell: Shell, said: string, options: LetGoOptions): Promise<ExitCode> =>
  runVerb(shell, options, {
    command: () => ({ type: 'let-go', action: actionId(said), reason: options.reason }),
    words: () => [`${actionId(said)} is left as it is and out of the ledger`],
  });
