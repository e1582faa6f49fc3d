// Owns when a team is at work: the next moment inside its business hours, by the real rules of its time zone.
import { Temporal } from 'temporal-polyfill';
import { type Timestamp, toEpochMs, toTimestamp } from '../time.ts';
import type { BusinessHours } from './policy.ts';

/** `24:00` is the end of the day. */
export const END_OF_DAY = '24:00';

/**
 * The moment itself when it is inside the hours, else the beginning of the next stretch inside. A start that a change to summer time
 * skips is the moment of the change; of an hour that comes twice, the first counts. Null when no day is a business day.
 */
export const nextBusinessMoment = (at: Timestamp, hours: BusinessHours): Timestamp | null => {
  if (hours.days.length === 0) return null;
  const atMs = toEpochMs(at);
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(hours.zone).toPlainDate();
  // Each holiday takes away one day at most, so this many days hold a business day.
  const days = 8 + 7 * hours.holidays.length;
  const holidays = new Set(hours.holidays);
  for (let ahead = 0; ahead <= days; ahead += 1) {
    const date = today.add({ days: ahead });
    if (!hours.days.includes(date.dayOfWeek) || holidays.has(date.toString())) continue;
    const startMs = momentOf(date, hours.from, hours.zone);
    const endMs = momentOf(date, hours.to, hours.zone);
    if (startMs >= endMs || atMs >= endMs) continue;
    return toTimestamp(Math.max(atMs, startMs));
  }
  return null;
};

const momentOf = (date: Temporal.PlainDate, wallTime: string, zone: string): number => {
  const wall =
    wallTime === END_OF_DAY
      ? date.add({ days: 1 }).toPlainDateTime()
      : date.toPlainDateTime(Temporal.PlainTime.from(wallTime));
  const moment = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const exists = moment.toPlainDateTime().equals(wall);
  const change = exists ? null : moment.getTimeZoneTransition('next');
  return (change ?? moment).epochMilliseconds;
};
