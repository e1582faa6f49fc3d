// Owns `warroom contain`: shows what an action would do, and does it once it is confirmed.

import { incidentId } from '../incident/references.ts';
import { carryOut } from './carry-out.ts';
import type { ContainmentOptions } from './containment-way.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';

export interface ContainOptions extends ContainmentOptions {
  readonly param?: Readonly<Record<string, string>>;
  readonly incident?: string;
}

export interface ContainWords {
  readonly service: string;
  readonly action: string;
}

export const contain = (shell: Shell, said: ContainWords, options: ContainOptions): Promise<ExitCode> =>
  carryOut(shell, options, ({ room }, arm) => ({
    type: 'contain',
    incident: options.incident === undefined ? null : incidentId(room, options.incident),
    service: said.service,
    name: said.action,
    params: { ...options.param },
    arm,
  }));
