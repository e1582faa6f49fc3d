// Owns how long it took: the durations of an incident that has just been closed, read off its timeline. Pure.
import type { EventType } from '../../incident/events.ts';
import type { Incident, TimelineEntry } from '../../incident/state.ts';
import { msBetween, type Timestamp } from '../../incident/time.ts';

export const STRETCHES = ['acknowledge', 'contain', 'resolve'] as const;
export type Stretch = (typeof STRETCHES)[number];

/**
 * Milliseconds of each stretch that the close at `closeSeq` settles; null where a point of it is missing. Negative where the clock was set
 * back in between. From declaration, but acknowledging from detection; to the first acknowledgement, the first containment applied, the last
 * resolve. After a reopening, the next close settles only points that came after the close before. Nothing for a false alarm.
 */
export const durationsAtClose = (incident: Incident, closeSeq: number): Readonly<Record<Stretch, number | null>> => {
  const entries = incident.timeline.filter(({ seq }) => seq <= closeSeq);
  const settled = entries.findLast((entry) => isCountedClose(entry) && entry.seq < closeSeq)?.seq ?? 0;
  const from = (start: Timestamp, end: TimelineEntry | undefined): number | null =>
    end === undefined || end.seq <= settled || incident.falseAlarm ? null : orNull(msBetween(start, end.at));

  const declaredAt = toldDeclaredAt(incident);
  return {
    acknowledge: from(
      detectedAt(incident),
      entries.find((entry) => is(entry, 'incident.acknowledged') && entry.actor.kind === 'person'),
    ),
    contain: from(
      declaredAt,
      entries.find((entry) => isContainment(entry, incident)),
    ),
    resolve: from(
      declaredAt,
      entries.findLast((entry) => is(entry, 'incident.resolved')),
    ),
  };
};

const is = ({ event }: TimelineEntry, type: EventType): boolean => event.type === type;

const isCountedClose = ({ event }: TimelineEntry): boolean => event.type === 'incident.closed' && !event.falseAlarm;

const isContainment = ({ event }: TimelineEntry, { actions }: Incident): boolean =>
  event.type === 'action.applied' && actions[event.action]?.undoes === null;

/** When the first signal came: for a rule, the moment from which it held; otherwise the report is the declaration. */
const detectedAt = (incident: Incident): Timestamp => {
  const declaredAt = toldDeclaredAt(incident);
  const first = incident.timeline.find((entry) => is(entry, 'incident.declared'))?.event;
  const since = first?.type === 'incident.declared' ? first.evidence?.since : undefined;
  return since !== undefined && since < declaredAt ? since : declaredAt;
};

/** As the clock stood then, like all of the timeline: the incident's own moment moves with a clock that is set back. */
const toldDeclaredAt = ({ timeline, declaredAt }: Incident): Timestamp =>
  timeline.find((entry) => is(entry, 'incident.declared'))?.at ?? declaredAt;

const orNull = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
