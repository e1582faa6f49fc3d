// Owns how the commands about people's own tokens are spelled and explained.
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../incident/duration.ts';
import { PERMISSIONS } from '../incident/permission.ts';
import { HOUR } from '../incident/time.ts';
import type { Defining } from './program.ts';
import type { TokenAddOptions, TokenOptions } from './token.ts';

export const defineTokenCommands = ({ program, shell, does }: Defining): void => {
  program.commandsGroup('Set up:');
  const token = program.command('token').description("people's own tokens: what each may do, and until when");

  token
    .command('add <NAME>')
    .description('give a person, or a program, a token of their own; it is shown this once, on standard output')
    .addOption(
      new Option('--permission <P>', 'what it permits: looking, working on incidents, or everything')
        .choices(PERMISSIONS)
        .makeOptionMandatory(),
    )
    .option('--expires <WHEN>', 'how long it holds, as 30d, or its last day, as 2027-01-31 (UTC)', parseExpiry)
    .option('--json', 'answer as JSON')
    .action(does(async (name: string, options: TokenAddOptions) => (await load()).tokenAdd(shell, name, options)));

  token
    .command('list')
    .description('who has a token, what it permits, and whether it still holds')
    .option('--json', 'answer as JSON')
    .action(does(async (options: TokenOptions) => (await load()).tokenList(shell, options)));

  token
    .command('revoke <NAME>')
    .description('end a token at once, and the sessions of whoever is in with it')
    .option('--json', 'answer as JSON')
    .action(does(async (name: string, options: TokenOptions) => (await load()).tokenRevoke(shell, name, options)));
};

const load = () => import('./token.ts');

const DAY_MS = 24 * HOUR;

/** The moment at which a token ends, once it is known from when on. */
const parseExpiry = (said: string): ((nowMs: number) => number) => {
  const forMs = parseDuration(said);
  if (forMs !== null && forMs > 0) return (nowMs) => nowMs + forMs;
  const endMs = /^\d{4}-\d{2}-\d{2}$/.test(said) ? endOfDayMs(said) : Date.parse(isMoment(said) ? said : '');
  if (Number.isFinite(endMs)) return () => endMs;
  throw new InvalidArgumentError('It is a length of time such as 30d (up to a year), or a day such as 2027-01-31.');
};

const endOfDayMs = (day: string): number => {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  // A day that no month has is taken for one of the next.
  const isDay = Number.isFinite(startMs) && new Date(startMs).toISOString().startsWith(day);
  return isDay ? startMs + DAY_MS : Number.NaN;
};

const isMoment = (said: string): boolean => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/.test(said);
