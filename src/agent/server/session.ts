// Owns one client's session: hello, then commands in and facts out. A bad message costs only its sender.

import type { PersonCommand } from '../../incident/commands.ts';
import type { Actor } from '../../incident/commit.ts';
import type { Permission } from '../../incident/permission.ts';
import { type Refusal, refusal } from '../../incident/refusal.ts';
import { safeText } from '../../incident/text.ts';
import { toTimestamp } from '../../incident/time.ts';
import { decodeClientMessage, encode, idIn, versionsIn } from '../../protocol/codec.ts';
import type { AgentMessage, ClientMessage, CommandResult, FarewellReason, Presence } from '../../protocol/messages.ts';
import type { Answer, Question } from '../../protocol/questions.ts';
import { commonVersion, noCommonVersion, ours } from '../../protocol/versions.ts';
import type { Admission, Admit } from './admission.ts';
import { allowing } from './allowance.ts';

/** All that a session needs of a socket. */
export interface Wire {
  send(frame: Buffer): void;
  /** Bytes handed over and not yet taken by the network. */
  backlogBytes(): number;
  /** Says goodbye and closes; `terminate` does not wait for a peer that reads nothing. */
  close(): void;
  terminate(): void;
}

/** Who says hello, and what they hold already. */
export interface Greeted {
  readonly since: number | null;
  readonly log: string | null;
  readonly mark: string | null;
  readonly you: string;
}

export interface SessionHost {
  readonly admit: Admit;
  /** Of warroom itself. */
  readonly version: string;
  readonly welcome: (greeted: Greeted) => AgentMessage;
  readonly execute: (
    command: PersonCommand,
    by: { readonly actor: Actor; readonly permission: Permission; readonly commandId: string },
  ) => Promise<CommandResult>;
  /** What that person may know of it. */
  readonly answer: (question: Question, person: string) => Promise<Answer>;
  readonly nowMs: () => number;
  /** The clock of the agent's machine, whatever the pace of the room's time. */
  readonly wallMs: () => number;
  /** A bug of ours: to be told, loudly. */
  readonly fault: (error: unknown) => void;
  /** Somebody came, looks elsewhere or left. */
  readonly presenceChanged: () => void;
}

export interface Session {
  receive(raw: string | Buffer): void;
  /** Facts must arrive: a client too slow for them is told to resynchronise and cut off. */
  deliver(frame: Buffer): void;
  /** Numbers go stale: a busy client simply does not get these. Whether it did. */
  deliverIfReading(frame: Buffer): boolean;
  readonly isLive: () => boolean;
  /** Null while nobody said hello, and after the end. */
  readonly presence: () => Presence | null;
  /** Ends it when its token holds no longer. */
  recheck(): void;
  farewell(reason: FarewellReason, message: string): void;
}

const SLOW_BYTES = 256 * 1024;
const TOO_SLOW_BYTES = 8 * 1024 * 1024;
const SKEW_NEWS_MS = 500;
/** A clock may say anything; more than a century is no more than wrong. */
const LARGEST_SKEW_MS = 4e12;
/** Questions are answered one after the other; who asks faster than that is cut off. */
const MOST_QUESTIONS_WAITING = 8;

