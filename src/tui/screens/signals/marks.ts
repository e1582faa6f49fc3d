// Owns which moments of incidents are marked on the chart of a service.
import type { EventType, IncidentEvent } from '../../../incident/events.ts';
import type { Incident, Room } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { isTold, sentence } from '../../sentences.ts';

export interface Mark {
  readonly at: string;
  readonly atMs: number;
  readonly incident: string;
  /** Made for what is in view alone. */
  readonly words: () => string;
}

const ofIncident: ReadonlySet<EventType> = new Set([
  'incident.declared',
  'severity.raised',
  'severity.lowered',
  'incident.resolved',
  'incident.reopened',
]);

const MOST_MARKS = 40;

/** From `sinceMs` on, oldest first; of very many the latest. */
export const marksOf = (room: Room, service: string, sinceMs: number): readonly Mark[] =>
  Object.values(room.incidents)
    .filter((incident) => isAbout(incident, service))
    .flatMap((incident) => marksIn(incident, service, sinceMs))
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-MOST_MARKS);

const isAbout = (incident: Incident, service: string): boolean =>
  incident.services.includes(service) || Object.values(incident.actions).some((action) => action.service === service);

const marksIn = (incident: Incident, service: string, sinceMs: number): readonly Mark[] => {
  const marks: Mark[] = [];
  for (let index = incident.timeline.length - 1; index >= 0 && marks.length < MOST_MARKS; index--) {
    const entry = incident.timeline[index];
    if (entry === undefined) continue;
    const atMs = toEpochMs(entry.at);
    if (atMs < sinceMs) break;
    const { event } = entry;
    if (isMarked(event, incident, service))
      marks.push({ at: entry.at, atMs, incident: incident.id, words: () => sentence(event, incident) });
  }
  return marks;
};

const isMarked = (event: IncidentEvent, incident: Incident, service: string): boolean => {
  if (!isTold(event)) return false;
  if (ofIncident.has(event.type)) return incident.services.includes(service);
  if (event.type !== 'action.applied' && event.type !== 'action.undone') return false;
  const action = incident.actions[event.action];
  // An undo is told as the end of what it takes back.
  return action?.service === service && action.undoes === null;
};
