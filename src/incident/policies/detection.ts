// Owns turning readings over time into breaches: which rule has held for how long.
import type { Evidence, EvidenceSample } from '../events.ts';
import { own } from '../own.ts';
import { MINUTE, msBetween, type Timestamp } from '../time.ts';
import type { Severity } from '../words.ts';
import { evaluate, type Verdict } from './evaluate-condition.ts';
import type { SeverityPolicy, SeverityRule } from './policy.ts';
import { type Readings, withEnoughTraffic } from './readings.ts';

/** What is remembered about one service between two looks. Plain JSON. */
export interface RuleTracking {
  readonly rules: Readonly<Record<string, TrackedRule>>;
  /** The latest samples, oldest first. */
  readonly samples: readonly EvidenceSample[];
}

interface TrackedRule {
  readonly trueSince: Timestamp;
  readonly lastTrueAt: Timestamp;
}

/** A rule that has been true without interruption for as long as it asks. */
export interface Breach {
  readonly rule: string;
  readonly severity: Severity;
  readonly evidence: Evidence;
}

export interface RuleVerdict {
  readonly rule: string;
  readonly verdict: Verdict;
  /** Since when the rule counts as true; kept while it is unknown, null when it is false. */
  readonly since: Timestamp | null;
}

export interface Watched {
  readonly tracking: RuleTracking;
  /** The most urgent rule that is in breach now; null when none is. */
  readonly breach: Breach | null;
  readonly verdicts: readonly RuleVerdict[];
}

export interface Look {
  readonly service: string;
  readonly readings: Readings;
  readonly at: Timestamp;
  readonly policy: SeverityPolicy;
}

export const nothingTracked: RuleTracking = { rules: {}, samples: [] };

const MOST_SAMPLES = 5;

/** Two readings further apart than this (and than the rule's own time) say nothing about the time between them. */
export const LONGEST_GAP_MS = 2 * MINUTE;

/** One look at a service: what it was before and what it reads now give what to remember and what is in breach. */
export const watchService = (previous: RuleTracking, look: Look): Watched => {
  const { at, policy } = look;
  const readings = withEnoughTraffic(look.readings, policy.minimumRequestsPerSecond);
  const judged = policy.rules.map((rule) => {
    const verdict = evaluate(rule.when, readings);
    return { rule, verdict, tracked: track(own(previous.rules, rule.id), { rule, verdict, at }) };
  });
  const samples = [...previous.samples.filter((sample) => sample.at < at), sampleOf(look)].slice(-MOST_SAMPLES);
  const first = judged.find(
    ({ rule, verdict, tracked }) =>
      verdict === true && tracked !== null && msBetween(tracked.trueSince, at) >= rule.forMs,
  );
  return {
    tracking: {
      rules: Object.fromEntries(judged.flatMap(({ rule, tracked }) => (tracked === null ? [] : [[rule.id, tracked]]))),
      samples,
    },
    breach: first?.tracked ? breachOf(look, { rule: first.rule, since: first.tracked.trueSince, samples }) : null,
    verdicts: judged.map(({ rule, verdict, tracked }) => ({
      rule: rule.id,
      verdict,
      since: tracked?.trueSince ?? null,
    })),
  };
};

const track = (
  before: TrackedRule | undefined,
  now: { readonly rule: SeverityRule; readonly verdict: Verdict; readonly at: Timestamp },
): TrackedRule | null => {
  if (now.verdict === false) return null;
  // A clock set back must not leave a beginning in the future: the time starts over, at most.
  const earlier =
    before === undefined
      ? null
      : { trueSince: notAfter(now.at, before.trueSince), lastTrueAt: notAfter(now.at, before.lastTrueAt) };
  if (now.verdict === 'unknown') return earlier;
  const isContinuous =
    earlier !== null && msBetween(earlier.lastTrueAt, now.at) <= Math.max(now.rule.forMs, LONGEST_GAP_MS);
  return { trueSince: isContinuous ? earlier.trueSince : now.at, lastTrueAt: now.at };
};

const notAfter = (now: Timestamp, at: Timestamp): Timestamp => (at > now ? now : at);

/** The numbers as read, also those that had too little traffic to count. */
const sampleOf = ({ readings, at }: Look): EvidenceSample => ({
  at,
  errorRatio: readings.errorRatio,
  p95Seconds: readings.p95Seconds,
  requestsPerSecond: readings.requestsPerSecond,
});

const breachOf = (
  look: Look,
  found: { readonly rule: SeverityRule; readonly since: Timestamp; readonly samples: readonly EvidenceSample[] },
): Breach => ({
  rule: found.rule.id,
  severity: found.rule.severity,
  evidence: {
    service: look.service,
    rule: found.rule.id,
    condition: found.rule.text,
    since: found.since,
    samples: found.samples.filter((sample) => sample.at >= found.since),
  },
});
