// Owns what is known about a service over time: signals and checks. A null value is unknown, never zero.
import type { SafeText } from './text.ts';
import type { Timestamp } from './time.ts';

/** Why a value is unknown; the closed list behind every `unknown` on a screen. */
export type UnknownReason =
  | 'not-configured'
  | 'not-yet-measured'
  | 'missing'
  | 'not-a-number'
  | 'stale'
  | 'partial'
  | 'unreachable'
  | 'timeout'
  | 'bad-answer'
  | 'idle';

export type Reading =
  | { readonly known: true; readonly value: number }
  | { readonly known: false; readonly why: UnknownReason };

export const known = (value: number): Reading => ({ known: true, value });
export const unknown = (why: UnknownReason): Reading => ({ known: false, why });
export const valueOrNull = (reading: Reading): number | null => (reading.known ? reading.value : null);

/** What a source read about one service at one moment. */
export interface ServiceReading {
  readonly service: string;
  readonly at: Timestamp;
  /** Failed requests over all requests in the window, 0 to 1. `idle` when nobody asked. */
  readonly errorRatio: Reading;
  readonly p95Seconds: Reading;
  readonly requestsPerSecond: Reading;
}

export type CheckState = 'up' | 'down' | 'unknown';

export interface CheckReading {
  readonly service: string;
  readonly name: string;
  readonly state: CheckState;
  readonly since: Timestamp;
  /** What the last try said: a status, a time, an error; empty before the first. */
  readonly detail: SafeText;
}

/** The latest of everything about one service. */
export interface ServiceSignals {
  readonly reading: ServiceReading;
  readonly checks: readonly CheckReading[];
}

export type Signals = Readonly<Record<string, ServiceSignals>>;
