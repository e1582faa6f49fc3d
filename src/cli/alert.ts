// Owns `warroom alert`: an alert as a source would send it.
import type { RoomView } from '../client/room-client.ts';
import { silenceOver } from '../incident/silences.ts';
import { toTimestamp } from '../incident/time.ts';
import type { Answering } from './answer.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import { runVerb } from './verb.ts';

export interface AlertOptions extends Answering {
  readonly source: string;
  readonly fingerprint?: string;
  readonly cleared?: boolean;
}

export interface AlertWords {
  readonly service: string;
  readonly severity: string;
  readonly message: string;
}

export const alert = (shell: Shell, said: AlertWords, options: AlertOptions): Promise<ExitCode> => {
  const { service, severity, message } = said;
  // The same words are the same alert: told twice they are counted, not doubled.
  const fingerprint = options.fingerprint ?? `${service}: ${message}`;
  return runVerb(shell, options, {
    command: () => ({
      type: 'report-alert',
      source: options.source,
      fingerprint,
      service,
      givenSeverity: severity,
      message,
      firing: options.cleared !== true,
    }),
    words: ({ incident }) => [
      `${incident.id} ${incident.severity} has the alert${options.cleared ? ', cleared' : ''}: ${service}: ${message}`,
    ],
    otherwise: (view, now) => heldWords(view, service, now),
  });
};

/** A silence keeps it from opening anything. */
const heldWords = ({ room }: RoomView, service: string, now: number): readonly string[] => {
  const silence = silenceOver(room, service, toTimestamp(now));
  return silence === null ? [] : [`held by silence ${silence.id} until ${silence.endsAt}: no incident has it yet`];
};
