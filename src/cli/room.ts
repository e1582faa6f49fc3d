// Owns `warroom` without a command: opens the room on the running agent.
import { connectRoom } from '../client/connect.ts';
import { findAgent, findAgentOrWait, whoAmI } from '../client/find-agent.ts';
import { assertTerminal } from '../tui/terminal.ts';
import { toldToLeave, whenTerminalEnds } from '../tui/told-to-leave.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';

export interface RoomOptions {
  readonly as?: string;
}

export const openRoom = async ({ as }: RoomOptions): Promise<ExitCode> => {
  const { env } = process;
  const directory = stateDirectory(env);
  findAgent(env, directory);
  assertTerminal(process.stdin, process.stdout);
  const leave = toldToLeave(whenTerminalEnds(process.stdin, process.stdout));
  const client = connectRoom({ address: () => findAgentOrWait(env, directory), name: as ?? whoAmI(env) });
  const { runTui } = await import('../tui/main.tsx');
  await runTui({ client, stdin: process.stdin, stdout: process.stdout, leave });
  client.close();
  return EXIT.done;
};
