// Owns how a moment reads beside the present one: the time alone where it is of the same day, else the day too. All UTC.
import { HOUR, toEpochMs } from '../../incident/time.ts';
import { timeOfDay } from '../format.ts';

const MINUTES_LENGTH = 5;

/** `10:04:07`, on another day `11-20 10:04`. */
export const moment = (at: string, now: number): string =>
  isToday(at, now) ? timeOfDay(at) : `${at.slice(5, 10)} ${timeOfDay(at).slice(0, MINUTES_LENGTH)}`;

/** The same to the minute: `10:04`. */
export const minuteOf = (at: string, now: number): string =>
  isToday(at, now) ? timeOfDay(at).slice(0, MINUTES_LENGTH) : moment(at, now);

const DAY_MS = 24 * HOUR;

/** All moments of one day read alike beside each other. */
export const startOfDay = (now: number): number => Math.floor(now / DAY_MS) * DAY_MS;

const isToday = (at: string, now: number): boolean => startOfDay(toEpochMs(at)) === startOfDay(now);
