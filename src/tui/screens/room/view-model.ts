// Owns what the room shows, as plain data: no widths, no colours, no terminal.
import type { RoomView } from '../../../client/room-client.ts';
import { own } from '../../../incident/own.ts';
import { type Incident, isOpen } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { age, percent, plural, timeOfDay } from '../../format.ts';
import { incidentsByUrgency } from '../../select.ts';
import { isTold, sentence, tellerOf } from '../../sentences.ts';
import { type EscalationModel, escalationModel } from './escalation-model.ts';
import {
  type Banner,
  bannerOf,
  type ConnectionWords,
  connectionWords,
  type HeadModel,
  headModel,
} from './head-model.ts';
import { type LedgerModel, ledgerModel } from './ledger-model.ts';
import { type CheckWord, checkWords, type ServiceLine, serviceLine } from './signals-model.ts';

export interface TimelineLine {
  readonly time: string;
  readonly who: string;
  readonly text: string;
  readonly isPerson: boolean;
}

export interface Signals {
  readonly services: readonly ServiceLine[];
  /** How many of `services`, from the first, are of the incident. */
  readonly ownServices: number;
  readonly checks: readonly CheckWord[];
}

export interface IncidentModel {
  readonly kind: 'incident';
  readonly head: HeadModel;
  readonly connection: ConnectionWords;
  readonly banner: Banner | null;
  readonly signals: Signals;
  readonly escalation: EscalationModel;
  readonly ledger: LedgerModel;
  readonly proposals: readonly string[];
  /** Newest first; made as far as somebody looks. */
  readonly timeline: Iterable<TimelineLine>;
  readonly scroll: number;
}

export interface CalmModel {
  readonly kind: 'calm';
  readonly headline: string;
  readonly tone: 'ok' | 'warn' | 'loud';
  readonly detail: string;
  readonly connection: ConnectionWords;
  readonly banner: Banner | null;
  readonly signals: Signals;
  readonly past: readonly {
    readonly severity: string;
    readonly id: string;
    readonly title: string;
    readonly words: string;
  }[];
}

export type RoomModel = IncidentModel | CalmModel;

export interface RoomMoment {
  readonly incident: Incident | null;
  readonly now: number;
  readonly scroll: number;
}

export const roomModel = (view: RoomView, moment: RoomMoment): RoomModel =>
  moment.incident === null ? calmModel(view, moment.now) : incidentModel(view, moment.incident, moment);

const incidentModel = (view: RoomView, incident: Incident, { now, scroll }: RoomMoment): IncidentModel => ({
  kind: 'incident',
  head: headModel(view, incident, now),
  connection: connectionWords(view.connection, view, now),
  banner: bannerOf(view, incident, now),
  signals: signalsOf(view, incident, now),
  escalation: escalationModel(incident, now),
  ledger: ledgerModel(view, incident, now),
  proposals: proposalsOf(incident),
  timeline: timelineOf(incident),
  scroll,
});

export const signalsOf = (view: RoomView, incident: Incident | null, now: number): Signals => {
  const first = incident?.services ?? [];
  const others = [
    ...new Set([...dependenciesOf(view, first), ...Object.keys(view.policy.services), ...Object.keys(view.signals)]),
  ].filter((service) => !first.includes(service));
  const moment = { now, incident };
  return {
    services: [...first, ...others].map((service) => serviceLine(view, service, moment)),
    ownServices: first.length,
    checks: checkWords(view, incident === null ? others : first, now),
  };
};

/** What these services stand on, the nearest first. */
const dependenciesOf = (view: RoomView, services: readonly string[]): readonly string[] => {
  const found = new Set(services);
  // A set goes on to what is added while it is walked.
  for (const service of found) for (const one of own(view.policy.services, service)?.dependsOn ?? []) found.add(one);
  return [...found];
};

const proposalsOf = (incident: Incident): readonly string[] => {
  if (!isOpen(incident)) return [];
  const { recovery, proposedSeverity } = incident;
  const samples = recovery?.samples.map((sample) => `${sample.service} ${percent(sample.errorRatio)}`).join(', ');
  return [
    ...(recovery === null
      ? []
      : [`RECOVERED? within limits since ${timeOfDay(recovery.since)}: ${samples}   R resolves`]),
    ...(proposedSeverity === null
      ? []
      : [`PROPOSED ${proposedSeverity.to}: ${proposedSeverity.reason}   s changes it`]),
  ];
};

function* timelineOf(incident: Incident): Generator<TimelineLine> {
  for (let index = incident.timeline.length - 1; index >= 0; index--) {
    const entry = incident.timeline[index];
    if (entry === undefined || !isTold(entry.event)) continue;
    yield {
      time: timeOfDay(entry.at),
      who: tellerOf(entry.event, entry.actor),
      text: sentence(entry.event, incident),
      isPerson: entry.actor.kind === 'person' || 'person' in entry.event,
    };
  }
}

const PAST_SHOWN = 10;

const calmModel = (view: RoomView, now: number): CalmModel => {
  const signals = signalsOf(view, null, now);
  return {
    kind: 'calm',
    ...headlineOf(view, signals),
    connection: connectionWords(view.connection, view, now),
    banner: bannerOf(view, null, now),
    signals,
    past: incidentsByUrgency(view.room)
      .toSorted((a, b) => ((a.closedAt ?? a.declaredAt) < (b.closedAt ?? b.declaredAt) ? 1 : -1))
      .slice(0, PAST_SHOWN)
      .map((incident) => ({
        severity: incident.severity,
        id: incident.id,
        title: incident.title,
        words: pastWords(incident, now),
      })),
  };
};

const pastWords = (incident: Incident, now: number): string => {
  const endedAt = incident.closedAt ?? incident.resolvedAt;
  const word = incident.falseAlarm ? 'false alarm' : incident.phase;
  return endedAt === null ? word : `${word} ${age(now - toEpochMs(endedAt))} ago`;
};

/** Calm only where everything was measured, now, and found so. */
const headlineOf = (view: RoomView, { services }: Signals): Pick<CalmModel, 'headline' | 'tone' | 'detail'> => {
  const { connection } = view;
  if (connection.name === 'refused')
    return { headline: 'the agent refuses this connection', tone: 'loud', detail: connection.message };
  if (view.agent === null) return { headline: 'connecting to the agent', tone: 'warn', detail: 'nothing is known yet' };
  if (connection.name !== 'live')
    return {
      headline: 'unknown: not connected',
      tone: 'loud',
      detail: 'what is below is old; there was no open incident',
    };
  const unknown = services.filter((service) => service.unknownReason !== null && service.unknownReason !== 'idle');
  const above = services.filter((service) => service.isAboveLimit);
  if (above.length > 0) {
    return {
      headline: 'no open incident',
      tone: 'warn',
      detail: `${above.map((service) => service.service).join(', ')} above the limit: watching`,
    };
  }
  if (services.length === 0)
    return { headline: 'no open incident', tone: 'warn', detail: 'no service is configured: nothing is watched' };
  if (unknown.length > 0) {
    return {
      headline: 'no open incident',
      tone: 'warn',
      detail: `${plural(unknown.length, 'service')} of ${services.length} unknown`,
    };
  }
  return {
    headline: 'nothing is wrong',
    tone: 'ok',
    detail: `${plural(services.length, 'service')} measured, none above its limit`,
  };
};
