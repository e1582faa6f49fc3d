// Owns `warroom silence`: sets one, lifts one, or lists them.

import { untilView } from '../client/until-view.ts';
import { LONGEST_SILENCE_AHEAD_MS, LONGEST_SILENCE_MS, type PersonCommandInput } from '../incident/commands.ts';
import { own } from '../incident/own.ts';
import { silenceState } from '../incident/silences.ts';
import type { Silence } from '../incident/state.ts';
import { MINUTE, msBetween, type Timestamp, toTimestamp } from '../incident/time.ts';
import { age, countdown, plural } from '../tui/format.ts';
import { type Answering, badUsage, refuse, succeed } from './answer.ts';
import { ask } from './ask.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export interface SilenceOptions extends Answering {
  readonly for?: number;
  readonly in: number;
  readonly reason: string;
  readonly all?: boolean;
  readonly list?: boolean;
  readonly lift?: string;
}

const SEEN_WITHIN_MS = 5_000;

export const silence = (shell: Shell, services: readonly string[], options: SilenceOptions): Promise<ExitCode> => {
  if (options.list) return list(shell, options);
  const command = commandOf(services, options);
  return withRoom(shell, options, async (client) => {
    const result = await ask(client, command);
    if (!result.ok) return refuse(shell, options, result.refusal);
    const { seq, subject } = result;
    const it = await untilView(
      client,
      (view) => (view.seq < seq ? null : (own(view.room.silences, subject ?? '') ?? null)),
      { withinMs: SEEN_WITHIN_MS },
    );
    // The agent's clock is known to a few milliseconds: what begins at once has begun.
    const now = later(toTimestamp(client.now()), it?.setAt ?? '');
    const lines = it === null ? [`recorded as ${seq}`] : [wordsOf(it, now)];
    return succeed(shell, options, {
      seq,
      subject,
      fields: it === null ? {} : { silence: silenceJson(it, now) },
      lines,
    });
  });
};

const later = (one: Timestamp, other: Timestamp): Timestamp => (other > one ? other : one);

const commandOf = (services: readonly string[], options: SilenceOptions): PersonCommandInput => {
  if (options.lift !== undefined) {
    if (services.length > 0 || options.all || options.for !== undefined)
      throw badUsage(
        '--lift ends a silence; it takes no service and no time',
        `warroom silence --lift ${options.lift}`,
      );
    return { type: 'lift-silence', silence: options.lift };
  }
  if (options.all && services.length > 0)
    throw badUsage('--all and names are two things', `silence every service, or only ${services.join(', ')}`);
  const named = options.all ? ['*'] : services;
  if (named.length === 0) throw badUsage('no service is named', 'warroom silence checkout --for 30m, or --all');
  if (options.for === undefined)
    throw badUsage('a silence needs an end', `say how long: warroom silence ${named.join(' ')} --for 30m`);
  if (options.for < MINUTE || options.for > LONGEST_SILENCE_MS)
    throw badUsage(
      'a silence lasts from 1 minute to 7 days',
      'set another one later: warroom silence --list shows the end',
    );
  if (options.in > LONGEST_SILENCE_AHEAD_MS)
    throw badUsage('a silence begins within 30 days', 'set it nearer to its time');
  return { type: 'silence', services: [...named], startsInMs: options.in, forMs: options.for, reason: options.reason };
};

const list = (shell: Shell, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const now = toTimestamp(client.now());
    const silences = Object.values(client.view().room.silences);
    if (options.json) {
      printJson(shell.stdout, { silences: silences.map((one) => silenceJson(one, now)) });
      return EXIT.done;
    }
    const current = silences.filter((one) => silenceState(one, now) !== 'ended');
    printLines(
      shell.stdout,
      current.length === 0 ? ['nothing is silenced'] : columns(current.map((one) => rowOf(one, now))),
    );
    return EXIT.done;
  });

const servicesWords = ({ services }: Silence): string =>
  services.includes('*') ? 'every service' : services.join(', ');

const whenWords = (one: Silence, now: Timestamp): string => {
  switch (silenceState(one, now)) {
    case 'planned':
      return `from ${one.startsAt} in ${age(msBetween(now, one.startsAt))}, until ${one.endsAt}`;
    case 'in-force':
      return `until ${one.endsAt}, ${countdown(msBetween(now, one.endsAt))} left`;
    case 'ended':
      return `ended ${one.ended?.at ?? one.endsAt}`;
    default:
      return silenceState(one, now) as never;
  }
};

const heldWords = ({ alertCount, breaches }: Silence): string =>
  `${plural(alertCount.known, 'alert')} and ${plural(breaches.length, 'breach', 'breaches')} held`;

const rowOf = (one: Silence, now: Timestamp): readonly string[] => [
  one.id,
  servicesWords(one),
  whenWords(one, now),
  heldWords(one),
  one.by,
  one.reason,
];

const wordsOf = (one: Silence, now: Timestamp): string =>
  `${one.id}: ${servicesWords(one)} ${silenceState(one, now) === 'ended' ? '' : 'silenced '}${whenWords(one, now)}`;

const silenceJson = (one: Silence, now: Timestamp) => {
  const { id, services, startsAt, endsAt, by, reason, alertCount, breaches, ended } = one;
  return {
    id,
    services,
    state: silenceState(one, now),
    startsAt,
    endsAt,
    by,
    reason,
    held: { alerts: alertCount.known, firing: alertCount.firing, breaches: breaches.length },
    ended,
  };
};
