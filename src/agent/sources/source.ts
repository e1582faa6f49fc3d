// Owns the interface of a signal source: something that, once started, keeps telling what it reads about services.
import type { CheckReading, ServiceReading } from '../../incident/signals.ts';

/** What sources tell the agent. Each call replaces what was known about that service or check. */
export interface SourceListener {
  readings(readings: readonly ServiceReading[]): void;
  check(reading: CheckReading): void;
  /** The health of the source itself, once per poll. */
  polled(poll: Polled): void;
}

export interface Polled {
  readonly source: string;
  readonly tookMs: number;
  readonly error: string | null;
  /** How far the clock of the source is ahead of ours, where it tells its time. */
  readonly skewMs?: number | null;
}

export interface Source {
  readonly name: string;
  /** Begins watching; returns the way to stop, after which the listener hears nothing more. */
  start(listener: SourceListener): () => void;
}
