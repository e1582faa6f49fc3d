// Owns what the wall says while nothing is open: that all is well, or what is not known, and since when.
import type { RoomView } from '../../client/room-client.ts';
import type { Incident } from '../../incident/state.ts';
import { toEpochMs } from '../../incident/time.ts';
import type { Severity } from '../../incident/words.ts';
import { type CalmModel, roomModel } from '../screens/room/view-model.ts';
import { incidentsByUrgency } from '../select.ts';
import { lasted } from './since.ts';
import { type WallSignals, wallSignals } from './wall-signals.ts';
import { worstFirst } from './worst-first.ts';

export interface CalmWall {
  readonly kind: 'calm';
  readonly headline: string;
  readonly tone: CalmModel['tone'];
  readonly detail: string;
  /** How long the last incident is over; null when there was none. */
  readonly quiet: { readonly text: string; readonly words: string } | null;
  /** What is above its limit first, then what is unknown, else as configured. */
  readonly signals: WallSignals;
  readonly past: readonly PastIncident[];
}

export interface PastIncident {
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
  readonly words: string;
}

const PAST_TOLD = 20;

export const calmWall = (view: RoomView, moment: { readonly now: number; readonly minute: number }): CalmWall => {
  const calm = roomModel(view, { incident: null, now: moment.now, scroll: 0 });
  if (calm.kind !== 'calm') throw new Error('a room without a chosen incident is calm');
  const signals = wallSignals(calm.signals);
  const over = overOnes(view).slice(0, PAST_TOLD);
  return {
    kind: 'calm',
    headline: calm.headline,
    tone: calm.tone,
    detail: calm.detail,
    quiet: quietOf(over, moment.minute),
    signals: { ...signals, services: worstFirst(signals.services) },
    past: over.map(({ incident, endedMs }) => ({
      severity: incident.severity,
      id: incident.id,
      title: incident.title,
      words: `${incident.falseAlarm ? 'false alarm' : incident.phase} ${agoWords(moment.minute - endedMs)}`,
    })),
  };
};

interface Over {
  readonly incident: Incident;
  readonly endedMs: number;
}

/** The last to end first. */
const overOnes = ({ room }: RoomView): readonly Over[] =>
  incidentsByUrgency(room)
    .flatMap((incident) => {
      const endedAt = incident.closedAt ?? incident.resolvedAt;
      return endedAt === null ? [] : [{ incident, endedMs: toEpochMs(endedAt) }];
    })
    .toSorted((a, b) => b.endedMs - a.endedMs);

/** An incident is over when it was resolved; a false alarm was none. */
const quietOf = (over: readonly Over[], minute: number): CalmWall['quiet'] => {
  const ends = over
    .filter(({ incident }) => !incident.falseAlarm)
    .map(({ incident, endedMs }) => (incident.resolvedAt === null ? endedMs : toEpochMs(incident.resolvedAt)));
  if (ends.length === 0) return null;
  const { text, unit } = lasted(minute - Math.max(...ends));
  return { text, words: `${unit} since the last incident` };
};

const agoWords = (ms: number): string => {
  const { text, unit } = lasted(ms);
  return text === '0' ? 'just now' : `${text} ${unit} ago`;
};
