// Owns what the timeline shows: every told fact, newest first, a line where the day changes, and only what the filter lets through.

import { matches } from '../../../incident/filter.ts';
import type { Incident, TimelineEntry } from '../../../incident/state.ts';
import { timeOfDay } from '../../format.ts';
import { remembered, rememberedWith } from '../../remembered.ts';
import { isTold, sentence, tellerOf } from '../../sentences.ts';
import type { TimelineLine } from '../room/view-model.ts';

/** The told facts that the filter lets through, newest first. Only a filter needs their words. */
export const toldEntries = (incident: Incident, filter: string): readonly TimelineEntry[] =>
  filter === '' ? allTold(incident.timeline) : found(incident, filter);

const allTold = remembered((timeline: readonly TimelineEntry[]): readonly TimelineEntry[] => {
  const first = timeline[0];
  if (first === undefined) return [];
  const before = toldUpTo.get(first) ?? nothingTold;
  const known = before.timeline.length;
  // A timeline only grows: what was told of its beginning is told of all of it.
  const goesOn = known <= timeline.length && timeline[known - 1] === before.timeline[known - 1];
  const news = timeline
    .slice(goesOn ? known : 0)
    .filter(({ event }) => isTold(event))
    .reverse();
  const told = goesOn ? [...news, ...before.told] : news;
  toldUpTo.set(first, { timeline, told });
  return told;
});

interface ToldUpTo {
  readonly timeline: readonly TimelineEntry[];
  readonly told: readonly TimelineEntry[];
}

const nothingTold: ToldUpTo = { timeline: [], told: [] };

/** By the first fact of the incident. */
const toldUpTo = new WeakMap<TimelineEntry, ToldUpTo>();

const found = rememberedWith((incident: Incident, filter: string): readonly TimelineEntry[] =>
  allTold(incident.timeline).filter((entry) => matches(filter, searchable(entry, incident))),
);

const dayOf = ({ at }: TimelineEntry): string => at.slice(0, 10);

const searchable = (entry: TimelineEntry, incident: Incident): string => {
  const { time, who, text } = lineOf(entry, incident);
  return `${dayOf(entry)} ${time} ${who} ${text}`;
};

const lineOf = (entry: TimelineEntry, incident: Incident): TimelineLine => ({
  time: timeOfDay(entry.at),
  who: tellerOf(entry.event, entry.actor),
  text: sentence(entry.event, incident),
  isPerson: entry.actor.kind === 'person' || 'person' in entry.event,
});

/** One fact; where its day is another than that of the fact above, a line names it first. */
export const linesOf = (told: readonly TimelineEntry[], index: number, incident: Incident): readonly TimelineLine[] => {
  const entry = told[index];
  if (entry === undefined) return [];
  const above = told[index - 1];
  const line = lineOf(entry, incident);
  if (above === undefined || dayOf(above) === dayOf(entry)) return [line];
  return [{ time: '', who: '', text: `the day before this was ${dayOf(entry)}`, isPerson: false }, line];
};
