// Owns what the room shows, as plain data: no widths, no colours, no terminal.
import type { RoomView } from '../../../client/room-client.ts';
import { type Incident, isOpen, type TimelineEntry } from '../../../incident/state.ts';
import { toEpochMs } from '../../../incident/time.ts';
import { age, percent, plural, timeOfDay } from '../../format.ts';
import { remembered } from '../../remembered.ts';
import { incidentsByUrgency } from '../../select.ts';
import { isTold, sentence, tellerOf } from '../../sentences.ts';
import { type EscalationModel, escalationModel } from './escalation-model.ts';
import type { Facts } from './fact-rows.ts';
import {
  type Banner,
  bannerOf,
  type ConnectionWords,
  connectionWords,
  type HeadModel,
  headModel,
} from './head-model.ts';
import { type LedgerModel, ledgerModel } from './ledger-model.ts';
import { linksOf } from './link-model.ts';
import { type Signals, signalsOf } from './shown-signals.ts';
import { silencesOver } from './silence-model.ts';

export interface Timeline {
  /** Those that are told, newest first. */
  readonly facts: () => Iterable<TimelineEntry>;
  /** Its words, for those in view. */
  readonly lineOf: (fact: TimelineEntry) => TimelineLine;
}

export interface TimelineLine {
  readonly time: string;
  readonly who: string;
  readonly text: string;
  readonly isPerson: boolean;
}

export interface IncidentModel {
  readonly kind: 'incident';
  readonly head: HeadModel;
  readonly connection: ConnectionWords;
  readonly banner: Banner | null;
  readonly signals: Signals;
  readonly facts: Facts;
  readonly escalation: EscalationModel;
  readonly ledger: LedgerModel;
  readonly proposals: readonly string[];
  readonly timeline: Timeline;
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
  readonly facts: Facts;
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

const incidentModel = (view: RoomView, incident: Incident, { now, scroll }: RoomMoment): IncidentModel => {
  const signals = signalsOf(view, incident, now);
  return {
    kind: 'incident',
    head: headModel(view, incident, now),
    connection: connectionWords(view.connection, view, now),
    banner: bannerOf(view, incident, now),
    signals,
    facts: {
      alerts: incident.alertCount.known > 0 ? incident.alertCount : null,
      silences: silencesOver(view, signals.services, now),
      links: linksOf(view, incident.services),
    },
    escalation: escalationModel(incident, now),
    ledger: ledgerModel(view, incident, now),
    proposals: proposalsOf(incident),
    timeline: { facts: () => toldFacts(incident), lineOf: (fact) => timelineLine(fact, incident) },
    scroll,
  };
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

function* toldFacts({ timeline }: Incident): Generator<TimelineEntry> {
  for (let index = timeline.length - 1; index >= 0; index--) {
    const entry = timeline[index];
    if (entry !== undefined && isTold(entry.event)) yield entry;
  }
}

const timelineLine = ({ at, actor, event }: TimelineEntry, incident: Incident): TimelineLine => ({
  time: timeOfDay(at),
  who: tellerOf(event, actor),
  text: sentence(event, incident),
  isPerson: actor.kind === 'person' || 'person' in event,
});

const PAST_SHOWN = 10;

const calmModel = (view: RoomView, now: number): CalmModel => {
  const signals = signalsOf(view, null, now);
  return {
    kind: 'calm',
    ...headlineOf(view, signals),
    connection: connectionWords(view.connection, view, now),
    banner: bannerOf(view, null, now),
    signals,
    facts: { alerts: null, silences: silencesOver(view, signals.services, now), links: [] },
    past: lastIncidents(incidentsByUrgency(view.room)).map((incident) => ({
      severity: incident.severity,
      id: incident.id,
      title: incident.title,
      words: pastWords(incident, now),
    })),
  };
};

const lastIncidents = remembered((incidents: readonly Incident[]): readonly Incident[] =>
  incidents
    .toSorted((a, b) => ((a.closedAt ?? a.declaredAt) < (b.closedAt ?? b.declaredAt) ? 1 : -1))
    .slice(0, PAST_SHOWN),
);

const pastWords = (incident: Incident, now: number): string => {
  const endedAt = incident.closedAt ?? incident.resolvedAt;
  const word = incident.falseAlarm ? 'false alarm' : incident.phase;
  return endedAt === null ? word : `${word} ${age(now - toEpochMs(endedAt))} ago`;
};

/** Calm only where everything was measured, now, and found so. */
const headlineOf = (
  view: RoomView,
  { services, standings }: Signals,
): Pick<CalmModel, 'headline' | 'tone' | 'detail'> => {
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
  const { above, unknown, idle } = standings();
  const unmeasured = unknown.length - idle;
  if (above.length > 0) {
    return {
      headline: 'no open incident',
      tone: 'warn',
      detail: `${above.join(', ')} above the limit: watching`,
    };
  }
  if (services.length === 0)
    return { headline: 'no open incident', tone: 'warn', detail: 'no service is configured: nothing is watched' };
  if (unmeasured > 0) {
    return {
      headline: 'no open incident',
      tone: 'warn',
      detail: `${plural(unmeasured, 'service')} of ${services.length} unknown`,
    };
  }
  return {
    headline: 'nothing is wrong',
    tone: 'ok',
    detail: `${plural(services.length, 'service')} measured, none above its limit`,
  };
};
