// Owns the shape scripts read: `warroom status --json` and GET /api/v1/incidents. Fields are added, never renamed.
import { nextLevel } from '../incident/escalation.ts';
import { type ServiceSignals, type Signals, valueOrNull } from '../incident/signals.ts';
import { type Action, type Incident, isOpen, ledgerOf, type Room } from '../incident/state.ts';
import type { Timestamp } from '../incident/time.ts';

export interface Status {
  readonly agent: {
    readonly seq: number;
    readonly startedAt: Timestamp;
    readonly version: string;
    readonly writable: boolean;
  };
  readonly incidents: readonly IncidentStatus[];
  readonly signals: Readonly<Record<string, SignalStatus>>;
}

export interface IncidentStatus {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly phase: string;
  readonly services: readonly string[];
  readonly declaredAt: Timestamp;
  readonly commander: string | null;
  readonly escalation: {
    readonly nextLevel: string;
    readonly nextAt: Timestamp;
    readonly heldBy: string | null;
  } | null;
  readonly recoveryProposed: boolean;
  readonly ledger: readonly LedgerStatus[];
}

export interface LedgerStatus {
  readonly id: string;
  readonly action: string;
  readonly service: string;
  readonly owner: string;
  readonly reason: string;
  readonly appliedAt: Timestamp | null;
  readonly expiresAt: Timestamp | null;
  readonly state: string;
}

export interface SignalStatus {
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
  readonly requestsPerSecond: number | null;
  readonly at: Timestamp;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly since: Timestamp }[];
}

/** What is on: every incident that is not closed, and the latest signals. */
export const statusOf = (seen: {
  readonly agent: Status['agent'];
  readonly room: Room;
  readonly signals: Signals;
}): Status => ({
  agent: seen.agent,
  incidents: Object.values(seen.room.incidents)
    .filter((incident) => incident.phase !== 'closed')
    .map(incidentStatus),
  signals: Object.fromEntries(
    Object.entries(seen.signals).map(([service, signals]) => [service, signalStatus(signals)]),
  ),
});

export const incidentStatus = (incident: Incident): IncidentStatus => {
  const { id, title, severity, phase, services, declaredAt } = incident;
  // Of an ended incident nobody is paged any more.
  const next = isOpen(incident) ? nextLevel(incident) : null;
  const heldBy = incident.escalation?.heldBy?.person ?? null;
  return {
    id,
    title,
    severity,
    phase,
    services,
    declaredAt,
    commander: incident.roles.commander?.person ?? null,
    escalation: next === null ? null : { nextLevel: next.level, nextAt: next.dueAt, heldBy },
    recoveryProposed: incident.recovery !== null,
    ledger: ledgerOf(incident).map((action) => ledgerStatus(action, incident)),
  };
};

export const ledgerStatus = (action: Action, incident: Incident): LedgerStatus => ({
  id: action.id,
  action: action.name,
  service: action.service,
  owner: action.confirmedBy ?? action.requestedBy,
  reason: incident.title,
  appliedAt: action.state.name === 'applied' ? action.state.at : null,
  expiresAt: action.state.name === 'applied' ? action.state.expiresAt : null,
  state: action.state.name,
});

const signalStatus = ({ reading, checks }: ServiceSignals): SignalStatus => ({
  errorRatio: valueOrNull(reading.errorRatio),
  p95Seconds: valueOrNull(reading.p95Seconds),
  requestsPerSecond: valueOrNull(reading.requestsPerSecond),
  at: reading.at,
  checks: checks.map(({ name, state, since }) => ({ name, state, since })),
});
