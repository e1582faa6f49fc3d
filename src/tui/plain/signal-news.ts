// Owns when a number is news to somebody who listens: a limit crossed, a measurement lost, a check that changed. Not each second.
import type { RoomView } from '../../client/room-client.ts';
import { own } from '../../incident/own.ts';
import type { CheckReading, ServiceSignals } from '../../incident/signals.ts';
import { percent } from '../format.ts';
import { unknownWords } from '../screens/room/signals-model.ts';

type Mood = 'fine' | 'failing' | 'unknown';

interface Watched {
  readonly told: Mood;
  readonly seen: Mood;
  /** Local milliseconds since which it is as seen. */
  readonly sinceMs: number;
}

/** What was last told of each service and each check. */
export type SignalWatch = Readonly<Record<string, Watched>>;

/** One bad second is no news; good news has to last. */
const TOLD_AFTER_MS: Readonly<Record<Mood, number>> = { failing: 3_000, unknown: 5_000, fine: 10_000 };

interface Subject {
  readonly key: string;
  readonly mood: Mood;
  /** How a change to this mood is said, coming from the one told before. */
  readonly words: (before: Mood) => string;
}

export interface SignalNews {
  readonly watch: SignalWatch;
  readonly lines: readonly string[];
}

/** The changes since `watch`; with null, nothing is told and everything is taken as it is. */
export const signalNews = (watch: SignalWatch | null, view: RoomView, localMs: number): SignalNews => {
  const lines: string[] = [];
  const next: Record<string, Watched> = {};
  for (const { key, mood, words } of subjectsOf(view)) {
    const before = watch === null ? undefined : own(watch, key);
    // What appears later is taken for fine until it is not.
    const told = before?.told ?? (watch === null ? mood : 'fine');
    const sinceMs = before?.seen === mood ? before.sinceMs : localMs;
    const isTold = mood !== told && localMs - sinceMs >= TOLD_AFTER_MS[mood];
    if (isTold) lines.push(words(told));
    next[key] = { told: isTold ? mood : told, seen: mood, sinceMs };
  }
  return { watch: next, lines };
};

const subjectsOf = (view: RoomView): readonly Subject[] =>
  Object.entries(view.signals).flatMap(([service, signals]) => [
    errorsSubject(service, signals, own(view.policy.services, service)?.errorRatioLimit ?? null),
    ...signals.checks.map(checkSubject),
  ]);

const errorsSubject = (service: string, { reading }: ServiceSignals, limit: number | null): Subject => {
  const key = `${service} errors`;
  const { errorRatio } = reading;
  if (errorRatio.known) {
    const errors = percent(errorRatio.value);
    if (limit !== null && errorRatio.value >= limit)
      return {
        key,
        mood: 'failing',
        words: () => `${service} ABOVE ITS LIMIT: errors ${errors}, limit ${percent(limit)}`,
      };
    return {
      key,
      mood: 'fine',
      words: (before) =>
        `${service} is ${before === 'unknown' ? 'measured' : 'within its limit'} again: errors ${errors}`,
    };
  }
  // Where nobody asks, and where nothing is to be measured, nothing is missing.
  if (errorRatio.why === 'idle' || errorRatio.why === 'not-configured')
    return { key, mood: 'fine', words: () => `${service}: ${unknownWords[errorRatio.why]}` };
  return { key, mood: 'unknown', words: () => `${service} UNKNOWN: ${unknownWords[errorRatio.why]}` };
};

const checkMoods: Readonly<Record<CheckReading['state'], Mood>> = { up: 'fine', down: 'failing', unknown: 'unknown' };

const checkSubject = ({ service, name, state, detail }: CheckReading): Subject => {
  const label = `check ${name} of ${service}`;
  const why = detail === '' ? '' : `: ${detail}`;
  const words = { up: `${label} is up again`, down: `${label} FAILS${why}`, unknown: `${label} UNKNOWN${why}` }[state];
  return { key: `${service} check ${name}`, mood: checkMoods[state], words: () => words };
};
