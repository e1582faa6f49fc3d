// Owns the news as lines: what changed in the room between two looks, oldest first, in words for the ear and for a log.
import type { ConnectionState, RoomView } from '../../client/room-client.ts';
import type { EventType } from '../../incident/events.ts';
import { shortIncidentId } from '../../incident/references.ts';
import { toTimestamp } from '../../incident/time.ts';
import type { Severity } from '../../incident/words.ts';
import { concernOf } from '../concerns-me.ts';
import { age, plural, timeOfDay } from '../format.ts';
import { type Fact, newFacts } from '../new-facts.ts';
import { unclosedIncidents } from '../select.ts';
import { isTold, sentence, tellerOf } from '../sentences.ts';
import { roomNews } from './room-news.ts';

export interface NewsMoment {
  /** The agent's clock, epoch milliseconds. */
  readonly now: number;
  /** How long the connection was away, local milliseconds. */
  readonly awayMs: number;
}

export const newsLines = (before: RoomView, after: RoomView, { now, awayMs }: NewsMoment): readonly string[] => {
  const time = timeOfDay(toTimestamp(now));
  const isSeveral = unclosedIncidents(after.room).length > 1;
  const facts = newFacts(before, after).map((fact) => ({ fact, line: factLine(fact, after.me, isSeveral) }));
  return [
    ...connectionNews(before, after, awayMs).map((words) => `${time} ${words}`),
    ...roomNews(before, after).map((words) => `${time} ${words}`),
    ...withoutStorm(facts.flatMap(({ fact, line }) => (line === null ? [] : [{ fact, line }]))),
  ];
};

/** Severity first where it changed, so that it is the first word heard; null for what is not told. */
const factLine = (fact: Fact, me: string, isSeveral: boolean): string | null => {
  const { incident, entry } = fact;
  const { at, actor, event } = entry;
  const concern = concernOf(fact, me);
  const told = isTold(event) ? `${tellerOf(event, actor)} ${sentence(event, incident)}` : concern;
  if (told === null) return null;
  const where = isSeveral ? `${shortIncidentId(incident.id)} ` : '';
  const severity = severityIn(fact);
  return `${concern === null ? '' : 'for you: '}${severity === null ? '' : `${severity} `}${timeOfDay(at)} ${where}${told}`;
};

const severityIn = ({ incident, entry: { event } }: Fact): Severity | null => {
  switch (event.type) {
    case 'incident.declared':
      return event.severity;
    case 'severity.raised':
    case 'severity.lowered':
      return event.to;
    case 'incident.reopened':
      return incident.severity;
    default:
      return null;
  }
};

interface Line {
  readonly fact: Fact;
  readonly line: string;
}

const STORMY: ReadonlySet<EventType> = new Set(['alert.joined', 'alert.cleared', 'breach.joined']);
const STORM_TOLD = 5;

/** Of a storm of alerts the first few are told, and how many more there were; what persons do is never left out. */
const withoutStorm = (lines: readonly Line[]): readonly string[] => {
  const stormy = lines.filter(({ fact }) => STORMY.has(fact.entry.event.type));
  const left = new Set(stormy.slice(STORM_TOLD));
  const told = [...new Set(lines.filter((line) => !left.has(line)).map(({ line }) => line))];
  return left.size === 0 ? told : [...told, `and ${plural(left.size, 'more alert')}, not read out: timeline`];
};

const connectionNews = (before: RoomView, after: RoomView, awayMs: number): readonly string[] => [
  ...(before.connection.name === after.connection.name && after.connection.name !== 'connecting'
    ? []
    : connectionWords(before.connection, after, awayMs)),
  ...(before.agent !== null && after.agent !== null && before.agent.writable !== after.agent.writable
    ? [after.agent.writable ? 'the agent takes commands again' : 'AGENT READ-ONLY: its log takes no writes']
    : []),
];

const connectionWords = (before: ConnectionState, { connection }: RoomView, awayMs: number): readonly string[] => {
  switch (connection.name) {
    case 'live':
      return before.name === 'stale' ? [`connected again, after ${age(awayMs)}`] : [];
    case 'stale':
      return ['CONNECTION LOST: what was said is old from here on, and nothing can be asked; trying again'];
    case 'refused':
      return [`the agent refuses this connection: ${connection.message}`];
    case 'connecting':
      return connection.problem === undefined || (before.name === 'connecting' && before.problem === connection.problem)
        ? []
        : [`no connection: ${connection.problem}`];
    default:
      return connection satisfies never;
  }
};
