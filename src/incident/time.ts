// Owns the one representation of moments: UTC, ISO 8601, always with milliseconds, so that text order is time order.

/** A UTC moment such as `2026-11-22T03:14:15.926Z`. */
export type Timestamp = string;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const toTimestamp = (epochMs: number): Timestamp => new Date(epochMs).toISOString();

export const toEpochMs = (at: Timestamp): number => Date.parse(at);

export const plusMs = (at: Timestamp, ms: number): Timestamp => toTimestamp(toEpochMs(at) + ms);

/** Milliseconds from `from` to `to`; negative when `to` is earlier. */
export const msBetween = (from: Timestamp, to: Timestamp): number => toEpochMs(to) - toEpochMs(from);
