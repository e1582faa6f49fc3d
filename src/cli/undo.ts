// Owns `warroom undo`: takes back one containment, that very change.

import { actionId } from '../incident/references.ts';
import { carryOut } from './carry-out.ts';
import type { ContainmentOptions } from './containment-way.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';

export const undo = (shell: Shell, said: string, options: ContainmentOptions): Promise<ExitCode> =>
  carryOut(shell, options, (_view, arm) => ({ type: 'undo', action: actionId(said), arm }));
