// Owns the way that is always there: one line in the agent's own log.
import { safeText } from '../../incident/text.ts';
import type { LogFields } from '../agent-log.ts';
import { servicesText } from './message-text.ts';
import type { Notifier, NotifyResult, OutgoingMessage } from './notifier.ts';
import { calledOff, passingFailure } from './verdicts.ts';

export type WriteMessage = (line: string, outgoing: OutgoingMessage) => void | Promise<void>;

export interface AgentLogOptions {
  /** Takes one line without its newline, and what it says; throws or rejects when it cannot be written. */
  readonly write: WriteMessage;
}

/** A notifier whose messages are lines of the agent's log. A log that refuses them is `unreachable` and worth another try. */
export const agentLogNotifier = ({ write }: AgentLogOptions): Notifier => ({
  send: async (outgoing, signal) => {
    if (signal.aborted) return calledOff();
    const given = whenAborted(signal);
    try {
      return await Promise.race([
        given.promise,
        Promise.resolve(write(lineOf(outgoing), outgoing)).then((): NotifyResult => ({ ok: true })),
      ]);
    } catch (error) {
      const detail = safeText(error instanceof Error ? error.message : String(error), 200);
      return passingFailure({ reason: 'unreachable', detail });
    } finally {
      given.forget();
    }
  },
});

/** A message as the fields of a line about it. */
export const fieldsOf = (channel: string, { to, id, incident }: OutgoingMessage): LogFields => ({
  channel,
  to,
  page: id,
  ...(incident === null ? {} : { incident: incident.id }),
});

const whenAborted = (signal: AbortSignal) => {
  let abort = (): void => undefined;
  const promise = new Promise<NotifyResult>((resolve) => {
    abort = () =>
      resolve(passingFailure({ reason: 'timeout', detail: 'called off while it was written', mayHaveArrived: true }));
  });
  signal.addEventListener('abort', abort, { once: true });
  return { promise, forget: () => signal.removeEventListener('abort', abort) };
};

const lineOf = ({
  kind,
  id,
  to,
  text,
  incident,
  level,
  attempt,
  possibleDuplicate,
  unrecorded,
}: OutgoingMessage): string => {
  const about = [
    incident === null || incident.services.length === 0 ? null : `services: ${servicesText(incident.services)}`,
    level === null ? null : `level ${safeText(level, 100)}`,
    `attempt ${attempt}`,
    `id ${id}`,
    possibleDuplicate ? 'possible duplicate' : null,
    unrecorded ? 'unrecorded' : null,
  ];
  const said = about.filter((part) => part !== null).join('; ');
  return safeText(`${kind} for ${to}: ${safeText(text)} [${said}]`, 2_000);
};
