// Owns which driver carries out an action, by the profile the configuration gives it now.
import { own } from '../../incident/own.ts';
import type { Config } from '../config/config.ts';
import type { Driver } from './driver.ts';
import { execDriver } from './exec.ts';
import { httpDriver } from './http.ts';

/** `config` is asked at each use: it may change while the agent runs. */
export const driversOf = (
  config: () => Config,
  env: Readonly<Record<string, string | undefined>>,
): ((actionName: string) => Driver | null) => {
  const profile = (name: string) => own(config().actions, name) ?? null;
  const http = httpDriver({
    profile: (name) => {
      const its = profile(name);
      return its?.driver === 'http' ? its : null;
    },
  });
  const exec = execDriver({
    profile: (name) => {
      const its = profile(name);
      return its?.driver === 'exec' ? its : null;
    },
    env,
  });
  return (name) => {
    const driver = profile(name)?.driver;
    return driver === 'http' ? http : driver === 'exec' ? exec : null;
  };
};
