// Owns a listener that remembers what sources told, and waits for what is to come.
import { vi } from 'vitest';
import type { SourceListener } from '../../../src/agent/sources/source.ts';
import type { CheckReading, ServiceReading } from '../../../src/incident/signals.ts';

type Poll = Parameters<SourceListener['polled']>[0];

export interface RecordingListener extends SourceListener {
  readonly told: ServiceReading[];
  readonly checked: CheckReading[];
  readonly polls: Poll[];
  last(service: string): ServiceReading | undefined;
  /** Resolves once that many polls were told. */
  polledTimes(count: number): Promise<void>;
}

export const recordingListener = (): RecordingListener => {
  const told: ServiceReading[] = [];
  const checked: CheckReading[] = [];
  const polls: Poll[] = [];
  return {
    told,
    checked,
    polls,
    readings: (readings) => void told.push(...readings),
    check: (reading) => void checked.push(reading),
    polled: (poll) => void polls.push(poll),
    last: (service) => told.findLast((reading) => reading.service === service),
    polledTimes: (count) =>
      vi.waitFor(
        () => {
          if (polls.length < count) throw new Error(`only ${polls.length} of ${count} polls`);
        },
        { timeout: 4_000, interval: 5 },
      ),
  };
};
