// Owns how a silence is written in one line: services, how long, why.
import type { PersonCommandInput } from '../incident/commands.ts';
import { LONGEST_SILENCE_MS } from '../incident/commands.ts';
import { parseDuration } from '../incident/duration.ts';
import { MINUTE } from '../incident/time.ts';

export type SilenceWritten =
  | { readonly ok: true; readonly command: Extract<PersonCommandInput, { type: 'silence' }> }
  | { readonly ok: false; readonly expected: string };

const MOST_SERVICES = 50;

/** `checkout 30m deploy`, `checkout payments 2h`, `* 10m`: the first word that is a length of time ends the services and begins the reason. */
export const silenceFrom = (text: string): SilenceWritten => {
  const words = text.trim().split(/\s+/);
  const at = words.findIndex((word) => parseDuration(word) !== null);
  const forMs = parseDuration(words[at] ?? '');
  if (at < 1 || forMs === null)
    return { ok: false, expected: 'expected a service and how long, e.g. checkout 30m deploy' };
  const services = words.slice(0, at);
  if (services.length > MOST_SERVICES)
    return { ok: false, expected: `at most ${MOST_SERVICES} services in one silence; * is every one` };
  if (forMs < MINUTE || forMs > LONGEST_SILENCE_MS)
    return { ok: false, expected: 'a silence lasts from 1 minute to 7 days' };
  return {
    ok: true,
    command: {
      type: 'silence',
      services,
      startsInMs: 0,
      forMs,
      reason: words.slice(at + 1).join(' '),
    },
  };
};
