// Owns `warroom demo`: a simulated shop, an agent and the room, all from one command.
import { demo as runDemo } from '../demo/demo.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { shippedConfig, stateDirectory } from './paths.ts';
import type { Shell } from './shell.ts';
import { version } from './version.ts';

export interface DemoCommandOptions {
  readonly scenario: 'bad-deploy';
  readonly headless?: boolean;
  readonly port: number;
  readonly as?: string;
}

export const demo = async (shell: Shell, options: DemoCommandOptions): Promise<ExitCode> => {
  const { scenario, headless = false, port, as = null } = options;
  const state = stateDirectory(shell.env);
  await runDemo({ scenario, headless, port, as, stateDirectory: state, shippedConfig: shippedConfig(), version });
  return EXIT.done;
};
