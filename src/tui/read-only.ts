// Owns the words for an agent whose log takes no writes, and how many of its decisions wait for it.
import type { RoomView } from '../client/room-client.ts';

/** Null while it takes writes, or nothing is known of it. */
export const readOnlyWords = (agent: RoomView['agent']): string | null =>
  agent === null || agent.writable ? null : `READ-ONLY${agent.held > 0 ? ` ${agent.held} held` : ''}`;
