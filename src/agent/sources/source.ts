// Owns the interface of a signal source: something that, once started, keeps telling what it reads about services.
import type { CheckReading, ServiceReading } from '../../incident/signals.ts';

/** What sources tell the agent. Each call replaces what was known about that service or check. */
export interface SourceListener {
  readings(readings: readonly ServiceReading[]): void;
  check(reading: CheckReading): void;
  /** The health of the source itself, once per poll. */
  polled(poll: { readonly source: string; readonly tookMs: number; readonly error: string | null }): void;
}

export interface Source {
  readonly name: string;
  /** Begins watching; returns the way to stop, after which the listener hears nothing more. */
  start(listener: SourceListener): () => void;
}
