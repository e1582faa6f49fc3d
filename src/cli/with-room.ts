// Owns a command's visit to the room: find the agent, connect, do one thing, leave.
import { placeOf } from '../client/agent-door.ts';
import { connectRoom } from '../client/connect.ts';
import { findAgent, findAgentOrWait, whoAmI } from '../client/find-agent.ts';
import type { RoomClient, RoomView } from '../client/room-client.ts';
import { untilView } from '../client/until-view.ts';
import { safeText } from '../incident/text.ts';
import { OperatorError } from '../protocol/operator-error.ts';
import { type Answering, badUsage } from './answer.ts';
import { stateDirectory } from './paths.ts';
import type { Shell } from './shell.ts';

const LIVE_WITHIN_MS = 5_000;

export interface Visit extends Pick<Answering, 'as'> {
  readonly liveWithinMs?: number;
}

/** Runs `work` on a live connection. Throws `no-agent` when none comes about in time, `agent-refused` when the agent will not have us. */
export const withRoom = async <Result>(
  { env }: Pick<Shell, 'env'>,
  { as, liveWithinMs = LIVE_WITHIN_MS }: Visit,
  work: (client: RoomClient) => Promise<Result>,
): Promise<Result> => {
  const directory = stateDirectory(env);
  const place = placeOf(findAgent(env, directory).url);
  const client = connectRoom({ address: () => findAgentOrWait(env, directory), name: nameOf(as ?? whoAmI(env)) });
  try {
    const connection = await untilView(client, settled, { withinMs: liveWithinMs });
    if (connection === null) {
      throw new OperatorError(
        'no-agent',
        `the agent at ${place} does not answer`,
        'see whether it still runs; start one: warroom agent',
      );
    }
    if (connection.name === 'connecting')
      throw new OperatorError('no-agent', `no connection: ${connection.problem}`, 'then try again');
    if (connection.name === 'refused') {
      throw new OperatorError(
        'agent-refused',
        safeText(connection.message),
        connection.reason === 'version'
          ? 'the agent and this command must be of versions that have a protocol in common; see warroom --version'
          : 'the agent said so itself; a token for it goes into WARROOM_TOKEN, or into a file that WARROOM_TOKEN_FILE names',
      );
    }
    const { me } = client.view();
    if (as !== undefined && me !== nameOf(as))
      throw badUsage(
        `--as ${nameOf(as)}: the token is that of ${safeText(me, 64)}`,
        'leave --as out: a token of their own names a person',
      );
    return await work(client);
  } finally {
    client.close();
  }
};

const settled = ({ connection }: RoomView) =>
  connection.name === 'live' ||
  connection.name === 'refused' ||
  // Once may be chance.
  (connection.name === 'connecting' && connection.problem !== undefined && connection.attempt > 1)
    ? connection
    : null;

/** What a person said their name is, as everybody will read it. */
export const nameOf = (said: string): string => {
  const name = safeText(said, 64);
  if (name === '') throw badUsage('--as needs a name', 'as in --as ana');
  return name;
};
