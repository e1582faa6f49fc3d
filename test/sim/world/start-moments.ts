// Owns when simulations begin: some day or night, and often shortly before clocks, dates or years change.
import { HOUR, MINUTE } from '../../../src/incident/time.ts';
import type { Random } from './random.ts';

const BEFORE_A_CHANGE = [
  /** Summer time begins in Berlin at 01:00 UTC. */
  '2026-03-29T00:50:00.000Z',
  /** The hour from 02:00 comes twice. */
  '2026-10-25T00:40:00.000Z',
  /** Incidents are numbered anew in a new year. */
  '2026-12-31T23:40:00.000Z',
  /** Friday, shortly before the office closes. */
  '2026-11-20T16:45:00.000Z',
] as const;

const SOME_MONDAY_MS = Date.parse('2026-06-01T00:00:00.000Z');

export const startMoment = (random: Random): number =>
  random.chance(0.4)
    ? Date.parse(random.pick(BEFORE_A_CHANGE)) + random.between(-5, 5) * MINUTE
    : SOME_MONDAY_MS + random.between(0, 24 * 200) * HOUR + random.between(0, 3_599) * 1_000;
