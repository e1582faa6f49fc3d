// Owns the few messages that benchmarks speak to an agent, written out by hand.
import { PROTOCOL_VERSION } from '../src/protocol/messages.ts';
import type { Crowd } from './crowd.ts';

export const hello =
  (token: string) =>
  (client: number): string =>
    JSON.stringify({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      token,
      name: `client-${client}`,
      since: null,
      log: null,
      mark: null,
      now: Date.now(),
    });

/** What only the agent's first answer holds. */
export const WELCOME = '"type":"welcome"';

export const socketAddress = (url: string): string => `${url.replace('http', 'ws')}/ws`;

/** A command, and what to wait for: its commit. The speaker's `result` carries the bare id as well. */
export const commandFrame = (id: string, command: object): { readonly frame: string; readonly marker: string } => ({
  frame: JSON.stringify({ type: 'command', id, command }),
  marker: `"commandId":"${id}"`,
});

/** Declares an incident of `service`; gives its id. */
export const declareIncident = async (crowd: Crowd, service: string): Promise<string> => {
  const { frame, marker } = commandFrame('bench-declare', {
    type: 'declare',
    title: 'orders fail at the last step',
    services: [service],
    severity: 'SEV2',
  });
  await crowd.say(0, frame, marker);
  const incident = /INC-\d+-\d+/.exec(crowd.lastFrame().toString())?.[0];
  if (incident === undefined) throw new Error('the commit of a declaration names no incident');
  return incident;
};
