// Owns the options of the shop's own command line.
import { parseArgs } from 'node:util';
import { OperatorError } from '../../protocol/operator-error.ts';
import { isSpeed, SPEED_LIMITS } from '../speed.ts';
import { SCENARIO_NAMES, type ScenarioName } from './scenarios/scenarios.ts';

export interface ShopProcessOptions {
  readonly stateFile: string | null;
  /** Null: nothing goes wrong by itself. */
  readonly plan: { readonly scenario: ScenarioName; readonly afterMs: number } | null;
  /** Shop seconds in a real one. */
  readonly speed: number;
  readonly orphanAfterMs: number;
  readonly adminPort: number | null;
}

const USAGE =
  'shop [--state-file PATH] [--scenario NAME] [--fault-after SECONDS] [--speed N] [--orphan-after SECONDS] [--admin-port PORT]';
const ORPHAN_AFTER_SECONDS = 60;
// The services take the five ports after the admin server's.
const HIGHEST_PORT = 65_535 - 5;
const LONGEST_SECONDS = 86_400;

/** Reads the arguments; throws `bad-usage` naming the option that is wrong. */
export const parseShopOptions = (args: readonly string[]): ShopProcessOptions => {
  const given = parsed(args);
  const faultAfter = given['fault-after'];
  const adminPort = given['admin-port'];
  return {
    stateFile: given['state-file'] ?? null,
    plan:
      faultAfter === undefined
        ? null
        : { scenario: scenario(given.scenario), afterMs: seconds('fault-after', faultAfter) * 1_000 },
    speed: speed(given.speed ?? '1'),
    orphanAfterMs: seconds('orphan-after', given['orphan-after'] ?? String(ORPHAN_AFTER_SECONDS)) * 1_000,
    adminPort: adminPort === undefined ? null : port(adminPort),
  };
};

const parsed = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        'state-file': text,
        scenario: text,
        'fault-after': text,
        speed: text,
        'orphan-after': text,
        'admin-port': text,
      },
    }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : 'The arguments cannot be read.');
  }
};

const seconds = (option: string, text: string): number => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= LONGEST_SECONDS)) throw wrong(`--${option} is not a number of seconds up to ${LONGEST_SECONDS}.`);
  return value;
};

const scenario = (text: string = SCENARIO_NAMES[0]): ScenarioName => {
  const named = SCENARIO_NAMES.find((name) => name === text);
  if (named === undefined) throw wrong(`--scenario is not one of ${SCENARIO_NAMES.join(', ')}.`);
  return named;
};

const speed = (text: string): number => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!isSpeed(value)) throw wrong(`--speed is not ${SPEED_LIMITS}.`);
  return value;
};

const port = (text: string): number => {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > HIGHEST_PORT) throw wrong(`--admin-port is not a port from 1 to ${HIGHEST_PORT}.`);
  return value;
};

const wrong = (message: string): OperatorError => new OperatorError('bad-usage', message, `Usage: ${USAGE}`);
