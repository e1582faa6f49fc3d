// Owns how the commands that look after an agent's state are spelled and explained.
import type { BackupOptions } from './backup.ts';
import type { Defining } from './program.ts';
import type { RestoreOptions } from './restore.ts';

export const defineOperationCommands = ({ program, shell, does }: Defining): void => {
  program.commandsGroup('Look after:');

  program
    .command('backup <FILE>')
    .description('the state directory as one .tar.gz for its user alone; the agent may run and write meanwhile')
    .option('--json', 'answer as JSON')
    .action(
      does(async (file: string, options: BackupOptions) => (await import('./backup.ts')).backup(shell, file, options)),
    );

  program
    .command('restore <FILE>')
    .description('put a backup in the place of the state directory, once all of it has been checked')
    .option('--replace', 'move the state that is there aside instead of refusing')
    .option('--json', 'answer as JSON')
    .action(
      does(async (file: string, options: RestoreOptions) =>
        (await import('./restore.ts')).restore(shell, file, options),
      ),
    );
};
