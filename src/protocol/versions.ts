// Owns which version of the protocol two sides speak, and the words for two that have none in common.
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './messages.ts';

/** The versions a side speaks: all from the oldest to the newest. */
export interface Versions {
  readonly oldest: number;
  readonly newest: number;
}

export const ours: Versions = { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION };

/** The newest version that both speak; null where there is none. */
export const commonVersion = (one: Versions, other: Versions): number | null => {
  const newest = Math.min(one.newest, other.newest);
  return newest >= Math.max(one.oldest, other.oldest) ? newest : null;
};

/** What an agent says to a client it has no version in common with: who is behind, and what puts it right. */
export const noCommonVersion = (client: Versions, agent: Versions, agentVersion: string): string => {
  const spoken = `(it speaks ${words(agent)}, this client ${words(client)})`;
  // What to do comes first: a narrow screen cuts off the rest.
  return client.newest < agent.oldest
    ? `too old for this agent: use warroom ${agentVersion} or newer ${spoken}`
    : `too new for this agent: upgrade it, or use warroom ${agentVersion} here ${spoken}`;
};

const words = ({ oldest, newest }: Versions): string =>
  oldest === newest ? `protocol ${newest}` : `protocols ${oldest} to ${newest}`;
