// Owns how containment and its way back are spelled and explained.
import type { ContainOptions } from './contain.ts';
import type { ContainmentOptions } from './containment-way.ts';
import type { LetGoOptions } from './let-go.ts';
import { parseParam } from './parse-words.ts';
import type { Defining } from './program.ts';

export const defineContainmentCommands = ({ program, shell, does, answers }: Defining): void => {
  program.commandsGroup('Containment:');

  answers(program.command('contain <SERVICE> <ACTION>'))
    .description('show what an action would change, and change it once confirmed')
    .option('--param <name=value>', 'a value the action asks for; may be repeated', parseParam)
    .option('--incident <INC>', 'the incident it belongs to; else the open one of the service')
    .option('--dry-run', 'show the plan and leave everything as it is')
    .option('--yes', 'confirm without asking; where policy wants a second person, that one is waited for')
    .action(
      does(async (service: string, action: string, options: ContainOptions) =>
        (await import('./contain.ts')).contain(shell, { service, action }, options),
      ),
    );

  answers(program.command('undo <ID>'))
    .description('take one containment back, that very change; ID is its entry in the ledger, such as A7')
    .option('--dry-run', 'show the plan and leave everything as it is')
    .option('--yes', 'confirm without asking; where policy wants a second person, that one is waited for')
    .action(
      does(async (action: string, options: ContainmentOptions) =>
        (await import('./undo.ts')).undo(shell, action, options),
      ),
    );

  answers(program.command('let-go <ID>'))
    .description('leave a containment as it is: it leaves the ledger, with your name and reason')
    .requiredOption('--reason <R>', 'why it stays')
    .action(
      does(async (action: string, options: LetGoOptions) =>
        (await import('./let-go.ts')).letGo(shell, action, options),
      ),
    );
};
