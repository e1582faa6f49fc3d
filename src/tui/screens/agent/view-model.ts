// Owns what is shown of the agent itself: is it well, does it record, what does it run on, who is here, what does not get out.
import type { RoomView } from '../../../client/room-client.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { againstAgent, clockState, clockWords } from '../../clock-words.ts';
import { age, plural } from '../../format.ts';
import { placeWords } from '../../place-words.ts';
import { readOnlyWords } from '../../read-only.ts';
import { rememberedWith } from '../../remembered.ts';
import { connectionWords } from '../room/head-model.ts';
import { moment, startOfDay } from '../time-words.ts';
import { type Deliveries, type DeliveryLine, deliveriesOf, testLines } from './deliveries.ts';

export interface Fact {
  readonly label: string;
  readonly words: string;
  readonly tone: 'plain' | 'dim' | 'ok' | 'warn' | 'loud';
}

export interface PersonHere {
  readonly name: string;
  readonly isMe: boolean;
  readonly where: string;
  readonly since: string;
  /** How the clock of their machine is off; null where it agrees. */
  readonly clock: string | null;
  readonly isClockWrong: boolean;
}

export interface AgentModel {
  readonly facts: readonly Fact[];
  /** Why the changed configuration does not hold, and what to do; null where the latest one holds. */
  readonly refused: { readonly when: string; readonly problem: string; readonly remedy: readonly string[] } | null;
  readonly people: readonly PersonHere[];
  readonly deliveries: Deliveries;
  readonly tests: readonly DeliveryLine[];
}

export const agentModel = (view: RoomView, now: number): AgentModel => ({
  facts: [...ofAgent(view, now), ...ofHealth(view, now), ...clockFacts(view)],
  refused: refusedOf(view, now),
  people: peopleOf(view, now),
  deliveries: deliveriesOf(view.room, now),
  tests: testLines(view.room, now),
});

const ofAgent = (view: RoomView, now: number): readonly Fact[] => {
  const { agent, connection } = view;
  const { text, tone } = connectionWords(connection, view, now);
  // Where it is live, what is wrong with the log stands in its own row.
  const link: readonly Fact[] = connection.name === 'live' ? [] : [{ label: 'connection', words: text, tone }];
  if (agent === null) return [...link, { label: 'agent', words: 'unknown: not connected', tone: 'warn' }];
  const { version, startedAt, writable } = agent;
  return [
    ...link,
    {
      label: 'agent',
      words: `${version}, up since ${moment(startedAt, now)} UTC, ${coarse(now - toEpochMs(startedAt))}`,
      tone: 'plain',
    },
    logFact(view, writable),
  ];
};

const logFact = ({ agent, connection, seq }: RoomView, writable: boolean): Fact => {
  const commits = plural(seq, 'commit');
  if (connection.name !== 'live') {
    const then = writable ? 'took writes' : 'was READ-ONLY';
    return { label: 'log', words: `unknown: ${then} when last heard; ${commits}`, tone: 'warn' };
  }
  return writable
    ? { label: 'log', words: `takes writes, ${commits}`, tone: 'ok' }
    : {
        label: 'log',
        words: `${readOnlyWords(agent)}, nothing is recorded: look at its disk; ${commits}`,
        tone: 'loud',
      };
};

const MINUTE_MS = 60_000;

/** An age that does not move every second. */
const coarse = (ms: number): string => (ms < 2 * MINUTE_MS ? 'under 2 min' : age(ms));

const ofHealth = ({ health, connection, presence }: RoomView, now: number): readonly Fact[] => {
  if (health === null) return [];
  const { append, memoryBytes, sources, configurationDirectory, configurationLoadedAt } = health;
  const failing = sources.filter((source) => source.failing).length;
  return [
    {
      label: 'append',
      words:
        append === null
          ? 'nothing was appended yet'
          : `p50 ${milliseconds(append.p50Ms)}, p99 ${milliseconds(append.p99Ms)}, of the last ${append.count}`,
      tone: 'plain',
    },
    {
      label: 'memory',
      words: `${megabytes(memoryBytes)}, ${plural(presence.length, 'client')} connected`,
      tone: 'plain',
    },
    {
      label: 'sources',
      words:
        failing === 0
          ? `${sources.length}, none fails${connection.name === 'live' ? '' : ' when last heard'}`
          : `${failing} of ${sources.length} FAILING: o shows them`,
      tone: failing === 0 ? 'plain' : 'loud',
    },
    {
      label: 'configuration',
      words: `${configurationDirectory}, loaded ${moment(configurationLoadedAt, now)} UTC`,
      tone: 'plain',
    },
  ];
};

const milliseconds = (ms: number): string =>
  Number.isFinite(ms) ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : 'unknown';

const MEGABYTE = 1024 * 1024;

const megabytes = (bytes: number): string =>
  Number.isFinite(bytes) ? `${Math.round(bytes / MEGABYTE)} MiB resident` : 'unknown';

const MOST_CLOCKS = 4;

/** Whose clock is off, the furthest first; no fact where all agree. */
const clockFacts = ({ health, presence }: RoomView): readonly Fact[] => {
  const off = [
    ...(health?.sources ?? []).map(({ source, skewMs }) => ({ who: source, skewMs })),
    ...presence.map(({ name, skewMs }) => ({ who: name, skewMs })),
  ]
    .flatMap(({ who, skewMs }) => {
      const words = againstAgent(skewMs);
      return words === null ? [] : [{ words: `${who} ${words}`, ms: Math.abs(skewMs ?? 0), state: clockState(skewMs) }];
    })
    .sort((a, b) => b.ms - a.ms);
  if (off.length === 0) return [];
  const more = off.length - MOST_CLOCKS;
  const named = off.slice(0, MOST_CLOCKS).map(({ words }) => words);
  return [
    {
      label: 'clocks',
      words: `${[...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')}`,
      tone: off[0]?.state === 'WRONG' ? 'loud' : 'warn',
    },
  ];
};

const refusedOf = ({ room, health }: RoomView, now: number): AgentModel['refused'] => {
  const refused = room.configurationRefused;
  if (refused === null) return null;
  const directory = health === null ? 'DIR' : health.configurationDirectory;
  return {
    when: `${moment(refused.at, now)} UTC, ${coarse(now - toEpochMs(refused.at))} ago`,
    problem: refused.problem,
    remedy: [
      'The configuration before it goes on. Every problem, with its place:',
      `  warroom check-config --config ${directory}`,
      'Once it is right it is loaded by itself.',
    ],
  };
};

const peopleOf = ({ presence, me }: RoomView, now: number): readonly PersonHere[] =>
  peopleHere(presence, me, startOfDay(now));

const peopleHere = rememberedWith((presence: RoomView['presence'], me: string, now: number): readonly PersonHere[] =>
  presence
    .map(({ name, at, incident, since, skewMs }) => ({
      name: name === me ? `${name} (you)` : name,
      isMe: name === me,
      where: `${placeWords(at)}${incident === null ? '' : `, ${incident}`}`,
      since: `since ${moment(since, now)}`,
      clock: clockWords(skewMs),
      isClockWrong: clockState(skewMs) === 'WRONG',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
);
