// Owns the leaving of closed incidents: each is kept in the archive first, and leaves the room then.
import { leaving } from '../../incident/archiving.ts';
import type { Incident } from '../../incident/state.ts';
import { MINUTE, plusMs, type Timestamp, toTimestamp } from '../../incident/time.ts';
import type { Archive } from '../archive/archive.ts';
import type { Clock } from '../clock.ts';
import type { Reactor, Record } from './reactor.ts';

const TRY_AGAIN_AFTER_MS = MINUTE;

interface ArchivingParts {
  readonly record: Record;
  readonly clock: Clock;
  readonly keep: Archive['keep'];
  readonly reopenWithinMs: () => number;
  /** Asks for another look, once one has left. */
  readonly wake: () => void;
}

/** One at a time: nobody waits for it. */
export const archiving = ({ record, clock, keep, reopenWithinMs, wake }: ArchivingParts): Reactor => {
  let underWay: Promise<void> | null = null;
  let notBefore: Timestamp = toTimestamp(0);

  const leave = async (incident: Incident): Promise<void> => {
    await keep(incident);
    const left = await record({ type: 'archive-incident', incident: incident.id, lastSeq: incident.lastSeq });
    // Somebody reopened it meanwhile, or the disk is full: it is looked at again.
    if (!left.ok) notBefore = plusMs(toTimestamp(clock.now()), TRY_AGAIN_AFTER_MS);
  };

  return {
    stop: () => {},
    finished: () => underWay ?? Promise.resolve(),
    look: (room, now) => {
      const first = leaving(room, reopenWithinMs())[0];
      if (first === undefined || underWay !== null) return null;
      const at = first.at > notBefore ? first.at : notBefore;
      if (at > now) return at;
      underWay = leave(first.incident)
        .catch(() => {
          notBefore = plusMs(toTimestamp(clock.now()), TRY_AGAIN_AFTER_MS);
        })
        .finally(() => {
          underWay = null;
          wake();
        });
      return null;
    },
  };
};
