// Owns what the watchdog keeps of a room: its open incidents, and what falls due in them. Plain data, that it may be written down.
import { deadlinesOf } from '../incident/due.ts';
import { own } from '../incident/own.ts';
import { type Incident, isOpen, type Room } from '../incident/state.ts';
import type { Timestamp } from '../incident/time.ts';
import type { Severity } from '../incident/words.ts';

export interface OpenIncident {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Soonest first. */
  readonly dues: readonly Due[];
  /** Pages that were asked for and are not out. */
  readonly pagesWaiting: number;
}

export type Due = { readonly at: Timestamp } & (
  | { readonly kind: 'level'; readonly level: string; readonly contacts: readonly string[] }
  /** Whoever has the incident has it no more; the ladder goes on from there. */
  | { readonly kind: 'acknowledgement'; readonly person: string }
  | { readonly kind: 'containment'; readonly action: string; readonly name: string; readonly service: string }
);

const MOST_KEPT = 50;

/** The worst first. */
export const openIncidents = (room: Room): readonly OpenIncident[] => {
  const containments = containmentsDue(room);
  return Object.values(room.incidents)
    .filter((incident) => isOpen(incident) || containments.has(incident.id))
    .sort((a, b) => (a.severity + a.declaredAt < b.severity + b.declaredAt ? -1 : 1))
    .slice(0, MOST_KEPT)
    .map((incident) => ({
      id: incident.id,
      severity: incident.severity,
      title: incident.title,
      dues: [...ladderDues(incident), ...(containments.get(incident.id) ?? [])].sort((a, b) => (a.at < b.at ? -1 : 1)),
      pagesWaiting: isOpen(incident) ? pagesWaiting(incident) : 0,
    }));
};

/** A ladder that somebody holds moves on when their time is over: until then its levels have no moment. */
const ladderDues = (incident: Incident): readonly Due[] => {
  const { escalation } = incident;
  if (escalation === null || !isOpen(incident)) return [];
  const { heldBy } = escalation;
  if (heldBy !== null) return [{ kind: 'acknowledgement', at: heldBy.until, person: heldBy.person }];
  return escalation.levels
    .filter(({ reachedAt }) => reachedAt === null)
    .map(({ level, dueAt, contacts }) => ({
      kind: 'level',
      at: dueAt,
      level,
      contacts: contacts.map(({ contact }) => contact),
    }));
};

const pagesWaiting = ({ pages }: Incident): number =>
  Object.values(pages).filter(({ state }) => state === 'pending' || state === 'retrying').length;

const containmentsDue = (room: Room): ReadonlyMap<string, readonly Due[]> => {
  const due = deadlinesOf(room).flatMap(({ at, command }) => {
    if (command.type !== 'expire-containment') return [];
    for (const incident of Object.values(room.incidents)) {
      const action = own(incident.actions, command.action);
      if (action !== undefined) {
        const { id, name, service } = action;
        return [{ incident: incident.id, due: { kind: 'containment', at, action: id, name, service } as const }];
      }
    }
    return [];
  });
  return new Map([...Map.groupBy(due, ({ incident }) => incident)].map(([id, its]) => [id, its.map((one) => one.due)]));
};

/** Names a due for as long as it stands: what was told of it is not told as news again. */
export const dueKey = (incident: string, due: Due): string => {
  switch (due.kind) {
    case 'level':
      return `${incident}/${due.level}/${due.at}`;
    case 'acknowledgement':
      return `${incident}/${due.person}/${due.at}`;
    case 'containment':
      return `${incident}/${due.action}`;
    default:
      return due satisfies never;
  }
};

/** What has come due and concerns people: somebody should be paged by now. */
export const unpaged = (incidents: readonly OpenIncident[], upTo: Timestamp): readonly string[] =>
  incidents.flatMap(({ id, dues }) =>
    dues.filter(({ at, kind }) => kind !== 'containment' && at <= upTo).map((due) => dueKey(id, due)),
  );