export const createSession = (wire: Wire, host: SessionHost): Session => {
  let state:
    | { readonly name: 'awaiting-hello' }
    | { readonly name: 'live'; readonly actor: Actor; readonly admission: Admission; readonly presence: Presence }
    | { readonly name: 'ended' } = {
    name: 'awaiting-hello',
  };
  const tooMuch = allowing(host.nowMs);
  let welcomeBytes = 0;
  let bytesSinceWelcome = 0;
  let questionsWaiting = 0;
  let answered: Promise<void> = Promise.resolve();

  const farewell = (reason: FarewellReason, message: string, afterMs = 0): void => {
    if (state.name === 'ended') return;
    if (state.name === 'live') host.presenceChanged();
    state = { name: 'ended' };
    const leave = (): void => {
      wire.send(encode({ type: 'farewell', reason, message }));
      wire.close();
    };
    if (afterMs > 0) setTimeout(leave, afterMs).unref();
    else leave();
  };

  const recheck = (): void => {
    const ended = state.name === 'live' ? state.admission.ended() : null;
    if (ended !== null) farewell('token', ended);
  };

  const skewOf = (theirNowMs: number): number =>
    Math.round(Math.min(Math.max(theirNowMs - host.wallMs(), -LARGEST_SKEW_MS), LARGEST_SKEW_MS));

  const greet = (hello: Extract<ClientMessage, { type: 'hello' }>): void => {
    const entry = host.admit(hello.token);
    if (!entry.ok) {
      farewell(entry.why, entry.message, entry.afterMs);
      return;
    }
    const { admission } = entry;
    const you: string = admission.person ?? (safeText(hello.name, 64) || 'nobody');
    const { token } = admission;
    const presence: Presence = {
      ...{ name: you, at: null, incident: null, since: toTimestamp(host.nowMs()) },
      skewMs: skewOf(hello.now),
    };
    state = { name: 'live', actor: { kind: 'person', name: you, token }, admission, presence };
    const welcome = encode(host.welcome({ since: hello.since, log: hello.log, mark: hello.mark, you }));
    welcomeBytes = welcome.length;
    wire.send(welcome);
    host.presenceChanged();
  };

  const obey = async (
    message: Extract<ClientMessage, { type: 'command' }>,
    { actor, admission }: { readonly actor: Actor; readonly admission: Admission },
  ): Promise<void> => {
    const { permission } = admission;
    const by = { actor, permission, commandId: message.id };
    const result = await settled(() => host.execute(message.command, by)).catch((error: unknown): CommandResult => {
      host.fault(error);
      const words = 'the agent failed over this command: it is not known whether it was done';
      return { ok: false, refusal: refusal('fault', words, 'look before you try again; its log has the fault') };
    });
    deliver(encode({ type: 'result', id: message.id, result }));
  };

  const answer = ({ id, question }: Extract<ClientMessage, { type: 'ask' }>, person: string): void => {
    questionsWaiting += 1;
    if (questionsWaiting > MOST_QUESTIONS_WAITING) {
      farewell('too-many', `more than ${MOST_QUESTIONS_WAITING} questions at once`);
      return;
    }
    answered = answered
      .then(() => (state.name === 'live' ? host.answer(question, person) : null))
      .catch((error: unknown) => {
        host.fault(error);
        return refusedAnswer(refusal('fault', 'the agent failed to answer', 'its log has the fault: report it'));
      })
      .then((its) => {
        questionsWaiting -= 1;
        if (its !== null) deliver(encode({ type: 'answer', id, answer: its }));
      });
  };

  /** Whoever waits for an answer to something gets one, also when it was not understood. */
  const notUnderstood = (raw: string | Buffer, problem: string): void => {
    const waits = state.name === 'live' ? idIn(raw) : null;
    if (waits === null) {
      farewell('malformed', problem);
      return;
    }
    const { id } = waits;
    const refused = refusal('not-understood', problem, 'use the same version of warroom');
    deliver(
      encode(
        waits.type === 'ask'
          ? { type: 'answer', id, answer: refusedAnswer(refused) }
          : { type: 'result', id, result: { ok: false, refusal: refused } },
      ),
    );
  };

  const heed = (message: Exclude<ClientMessage, { type: 'hello' }>): void => {
    if (state.name !== 'live') return;
    switch (message.type) {
      case 'command':
        void obey(message, state);
        break;
      case 'ask':
        answer(message, state.presence.name);
        break;
      case 'looking': {
        const { at, incident } = message;
        const shown = incident === null ? null : safeText(incident, 40);
        state = { ...state, presence: { ...state.presence, at, incident: shown } };
        host.presenceChanged();
        break;
      }
      case 'clock': {
        const skewMs = skewOf(message.now);
        // A message takes its time on the way: what differs no more than that is no news.
        if (Math.abs(skewMs - state.presence.skewMs) < SKEW_NEWS_MS) break;
        state = { ...state, presence: { ...state.presence, skewMs } };
        host.presenceChanged();
        break;
      }
      default:
        message satisfies never;
    }
  };

  /** Before a common version is known nothing else of a hello is looked at: older and newer ones have other parts. */
  const greetIn = (raw: string | Buffer): void => {
    const theirs = versionsIn(raw);
    const decoded = decodeClientMessage(raw);
    if (theirs !== null && commonVersion(ours, theirs) === null)
      farewell('version', noCommonVersion(theirs, ours, host.version));
    else if (!decoded.ok) farewell('malformed', decoded.problem);
    else if (decoded.message.type !== 'hello') farewell('malformed', 'say hello first');
    else greet(decoded.message);
  };

  const send = (frame: Buffer): void => {
    bytesSinceWelcome += frame.length;
    wire.send(frame);
  };

  /** Were a long welcome counted, a client on a slow line would be cut off, welcomed and cut off again. */
  const bytesBehind = (): number => {
    const backlog = wire.backlogBytes();
    return backlog - Math.min(welcomeBytes, Math.max(0, backlog - bytesSinceWelcome));
  };

  const deliver = (frame: Buffer): void => {
    if (state.name !== 'live') return;
    if (bytesBehind() > TOO_SLOW_BYTES) {
      farewell('resynchronise', 'too far behind: connect again for the present state');
      wire.terminate();
      return;
    }
    send(frame);
  };

  return {
    receive: (raw) => {
      // A token that ended since ends here, not with the next look at everybody.
      recheck();
      if (state.name === 'ended') return;
      if (state.name === 'awaiting-hello') return greetIn(raw);
      const excess = tooMuch(raw.length);
      if (excess !== null) return farewell('too-many', excess);
      const decoded = decodeClientMessage(raw);
      if (!decoded.ok) return notUnderstood(raw, decoded.problem);
      if (decoded.message.type === 'hello') return farewell('malformed', 'hello was said already');
      heed(decoded.message);
    },
    deliver,
    deliverIfReading: (frame) => {
      if (state.name !== 'live' || wire.backlogBytes() >= SLOW_BYTES) return false;
      send(frame);
      return true;
    },
    isLive: () => state.name === 'live',
    recheck,
    presence: () => (state.name === 'live' ? state.presence : null),
    farewell,
  };
};

/** What is thrown before anything is promised is a rejection like any other. */
const settled = async <Value>(begin: () => Promise<Value>): Promise<Value> => begin();

const refusedAnswer = (its: Refusal): Answer => ({ about: 'refused', refusal: its });
