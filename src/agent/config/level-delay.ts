// Owns what the keys of the escalation matrix mean: `initial`, `15min`, `2hours`.
import { parseDuration } from '../../incident/duration.ts';

/** Milliseconds after declaration at which a level is due; null for a key that is no level. */
export const levelDelayMs = (key: string): number | null => (key === 'initial' ? 0 : parseDuration(key));
