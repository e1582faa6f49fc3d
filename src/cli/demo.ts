// Owns `warroom demo`: a simulated shop, an agent and the room, all from one command.
import { demo as runDemo } from '../demo/demo.ts';
import type { ScenarioName } from '../demo/shop/scenarios/scenarios.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { shippedConfig, stateDirectory } from './paths.ts';
import type { Shell } from './shell.ts';
import { version } from './version.ts';

export interface DemoCommandOptions {
  readonly scenario?: ScenarioName;
  readonly speed?: number;
  readonly headless?: boolean;
  readonly port: number;
  readonly as?: string;
}

export const demo = async (shell: Shell, options: DemoCommandOptions): Promise<ExitCode> => {
  const { scenario = null, speed = null, headless = false, port, as = null } = options;
  const own = { stateDirectory: stateDirectory(shell.env), shippedConfig: shippedConfig(), version };
  await runDemo({ scenario, speed, headless, port, as, ...own });
  return EXIT.done;
};
