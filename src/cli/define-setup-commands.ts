// Owns how the commands that set an agent up, and say what is wrong with it, are spelled and explained.
import type { CheckConfigOptions } from './check-config.ts';
import type { DoctorOptions } from './doctor.ts';
import type { InitOptions } from './init.ts';
import type { NotifyTestOptions } from './notify-test.ts';
import type { Defining } from './program.ts';

export const defineSetupCommands = ({ program, shell, does, answers }: Defining): void => {
  program.commandsGroup('Set up:');

  program
    .command('init')
    .description('ask a Prometheus which services there are and write a commented configuration for them')
    .option('--prometheus <URL>', 'address of the Prometheus; else asked for, or http://127.0.0.1:9090')
    .option('--dir <DIR>', 'where to write; else WARROOM_CONFIG_DIR, else ~/.config/warroom')
    .option('--all', 'write every configuration file, not only services and notifications')
    .option('--force', 'replace files that are there')
    .option('--json', 'answer as JSON')
    .action(does(async (options: InitOptions) => (await import('./init.ts')).init(shell, options)));

  program
    .command('check-config')
    .description('read a configuration as the agent would and list every problem; starts nothing')
    .option('--config <DIR>', 'configuration directory')
    .option('--schema <FILE>', 'print the JSON Schema of a file such as services.yaml instead, for an editor')
    .option('--json', 'answer as JSON')
    .action(
      does(async (options: CheckConfigOptions) => (await import('./check-config.ts')).checkConfig(shell, options)),
    );

  program
    .command('doctor')
    .description(
      'try everything the agent and the room need: each finding on a line, with its fix; leaves nothing behind',
    )
    .option('--config <DIR>', 'configuration directory')
    .option('--json', 'answer as JSON')
    .action(does(async (options: DoctorOptions) => (await import('./doctor.ts')).doctor(shell, options)));

  answers(program.command('notify-test <CONTACT>'))
    .description(
      'send a real test message to a contact through the agent, by each of their channels; waits for the outcome',
    )
    .option('--channel <NAME>', 'this one only: slack, email, webhook or log')
    .action(
      does(async (contact: string, options: NotifyTestOptions) =>
        (await import('./notify-test.ts')).notifyTest(shell, contact, options),
      ),
    );
};
