// Owns `warroom wall`: the shared screen on the running agent. It looks, and can do nothing else.
import { connectRoom } from '../client/connect.ts';
import { findAgent, findAgentOrWait } from '../client/find-agent.ts';
import { toldToLeave, whenTerminalEnds } from '../tui/told-to-leave.ts';
import { assertWall, runWall } from '../tui/wall/main.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';
import { nameOf } from './with-room.ts';

export interface WallCommandOptions {
  readonly as: string;
}

export const openWall = async ({ as }: WallCommandOptions): Promise<ExitCode> => {
  const { env, stdin, stdout } = process;
  const directory = stateDirectory(env);
  findAgent(env, directory);
  assertWall({ stdin, stdout, env });
  const leave = toldToLeave(whenTerminalEnds(stdin, stdout));
  const client = connectRoom({ address: () => findAgentOrWait(env, directory), name: nameOf(as) });
  try {
    client.looking('wall', null);
    await runWall({ client, stdin, stdout, env, leave });
    return EXIT.done;
  } finally {
    // An open connection keeps the process alive, also after a failure was told.
    client.close();
  }
};
