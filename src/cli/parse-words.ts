// Owns reading the closed words of the command line: severities, roles, phases, ports, parameters. A slip gets a sentence.
import { InvalidArgumentError } from 'commander';
import { isSpeed, SPEED_LIMITS } from '../demo/speed.ts';
import { parseDuration } from '../incident/duration.ts';
import { MINUTE } from '../incident/time.ts';
import { ROLES, type Role, SEVERITIES, type Severity, WORKING_PHASES, type WorkingPhase } from '../incident/words.ts';

export const parseSeverity = (said: string): Severity => oneOf(SEVERITIES, said.toUpperCase());

export const parseRole = (said: string): Role => {
  const word = said.toLowerCase();
  return word === 'ic' ? 'commander' : oneOf(ROLES, word);
};

export const parsePhase = (said: string): WorkingPhase => {
  const word = said.toLowerCase();
  if (word === 'resolved') throw new InvalidArgumentError('Use `warroom resolve`.');
  if (word === 'closed') throw new InvalidArgumentError('Use `warroom close`.');
  return oneOf(WORKING_PHASES, word);
};

const oneOf = <Word extends string>(words: readonly Word[], said: string): Word => {
  const found = words.find((word) => word === said);
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`);
  return found;
};

export const parsePort = (said: string): number => {
  if (!/^\d{1,5}$/.test(said) || Number(said) > 65_535)
    throw new InvalidArgumentError('It is a number from 0 to 65535.');
  return Number(said);
};

export const parseSpeed = (said: string): number => {
  if (!/^\d{1,9}$/.test(said) || !isSpeed(Number(said))) throw new InvalidArgumentError(`It is ${SPEED_LIMITS}.`);
  return Number(said);
};

/** Collects `--param k=v`, each name once. */
export const parseParam = (
  said: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const equals = said.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It is given as name=value.');
  const name = said.slice(0, equals);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`The name ${name} is given twice.`);
  return Object.fromEntries([...Object.entries(before), [name, said.slice(equals + 1)]]);
};

/** A length of time such as `30m`, in milliseconds. */
export const parseTime = (said: string): number => {
  const ms = parseDuration(said);
  if (ms === null) throw new InvalidArgumentError('It is a length of time such as 30m or 2h.');
  return ms;
};

const MOST_PATIENCE_MS = 10 * MINUTE;

/** How long a stop waits, in milliseconds. */
export const parsePatience = (said: string): number => {
  const ms = parseDuration(said);
  if (ms === null || ms > MOST_PATIENCE_MS)
    throw new InvalidArgumentError('It is a length of time such as 10s, at most 10m.');
  return ms;
};

/** The words of a text that was not put in quotes. */
export const asText = (words: readonly string[]): string => words.join(' ');
