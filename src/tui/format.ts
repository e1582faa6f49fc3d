// Owns how numbers and times read on a screen. What is not known is a word, never a zero.

const HOUR_S = 3_600;
const MINUTE_S = 60;

export const percent = (ratio: number | null): string => {
  if (ratio === null || !Number.isFinite(ratio)) return 'unknown';
  const value = ratio * 100;
  return `${value >= 9.95 ? Math.round(value) : value.toFixed(1)} %`;
};

export const seconds = (value: number | null): string => {
  if (value === null || !Number.isFinite(value)) return 'unknown';
  return `${value >= 9.995 ? Math.round(value) : value.toFixed(2)} s`;
};

export const perSecond = (value: number | null): string => {
  if (value === null || !Number.isFinite(value)) return 'unknown';
  return `${value >= 9.95 ? Math.round(value) : value.toFixed(1)} /s`;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** A duration as HH:MM:SS; what lies in the past is 00:00:00. */
export const clock = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'unknown';
  const total = Math.max(0, Math.floor(ms / 1_000));
  return `${two(Math.floor(total / HOUR_S))}:${two(Math.floor((total % HOUR_S) / MINUTE_S))}:${two(total % MINUTE_S)}`;
};

/** What is left until a deadline, rounded up, so that 00:00 means due. */
export const countdown = (ms: number): string => clock(Math.ceil(ms / 1_000) * 1_000);

/** The same for half a minute: MM:SS. */
export const shortCountdown = (ms: number): string => countdown(ms).replace(/^00:(?=\d\d:\d\d$)/, '');

/** An age in the largest unit that says enough: `47 s`, `12 min`, `3 h`, `2 d`. */
export const age = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'unknown';
  const total = Math.max(0, Math.floor(ms / 1_000));
  if (total < 2 * MINUTE_S) return `${total} s`;
  if (total < 2 * HOUR_S) return `${Math.floor(total / MINUTE_S)} min`;
  if (total < 48 * HOUR_S) return `${Math.floor(total / HOUR_S)} h`;
  return `${Math.floor(total / (24 * HOUR_S))} d`;
};

/** How long something took: `0.4 s`. */
export const took = (ms: number | null): string => (ms === null ? '' : `${(ms / 1_000).toFixed(1)} s`);

/** The UTC time of day of a moment, HH:MM:SS. */
export const timeOfDay = (at: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(at) ? at.slice(11, 19) : 'unknown';

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
