// Owns how the commands that run things, and those that look, are spelled and explained.
import { Option } from 'commander';
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../demo/shop/scenarios/scenarios.ts';
import { MINUTE, SECOND } from '../incident/time.ts';
import type { AgentOptions } from './agent.ts';
import type { Answering } from './answer.ts';
import type { DemoCommandOptions } from './demo.ts';
import { asText, parsePatience, parsePort, parseSpeed } from './parse-words.ts';
import type { Defining } from './program.ts';
import type { RoomOptions } from './room.ts';
import type { StatusOptions } from './status.ts';
import type { WallCommandOptions } from './wall.ts';
import type { WatchdogCommandOptions } from './watchdog.ts';

export const defineAgentCommands = ({ program, shell, does, answers }: Defining): void => {
  program.commandsGroup('Run:');

  program
    .command('room')
    .description('open the room on the running agent; the same as warroom alone')
    .option('--as <NAME>', 'your name in the room')
    .option(
      '--plain',
      'lines instead of a screen: for a screen reader, a pipe or a log; by itself where there is no terminal',
    )
    .action(does(async (options: RoomOptions) => (await import('./room.ts')).openRoom(options)));

  program
    .command('wall')
    .description('a screen for everybody to see: one open incident after the other, large; it only looks')
    .option('--as <NAME>', 'its name in the room', 'wall')
    .action(does(async (options: WallCommandOptions) => (await import('./wall.ts')).openWall(options)));

  program
    .command('demo')
    .description('a simulated shop that fails, an agent and the room, in one go; touches nothing of yours')
    .addOption(
      new Option('--scenario <NAME>', `what goes wrong; ${SCENARIO_NAMES[0]} unless told`).choices(SCENARIO_NAMES),
    )
    .option('--speed <N>', 'how many times as fast time runs for shop and agent, 1 to 60', parseSpeed)
    .option('--headless', 'no room on this terminal; ends at Ctrl-C')
    .option('--port <P>', 'port of its agent, 0 for any free one', parsePort, 0)
    .option('--as <NAME>', 'your name in the room')
    .addHelpText('after', scenarioWords)
    .action(does(async (options: DemoCommandOptions) => (await import('./demo.ts')).demo(shell, options)));

  program
    .command('agent')
    .description('watch services, keep the log, page, contain; runs until it is told to stop')
    .option('--config <DIR>', 'configuration directory')
    .option('--host <H>', 'address to listen on, else that of server.yaml, else 127.0.0.1')
    .option('--port <P>', 'port to listen on, 0 for any free one; else that of server.yaml, else 7373', parsePort)
    .addOption(
      new Option(
        '--log-format <F>',
        'its own log: dated lines, or JSON; unless told, text on a terminal and JSON elsewhere',
      ).choices(['text', 'json']),
    )
    .addOption(
      new Option('--stop-within <TIME>', 'how long a stop waits for pages and actions under way')
        .argParser(parsePatience)
        .default(10 * SECOND, '10s'),
    )
    .action(does(async (options: AgentOptions) => (await import('./agent.ts')).agent(options)));

  program
    .command('watchdog')
    .description('watch the agent from outside and page, by ways of its own, when it is silent; see watchdog.yaml')
    .option('--config <DIR>', 'configuration directory')
    .option('--state <DIR>', 'where it keeps what it last knew; else beside the state of the agent')
    .option('--once', 'look, page if it is to be, and end: 0 the agent is well, 1 it is not; for a cron job')
    .option('--json', 'with --once: answer as JSON')
    .addOption(
      new Option('--log-format <F>', 'its log: unless told, text on a terminal and JSON elsewhere').choices([
        'text',
        'json',
      ]),
    )
    .action(does(async (options: WatchdogCommandOptions) => (await import('./watchdog.ts')).watchdog(shell, options)));

  program.commandsGroup('Look:');

  answers(program.command('status'))
    .description('what is on: incidents, who commands, what is in place, the latest numbers')
    .addOption(
      new Option('--format <F>', 'plain, json, or one line for the status bar of tmux').choices([
        'plain',
        'json',
        'tmux',
      ]),
    )
    .action(does(async (options: StatusOptions) => (await import('./status.ts')).status(shell, options)));

  answers(program.command('incidents [WORDS...]'))
    .description('every incident there was; WORDS search id, severity, phase, title, services, people, day')
    .action(
      does(async (words: readonly string[], options: Answering) =>
        (await import('./incidents.ts')).incidents(shell, asText(words), options),
      ),
    );

  answers(program.command('summary <INC>'))
    .description('an incident in twenty lines, for who comes late')
    .action(
      does(async (incident: string, options: Answering) =>
        (await import('./summary.ts')).summary(shell, incident, options),
      ),
    );

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

const scenarioWords = (): string => ['', 'Scenarios:', ...SCENARIO_NAMES.flatMap(scenarioLines)].join('\n');

const scenarioLines = (name: ScenarioName): readonly string[] => {
  const { summary, relief, endsAfterMs } = SCENARIOS[name];
  const end = endsAfterMs === null ? 'stays until it is repaired' : `over after ${endsAfterMs / MINUTE} minutes`;
  return [`  ${name}: ${summary}`, `    ${end}`, `    helps: ${relief}`];
};
