// Owns `warroom` without a command: opens the room on the running agent, as a screen or as lines.
import { connectRoom } from '../client/connect.ts';
import { findAgent, findAgentOrWait, whoAmI } from '../client/find-agent.ts';
import type { RoomClient } from '../client/room-client.ts';
import { wantsPlain } from '../tui/plain/wants-plain.ts';
import { type LeaveWhen, toldToLeave, whenTerminalEnds } from '../tui/told-to-leave.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { stateDirectory } from './paths.ts';
import { nameOf } from './with-room.ts';

const LAST_WORDS_WITHIN_MS = 1_000;

export interface RoomOptions {
  readonly as?: string;
  readonly plain?: boolean;
}

export const openRoom = async ({ as, plain = false }: RoomOptions): Promise<ExitCode> => {
  const { env, stdin, stdout } = process;
  const directory = stateDirectory(env);
  findAgent(env, directory);
  const isPlain = wantsPlain({ isAsked: plain, env, stdin, stdout });
  const leave = toldToLeave(isPlain ? whenNobodyReads() : whenTerminalEnds(stdin, stdout));
  const client = connectRoom({ address: () => findAgentOrWait(env, directory), name: nameOf(as ?? whoAmI(env)) });
  try {
    return await (isPlain ? asLines(client, leave) : asScreen(client, leave));
  } finally {
    client.close();
  }
};

const asScreen = async (client: RoomClient, leave: AbortSignal): Promise<ExitCode> => {
  const { runTui } = await import('../tui/main.tsx');
  await runTui({ client, stdin: process.stdin, stdout: process.stdout, leave });
  return EXIT.done;
};

const asLines = async (client: RoomClient, leave: AbortSignal): Promise<ExitCode> => {
  const { runPlainRoom } = await import('../tui/plain/plain-room.ts');
  const { glyphsFor } = await import('../tui/glyphs.ts');
  const { env, stdin, stdout } = process;
  const localNow = (): number => performance.now();
  const end = await runPlainRoom({ client, stdin, stdout, leave, localNow, glyphs: glyphsFor(env) });
  // What nobody reads would keep the process for ever.
  setTimeout(() => process.exit(), LAST_WORDS_WITHIN_MS).unref();
  return end === 'refused' ? EXIT.unreachable : EXIT.done;
};

/** Without SIGHUP where no terminal hangs up: what writes into a log under nohup goes on. */
const whenNobodyReads = (): LeaveWhen => ({
  signals: process.stdout.isTTY ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT'],
  streams: [process.stdout],
});
