// Owns how the commands that run things, and those that look, are spelled and explained.
import { Option } from 'commander';
import type { AgentOptions } from './agent.ts';
import type { Answering } from './answer.ts';
import type { CheckConfigOptions } from './check-config.ts';
import type { DemoCommandOptions } from './demo.ts';
import { parsePort } from './parse-words.ts';
import type { Defining } from './program.ts';
import type { RoomOptions } from './room.ts';

export const defineAgentCommands = ({ program, shell, does, answers }: Defining): void => {
  program.commandsGroup('Run:');

  program
    .command('room')
    .description('open the room on the running agent; the same as warroom alone')
    .option('--as <NAME>', 'your name in the room')
    .action(does(async (options: RoomOptions) => (await import('./room.ts')).openRoom(options)));

  program
    .command('demo')
    .description('a simulated shop that fails, an agent and the room, in one go; touches nothing of yours')
    .addOption(new Option('--scenario <NAME>', 'what goes wrong').choices(['bad-deploy']).default('bad-deploy'))
    .option('--headless', 'no room on this terminal; ends at Ctrl-C')
    .option('--port <P>', 'port of its agent, 0 for any free one', parsePort, 0)
    .option('--as <NAME>', 'your name in the room')
    .action(does(async (options: DemoCommandOptions) => (await import('./demo.ts')).demo(shell, options)));

  program
    .command('agent')
    .description('watch services, keep the log, page, contain; runs until it is told to stop')
    .option('--config <DIR>', 'configuration directory')
    .option('--host <H>', 'loopback address to listen on', '127.0.0.1')
    .option('--port <P>', 'port to listen on, 0 for any free one', parsePort, 7373)
    .action(does(async (options: AgentOptions) => (await import('./agent.ts')).agent(options)));

  program
    .command('check-config')
    .description('read a configuration as the agent would and list every problem; starts nothing')
    .option('--config <DIR>', 'configuration directory')
    .option('--schema <FILE>', 'print the JSON Schema of a file such as services.yaml instead, for an editor')
    .option('--json', 'answer as JSON')
    .action(
      does(async (options: CheckConfigOptions) => (await import('./check-config.ts')).checkConfig(shell, options)),
    );

  program.commandsGroup('Look:');

  answers(program.command('status'))
    .description('what is on: incidents, who commands, what is in place, the latest numbers')
    .action(does(async (options: Answering) => (await import('./status.ts')).status(shell, options)));

  answers(program.command('ledger'))
    .description('every containment still in place, with its owner and expiry')
    .action(does(async (options: Answering) => (await import('./ledger.ts')).ledger(shell, options)));

  answers(program.command('timeline <INC>'))
    .description('what happened in an incident, oldest first')
    .action(
      does(async (incident: string, options: Answering) =>
        (await import('./timeline.ts')).timeline(shell, incident, options),
      ),
    );
};
