// Owns what the list of incidents shows: open ones by urgency, then resolved, then closed.
import type { RoomView } from '../../../client/room-client.ts';
import { isOpen } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import type { Severity } from '../../../incident/words.ts';
import { age } from '../../format.ts';
import { incidentsByUrgency } from '../../select.ts';

export interface IncidentLine {
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly isOpen: boolean;
  readonly commander: string;
  readonly age: string;
}

export interface IncidentsModel {
  readonly incidents: readonly IncidentLine[];
  readonly open: number;
  readonly cursor: number;
}

export const incidentsModel = (
  view: RoomView,
  { now, cursor }: { readonly now: number; readonly cursor: number },
): IncidentsModel => {
  const incidents = incidentsByUrgency(view.room);
  return {
    incidents: incidents.map((incident) => ({
      severity: incident.severity,
      id: incident.id,
      title: incident.title,
      phase: incident.falseAlarm ? 'false alarm' : incident.phase,
      isOpen: isOpen(incident),
      commander: incident.roles.commander?.person ?? (isOpen(incident) ? 'NO COMMANDER' : '-'),
      age: age(now - toEpochMs(incident.declaredAt)),
    })),
    open: incidents.filter(isOpen).length,
    cursor: Math.max(0, Math.min(cursor, incidents.length - 1)),
  };
};
