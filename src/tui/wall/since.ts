// Owns how long something has lasted, in the one number and unit that can be read from across a room.
import { HOUR, MINUTE } from '../../incident/time.ts';

export interface Lasted {
  readonly text: string;
  readonly unit: string;
}

const DAY = 24 * HOUR;

/** `12` minutes, `1:52` hours, `5` days: whole ones that have passed. */
export const lasted = (ms: number): Lasted => {
  const past = Number.isFinite(ms) ? Math.max(0, ms) : 0;
  if (past < 100 * MINUTE) return counted(Math.floor(past / MINUTE), 'minute');
  if (past < 48 * HOUR) {
    const minutes = String(Math.floor((past % HOUR) / MINUTE)).padStart(2, '0');
    return { text: `${Math.floor(past / HOUR)}:${minutes}`, unit: 'hours' };
  }
  return counted(Math.floor(past / DAY), 'day');
};

const counted = (count: number, unit: string): Lasted => ({
  text: String(count),
  unit: count === 1 ? unit : `${unit}s`,
});
