// Owns the command line as a whole: which commands there are, what help says, and the exit code of whatever happened.
import { type Argument, Command, CommanderError } from 'commander';
import { OperatorError } from '../protocol/operator-error.ts';
import { badUsage, reportError } from './answer.ts';
import { defineAgentCommands } from './define-agent-commands.ts';
import { defineAuditCommands } from './define-audit-commands.ts';
import { defineContainmentCommands } from './define-containment-commands.ts';
import { defineIncidentCommands } from './define-incident-commands.ts';
import { defineOperationCommands } from './define-operation-commands.ts';
import { defineSetupCommands } from './define-setup-commands.ts';
import { defineTokenCommands } from './define-token-commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printLines } from './print.ts';
import { processShell, type Shell } from './shell.ts';
import { version } from './version.ts';

/** What a command is defined with. */
export interface Defining {
  readonly program: Command;
  readonly shell: Shell;
  /** Makes work whose exit code becomes that of the program. */
  readonly does: <Words extends readonly unknown[]>(
    work: (...words: Words) => Promise<ExitCode>,
  ) => (...words: Words) => Promise<void>;
  /** A command that talks to the agent. */
  readonly answers: (command: Command) => Command;
}

/** Runs one command line to its end. Every error a person can put right is told here and becomes an exit code. */
export const runProgram = async (args: readonly string[], shell: Shell = processShell()): Promise<ExitCode> => {
  let exit: ExitCode = EXIT.done;
  const program = newProgram(shell);
  const defining: Defining = {
    program,
    shell,
    does:
      (work) =>
      async (...words) => {
        exit = await work(...words);
      },
    answers: (command) =>
      command.option('--json', 'answer as JSON of a stable shape').option('--as <NAME>', 'the person who does this'),
  };
  defineAgentCommands(defining);
  defineIncidentCommands(defining);
  defineContainmentCommands(defining);
  defineSetupCommands(defining);
  defineOperationCommands(defining);
  defineAuditCommands(defining);
  defineTokenCommands(defining);
  try {
    // `warroom --as ana` and `warroom --plain` are the room, too.
    await program.parseAsync(/^--(?:as|plain)/.test(args[0] ?? '') ? ['room', ...args] : [...args], { from: 'user' });
    return exit;
  } catch (error) {
    return told(error, args, shell);
  }
};

const newProgram = (shell: Shell): Command =>
  new Command('warroom')
    .description('An incident war room in the terminal. Without a command: the room on the running agent.')
    .version(version)
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(spelled)].join(' '),
    })
    .helpCommand('help [COMMAND]', 'what a command does and takes')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printLines(shell.stdout, linesOf(text)),
      writeErr: (text) => printLines(shell.stderr, linesOf(text)),
      // Told once, with all other errors.
      outputError: () => {},
    })
    .addHelpText('after', afterHelp);

const spelled = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

const afterHelp = `
Environment:
  WARROOM_URL         address of the agent, http://, https:// or unix:/path; else the one that runs on the state directory
  WARROOM_TOKEN       token for it; else the file named by WARROOM_TOKEN_FILE, else the state directory's
  WARROOM_TOKEN_FILE  file that holds the token
  WARROOM_CA          file with the authority of the agent's certificate; else those this machine trusts
  WARROOM_CLIENT_CERT, WARROOM_CLIENT_KEY   files with a certificate for you, where the agent asks for one
  WARROOM_STATE_DIR   state of the agent; else warroom in XDG_STATE_HOME or ~/.local/state
  WARROOM_CONFIG_DIR  configuration; else warroom in XDG_CONFIG_HOME or ~/.config, else the shipped one
  WARROOM_NAME        your name; else the user's
  WARROOM_BELL        off: the room does not ring the terminal's bell
  WARROOM_TITLE       off: the room does not set the window's title

Exit codes:
  0  done: durable in the agent's log, and for containment seen in the world
  1  failed: the world, or the agent, did not do it
  2  usage or configuration
  3  refused by policy; the answer says what would make it allowed
  4  agent unreachable`;

const told = (error: unknown, args: readonly string[], shell: Shell): ExitCode => {
  const rest = args.indexOf('--');
  const json = args.slice(0, rest === -1 ? args.length : rest).includes('--json');
  if (error instanceof OperatorError) return reportError(shell, { json }, error);
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return EXIT.done;
  // Help that was asked for by giving no command has been shown.
  if (error.code === 'commander.help') return EXIT.usage;
  return reportError(shell, { json }, badUsage(error.message.replace(/^error: /, ''), 'see warroom --help'));
};
