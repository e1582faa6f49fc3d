// Owns `warroom` without a command: opens the room on the running agent.
import { connectRoom } from '../client/connect.ts';
import { findAgent, findAgentOrWait, whoAmI } from '../client/find-agent.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';

export interface RoomOptions {
  readonly as?: string;
}

export const openRoom = async ({ as }: RoomOptions): Promise<ExitCode> => {
  const { env } = process;
  const directory = stateDirectory(env);
  findAgent(env, directory);
  const { assertTerminal } = await import('../tui/terminal.ts');
  assertTerminal(process.stdin, process.stdout);
  const client = connectRoom({ address: () => findAgentOrWait(env, directory), name: as ?? whoAmI(env) });
  const { runTui } = await import('../tui/main.tsx');
  await runTui({ client, stdin: process.stdin, stdout: process.stdout });
  client.close();
  return EXIT.done;
};
