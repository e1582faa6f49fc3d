// Owns where things are by convention: state and configuration directories, and the defaults that ship with the program.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

export const stateDirectory = (env: Env): string => {
  if (env.WARROOM_STATE_DIR) return resolve(env.WARROOM_STATE_DIR);
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'warroom');
};

/** What the watchdog knows: beside the agent's directory, not in it, as it may run on another host. */
export const watchdogDirectory = (told: string | undefined, env: Env): string =>
  told === undefined ? `${stateDirectory(env)}-watchdog` : resolve(told);

/** The configuration shipped beside the program, in a checkout or a package. */
export const shippedConfig = (): string => {
  const here = import.meta.dirname;
  const candidates = [join(here, '..', 'config'), join(here, '..', '..', 'config')];
  return candidates.find((directory) => existsSync(join(directory, 'severity.yaml'))) ?? resolve('config');
};

/** Where to read the configuration: as told, else by environment, else the user's own, else the shipped one. */
export const configDirectory = (told: string | undefined, env: Env): string => {
  if (told !== undefined) return resolve(told);
  if (env.WARROOM_CONFIG_DIR) return resolve(env.WARROOM_CONFIG_DIR);
  const own = join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'warroom');
  return existsSync(own) ? own : shippedConfig();
};
