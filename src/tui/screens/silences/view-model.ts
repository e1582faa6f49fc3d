// Owns what the screen of silences shows: those in force, the planned ones, those just ended, and what the marked one holds.
import { alertsIn } from '../../../incident/alerts.ts';
import { matches } from '../../../incident/filter.ts';
import { EVERY_SERVICE, type SilenceState, silenceState } from '../../../incident/silences.ts';
import type { Room, Silence } from '../../../incident/state.ts';
import { type Timestamp, toEpochMs, toTimestamp } from '../../../incident/time.ts';
import { countdown, plural } from '../../format.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { minuteOf, moment } from '../time-words.ts';

export interface SilenceRow {
  readonly id: string;
  readonly state: string;
  readonly tone: 'warn' | 'plain' | 'dim';
  readonly services: string;
  /** What is left of it, when it begins, or when it ended. */
  readonly when: string;
  readonly held: string;
  /** The same as one number: `10 held`. */
  readonly heldShort: string;
  readonly by: string;
  readonly reason: string;
}

/** All that is known of the marked one. */
export interface SilenceFoot {
  readonly title: string;
  readonly times: string;
  readonly reason: string;
  readonly held: readonly HeldLine[];
  /** How many more there are than `held` has; zero where that is all. */
  readonly more: number;
}

export interface HeldLine {
  readonly at: string;
  readonly what: string;
  readonly words: string;
  readonly tone: 'plain' | 'dim';
}

const order: Readonly<Record<SilenceState, number>> = { 'in-force': 0, planned: 1, ended: 2 };

const stateOf = (silence: Silence, now: number): SilenceState => silenceState(silence, toTimestamp(now));

const endOf = ({ ended, endsAt }: Silence): string => ended?.at ?? endsAt;

const sooner = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The next to end first, then the next to begin, then the last ended. */
const compare = (a: Silence, b: Silence, state: SilenceState): number =>
  state === 'in-force'
    ? sooner(a.endsAt, b.endsAt)
    : state === 'planned'
      ? sooner(a.startsAt, b.startsAt)
      : sooner(endOf(b), endOf(a));

/** Those that the filter lets through, in the order shown. */
export const silencesListed = (
  room: Room,
  { now, filter }: { readonly now: number; readonly filter: string },
): readonly Silence[] => listed(room.silences, toTimestamp(now), filter);

const listed = rememberedWith((silences: Room['silences'], at: Timestamp, filter: string): readonly Silence[] =>
  Object.values(silences)
    .map((silence) => ({ silence, state: silenceState(silence, at) }))
    .filter(({ silence, state }) => filter === '' || matches(filter, searchable(silence, state)))
    .sort((a, b) => order[a.state] - order[b.state] || compare(a.silence, b.silence, a.state))
    .map(({ silence }) => silence),
);

const searchable = (silence: Silence, state: SilenceState): string =>
  [silence.id, stateWords(silence, state), silenced(silence), silence.by, silence.reason].join(' ');

/** `checkout, payments`, or `every service`. */
export const silenced = ({ services }: Pick<Silence, 'services'>): string =>
  services.includes(EVERY_SERVICE) ? 'every service' : services.join(', ');

const stateWords = ({ ended }: Silence, state: SilenceState): string =>
  state === 'in-force' ? 'in force' : state === 'planned' ? 'planned' : (ended?.because ?? 'expired');

export const silencesTitle = (room: Room, now: number): string => {
  const at = toTimestamp(now);
  const states = Object.values(room.silences).map((silence) => silenceState(silence, at));
  const counted = (state: SilenceState, words: string): readonly string[] => {
    const count = states.filter((one) => one === state).length;
    return count === 0 ? [] : [`${count} ${words}`];
  };
  const words = [...counted('in-force', 'in force'), ...counted('planned', 'planned')];
  return `SILENCES ${words.length === 0 ? 'none now' : words.join(', ')}`;
};

export const silenceRowOf = (silence: Silence, now: number): SilenceRow => {
  const state = stateOf(silence, now);
  return {
    id: silence.id,
    state: stateWords(silence, state),
    tone: state === 'in-force' ? 'warn' : state === 'planned' ? 'plain' : 'dim',
    services: silenced(silence),
    when: whenWords(silence, state, now),
    held: heldWords(silence),
    heldShort: heldCount(silence) === 0 ? '-' : `${heldCount(silence)} held`,
    by: silence.by,
    reason: silence.reason,
  };
};

const whenWords = (silence: Silence, state: SilenceState, now: number): string => {
  switch (state) {
    case 'in-force':
      return `${countdown(toEpochMs(silence.endsAt) - now)} left`;
    case 'planned':
      return `in ${countdown(toEpochMs(silence.startsAt) - now)}`;
    case 'ended':
      return `at ${moment(endOf(silence), now)}`;
    default:
      return state satisfies never;
  }
};

const heldCount = ({ alertCount, breaches }: Silence): number => alertCount.known + breaches.length;

const heldWords = ({ alertCount, breaches }: Silence): string => {
  const alerts = alertCount.known === 0 ? [] : [plural(alertCount.known, 'alert')];
  const broken = breaches.length === 0 ? [] : [plural(breaches.length, 'breach', 'breaches')];
  return [...alerts, ...broken].join(', ') || 'nothing';
};

// Ten thousand held alerts are put in order once, not each second of the countdown.
const inOrder = remembered(alertsIn);

/** At most `most` lines of what it holds: breaches, then alerts in the order in which they came. */
export const silenceFoot = (
  silence: Silence,
  { now, most }: { readonly now: number; readonly most: number },
): SilenceFoot => {
  const { alerts, breaches } = silence;
  const count = heldCount(silence);
  const room = count > most ? most - 1 : most;
  const held = [
    ...breaches.slice(0, room).map(
      ({ service, rule, at }): HeldLine => ({
        at: moment(at, now),
        what: service,
        words: `breach of rule ${rule}`,
        tone: 'plain',
      }),
    ),
    ...inOrder(alerts)
      .slice(0, Math.max(0, room - breaches.length))
      .map(
        ({ joinedAt, service, message, clearedAt }): HeldLine => ({
          at: moment(joinedAt, now),
          what: service,
          words: clearedAt === null ? message : `${message} (cleared ${minuteOf(clearedAt, now)})`,
          tone: clearedAt === null ? 'plain' : 'dim',
        }),
      ),
  ];
  return {
    title: `${silence.id} ${silenced(silence)}`,
    times: `from ${moment(silence.startsAt, now)} until ${moment(endOf(silence), now)} UTC, set by ${silence.by}`,
    reason: silence.reason === '' ? 'no reason given' : silence.reason,
    held,
    more: count - held.length,
  };
};
