// Owns what the wall says about one incident: how bad, how long, who has command, when somebody else is paged.
import type { RoomView } from '../../client/room-client.ts';
import { nextLevel } from '../../incident/escalation.ts';
import { own } from '../../incident/own.ts';
import type { Incident, Level } from '../../incident/state.ts';
import { toEpochMs } from '../../incident/time.ts';
import type { Severity } from '../../incident/words.ts';
import { age, shortCountdown } from '../format.ts';
import { headModel } from '../screens/room/head-model.ts';
import { type LedgerModel, ledgerModel } from '../screens/room/ledger-model.ts';
import { signalsOf } from '../screens/room/shown-signals.ts';
import type { ServiceLine } from '../screens/room/signals-model.ts';
import { type ChartModel, chartModel } from './chart-model.ts';
import { type Lasted, lasted } from './since.ts';
import { type WallSignals, wallSignals } from './wall-signals.ts';
import { worstFirst } from './worst-first.ts';

export interface Countdown {
  /** `14:02`, or what stands instead of a time. */
  readonly text: string;
  readonly words: string;
  readonly tone: 'plain' | 'ok' | 'warn';
}

export interface ErrorFact {
  /** `41%`, or `?`. */
  readonly text: string;
  readonly words: string;
  readonly tone: 'loud' | 'ok' | 'warn' | 'dim';
}

export interface IncidentWall {
  readonly kind: 'incident';
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly environment: string;
  readonly isProduction: boolean;
  /** `2 of 3`, or empty. */
  readonly place: string;
  readonly isHeld: boolean;
  readonly errors: ErrorFact;
  readonly elapsed: Lasted;
  /** Null is NO COMMANDER. */
  readonly commander: string | null;
  readonly countdown: Countdown;
  readonly signals: WallSignals;
  readonly ledger: LedgerModel;
  readonly chart: ChartModel;
  readonly others: readonly OtherIncident[];
}

export interface OtherIncident {
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
}

export interface IncidentMoment {
  readonly now: number;
  /** Open incidents, the most urgent first; this one is among them. */
  readonly open: readonly Incident[];
  readonly isHeld: boolean;
}

const OTHERS_TOLD = 20;

export const incidentWall = (view: RoomView, incident: Incident, moment: IncidentMoment): IncidentWall => {
  const { now, open, isHeld } = moment;
  const head = headModel(view, incident, now);
  const signals = wallSignals(signalsOf(view, incident, now));
  const face = faceOf(view, signals);
  return {
    kind: 'incident',
    severity: head.severity,
    id: head.id,
    title: head.title,
    phase: head.phase,
    environment: head.environment,
    isProduction: head.isProduction,
    place: open.length > 1 ? `${open.indexOf(incident) + 1} of ${open.length}` : '',
    isHeld,
    errors: errorFact(face, view.connection.name === 'live'),
    elapsed: lasted(now - toEpochMs(incident.declaredAt)),
    commander: incident.roles.commander?.person ?? null,
    countdown: countdownOf(incident, now),
    signals,
    ledger: ledgerModel(view, incident, now),
    chart: chartModel(view, incident, { service: face?.service ?? '', now }),
    others: open
      .filter((other) => other !== incident)
      .slice(0, OTHERS_TOLD)
      .map(({ severity, id, title }) => ({ severity, id, title })),
  };
};

/** Of the incident's own services the one that fails most; what cannot be measured comes before what is well. */
const faceOf = (view: RoomView, { services, ownServices }: WallSignals): ServiceLine | null => {
  const ratioOf = ({ service }: ServiceLine): number => {
    const reading = own(view.signals, service)?.reading.errorRatio;
    return reading?.known ? reading.value : -1;
  };
  return worstFirst(services.slice(0, ownServices).toSorted((a, b) => ratioOf(b) - ratioOf(a)))[0] ?? null;
};

const errorFact = (face: ServiceLine | null, isLive: boolean): ErrorFact => {
  if (face === null) return { text: '?', words: 'no service', tone: 'warn' };
  const { service, unknownReason, limit, isAboveLimit } = face;
  if (unknownReason !== null) return { text: '?', words: `${service} unknown: ${unknownReason}`, tone: 'warn' };
  const text = face.errors.replace(' ', '');
  return { text, words: `${service} errors, ${limit}`, tone: isLive ? (isAboveLimit ? 'loud' : 'ok') : 'dim' };
};

/** `incident-commander +1` */
const names = ({ contacts }: Level): string => {
  const more = contacts.length > 1 ? ` +${contacts.length - 1}` : '';
  return `${contacts[0]?.contact ?? 'nobody'}${more}`;
};

const countdownOf = (incident: Incident, now: number): Countdown => {
  const { escalation } = incident;
  if (escalation === null) return { text: '-', words: 'no escalation', tone: 'warn' };
  const { heldBy } = escalation;
  if (heldBy !== null) {
    const text = shortCountdown(toEpochMs(heldBy.until) - now);
    return { text, words: `escalation held by ${heldBy.person}`, tone: 'ok' };
  }
  const level = nextLevel(incident);
  if (level === null) return { text: '-', words: 'every level is paged', tone: 'warn' };
  const leftMs = toEpochMs(level.dueAt) - now;
  if (leftMs <= 0) return { text: 'DUE', words: `since ${age(-leftMs)}: ${names(level)}`, tone: 'warn' };
  return { text: shortCountdown(leftMs), words: `until ${names(level)} is paged`, tone: 'plain' };
};
