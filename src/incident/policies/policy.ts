// Owns the shape of a team's rules once read and checked: what `decide` and the detection look at.
import type { ConfirmPolicy } from '../events.ts';
import type { Role, Severity } from '../words.ts';
import type { Condition } from './condition.ts';

export interface Policy {
  readonly services: Readonly<Record<string, ServicePolicy>>;
  readonly severities: SeverityPolicy;
  readonly ladders: Readonly<Record<string, Readonly<Record<Severity, Ladder>>>>;
  readonly businessHours: BusinessHours;
  /** Contact name to the channels it is reached by, in order. A contact in no table is reached by the agent's log alone. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
  /** Sink name to the channel it is reached by. Each hears of every incident. */
  readonly sinks: Readonly<Record<string, { readonly channel: string }>>;
  /** What each role is asked to do, in the team's words. */
  readonly responsibilities: Readonly<Record<Role, readonly string[]>>;
  readonly actions: Readonly<Record<string, ActionPolicy>>;
  readonly acknowledgeForMs: Readonly<Record<Severity, number>>;
  readonly armForMs: number;
  readonly reopenWithinMs: number;
  readonly recoveryAfterMs: number;
}

export interface ServicePolicy {
  readonly core: boolean;
  readonly dependsOn: readonly string[];
  readonly environment: { readonly name: string; readonly production: boolean };
  readonly ladder: string;
  readonly runbook: string | null;
  readonly dashboards: readonly { readonly title: string; readonly url: string }[];
  /** Names of the actions this service may be contained with. */
  readonly actions: readonly string[];
}

export interface SeverityPolicy {
  /** In order, most urgent first; the first rule that matches decides. */
  readonly rules: readonly SeverityRule[];
  readonly minimumRequestsPerSecond: number;
  readonly respondWithinMs: Readonly<Record<Severity, number | 'business-hours'>>;
  readonly definitions: Readonly<Record<Severity, string>>;
}

export interface SeverityRule {
  readonly id: string;
  readonly severity: Severity;
  readonly when: Condition;
  /** The condition as the team wrote it. */
  readonly text: string;
  readonly forMs: number;
}

export interface Ladder {
  readonly levels: readonly { readonly key: string; readonly afterMs: number; readonly contacts: readonly string[] }[];
  readonly businessHoursOnly: boolean;
}

export interface BusinessHours {
  /** IANA zone. */
  readonly zone: string;
  /** ISO weekdays, Monday is 1. */
  readonly days: readonly number[];
  /** Local wall time, `HH:MM`. */
  readonly from: string;
  readonly to: string;
  /** Local dates, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

export interface ActionPolicy {
  readonly title: string;
  readonly confirm: ConfirmPolicy;
  readonly expiresAfterMs: number | null;
}
