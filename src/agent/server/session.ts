// Owns one client's session: hello, then commands in and facts out. A bad message costs only its sender.

import type { PersonCommand } from '../../incident/commands.ts';
import type { Actor } from '../../incident/commit.ts';
import { refusal } from '../../incident/refusal.ts';
import { safeText } from '../../incident/text.ts';
import { toTimestamp } from '../../incident/time.ts';
import { commandIdIn, decodeClientMessage, encode } from '../../protocol/codec.ts';
import {
  type AgentMessage,
  type ClientMessage,
  type CommandResult,
  type FarewellReason,
  PROTOCOL_VERSION,
  type Presence,
} from '../../protocol/messages.ts';

/** All that a session needs of a socket. */
export interface Wire {
  send(frame: Buffer): void;
  /** Bytes handed over and not yet taken by the network. */
  backlogBytes(): number;
  /** Says goodbye and closes; `terminate` does not wait for a peer that reads nothing. */
  close(): void;
  terminate(): void;
}

export interface SessionHost {
  readonly isToken: (token: string) => boolean;
  readonly welcome: (hello: {
    readonly since: number | null;
    readonly log: string | null;
    readonly you: string;
  }) => AgentMessage;
  readonly execute: (
    command: PersonCommand,
    by: { readonly actor: Actor; readonly commandId: string },
  ) => Promise<CommandResult>;
  readonly nowMs: () => number;
  /** Somebody came, looks elsewhere or left. */
  readonly presenceChanged: () => void;
}

export interface Session {
  receive(raw: string | Buffer): void;
  /** Facts must arrive: a client too slow for them is told to resynchronise and cut off. */
  deliver(frame: Buffer): void;
  /** Numbers go stale: a busy client simply does not get these. */
  deliverIfReading(frame: Buffer): void;
  readonly isLive: () => boolean;
  /** Null while nobody said hello, and after the end. */
  readonly presence: () => Presence | null;
  farewell(reason: FarewellReason, message: string): void;
}

const SLOW_BYTES = 256 * 1024;
const TOO_SLOW_BYTES = 8 * 1024 * 1024;
const COMMANDS_PER_SECOND = 50;

export const createSession = (wire: Wire, host: SessionHost): Session => {
  let state:
    | { readonly name: 'awaiting-hello' }
    | { readonly name: 'live'; readonly actor: Actor; readonly presence: Presence }
    | { readonly name: 'ended' } = {
    name: 'awaiting-hello',
  };
  let second = { startedMs: 0, commands: 0 };

  const farewell = (reason: FarewellReason, message: string): void => {
    if (state.name === 'ended') return;
    if (state.name === 'live') host.presenceChanged();
    state = { name: 'ended' };
    wire.send(encode({ type: 'farewell', reason, message }));
    wire.close();
  };

  const greet = (hello: Extract<ClientMessage, { type: 'hello' }>): void => {
    if (hello.protocol !== PROTOCOL_VERSION) {
      farewell(
        'version',
        `this agent speaks protocol ${PROTOCOL_VERSION}, the client ${hello.protocol}: use the same version of warroom`,
      );
      return;
    }
    if (!host.isToken(hello.token)) {
      farewell('token', 'the token is not accepted: set WARROOM_TOKEN or WARROOM_TOKEN_FILE');
      return;
    }
    const you: string = safeText(hello.name, 64) || 'nobody';
    const presence: Presence = { name: you, at: null, incident: null, since: toTimestamp(host.nowMs()) };
    state = { name: 'live', actor: { kind: 'person', name: you }, presence };
    wire.send(encode(host.welcome({ since: hello.since, log: hello.log, you })));
    host.presenceChanged();
  };

  const isWithinRate = (): boolean => {
    const nowMs = host.nowMs();
    if (nowMs - second.startedMs >= 1_000) second = { startedMs: nowMs, commands: 0 };
    second.commands += 1;
    return second.commands <= COMMANDS_PER_SECOND;
  };

  const obey = async (message: Extract<ClientMessage, { type: 'command' }>, actor: Actor): Promise<void> => {
    const result = await host.execute(message.command, { actor, commandId: message.id });
    if (state.name === 'live') wire.send(encode({ type: 'result', id: message.id, result }));
  };

  return {
    receive: (raw) => {
      if (state.name === 'ended') return;
      const decoded = decodeClientMessage(raw);
      if (!decoded.ok) {
        const id = state.name === 'live' && isWithinRate() ? commandIdIn(raw) : null;
        if (id === null) return farewell('malformed', decoded.problem);
        const result = {
          ok: false,
          refusal: refusal('not-understood', decoded.problem, 'use the same version of warroom'),
        } as const;
        return wire.send(encode({ type: 'result', id, result }));
      }
      const { message } = decoded;
      if (message.type === 'hello') {
        return state.name === 'live' ? farewell('malformed', 'hello was said already') : greet(message);
      }
      if (state.name !== 'live') return farewell('malformed', 'say hello first');
      if (!isWithinRate()) return farewell('too-many', `more than ${COMMANDS_PER_SECOND} messages in a second`);
      if (message.type === 'looking') {
        const { at, incident } = message;
        // An incident that is not there shows as none; its name comes from outside.
        const shown = incident === null ? null : safeText(incident, 40);
        state = { ...state, presence: { ...state.presence, at, incident: shown } };
        return host.presenceChanged();
      }
      void obey(message, state.actor);
    },
    deliver: (frame) => {
      if (state.name !== 'live') return;
      if (wire.backlogBytes() > TOO_SLOW_BYTES) {
        farewell('resynchronise', 'too far behind: connect again for the present state');
        wire.terminate();
        return;
      }
      wire.send(frame);
    },
    deliverIfReading: (frame) => {
      if (state.name === 'live' && wire.backlogBytes() < SLOW_BYTES) wire.send(frame);
    },
    isLive: () => state.name === 'live',
    presence: () => (state.name === 'live' ? state.presence : null),
    farewell,
  };
};
