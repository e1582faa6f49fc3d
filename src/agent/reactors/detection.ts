// Owns the watch over signals: tells the room of breaches once each, and proposes recovery when it is sure of it.
import type { Evidence, RecoverySample } from '../../incident/events.ts';
import { restsAfterFalseAlarm } from '../../incident/false-alarms.ts';
import { own } from '../../incident/own.ts';
import {
  LONGEST_GAP_MS,
  nothingTracked,
  type RuleTracking,
  type Watched,
  watchService,
} from '../../incident/policies/detection.ts';
import { errorRatioLimit } from '../../incident/policies/error-ratio-limit.ts';
import type { Policy } from '../../incident/policies/policy.ts';
import { readingsOf } from '../../incident/policies/readings.ts';
import { isTheDisks } from '../../incident/refusal.ts';
import type { ServiceSignals, Signals } from '../../incident/signals.ts';
import { type Incident, isOpen, type Room } from '../../incident/state.ts';
import { MINUTE, msBetween, type Timestamp, toEpochMs } from '../../incident/time.ts';
import { openSinceIn } from './open-since.ts';
import type { Record as RecordCommand } from './reactor.ts';

/** How long a breach that outlives its incident is left in peace. */
const TOLD_AGAIN_AFTER_MS = 5 * MINUTE;

interface DetectionParts {
  readonly record: RecordCommand;
  readonly policy: () => Policy;
  readonly room: () => Room;
  /** What was normal for a signal of a service before a moment; null while too little is known. */
  readonly baseline: (service: string, signal: 'errorRatio' | 'p95Seconds', upToMs: number) => number | null;
}

export interface Detection {
  /** Looks at the latest signals of all services. */
  look(signals: Signals, now: Timestamp): void;
}

interface WatchedService {
  readonly tracking: RuleTracking;
  readonly watched: Watched;
  readonly signals: ServiceSignals;
  readonly lookedAt: Timestamp;
  /** Since when nothing speaks against this service and its numbers are known. */
  readonly calmSince: Timestamp | null;
  /** The breach the room was told of; another one, or a new beginning, is news. */
  readonly told: { readonly rule: string; readonly since: Timestamp } | null;
}

export const createDetection = ({ record, policy, room, baseline }: DetectionParts): Detection => {
  const services = new Map<string, WatchedService>();
  const openSince = openSinceIn();

  const watch = (service: string, signals: ServiceSignals, now: Timestamp): void => {
    const before = services.get(service);
    // What is normal was learnt before the trouble: an open incident's own numbers never become its yardstick.
    const upToMs = toEpochMs(openSince(room()).get(service) ?? now);
    const readings = readingsOf(signals, {
      baseline: {
        errorRatio: baseline(service, 'errorRatio', upToMs),
        p95Seconds: baseline(service, 'p95Seconds', upToMs),
      },
      core: own(policy().services, service)?.core ?? false,
      facts: new Set(),
    });
    const watched = watchService(before?.tracking ?? nothingTracked, {
      service,
      readings,
      at: now,
      policy: policy().severities,
    });
    const { severities } = policy();
    const limit = errorRatioLimit(severities, baseline(service, 'errorRatio', upToMs));
    const isCalm =
      isWithoutDoubt(signals, severities.minimumRequestsPerSecond) &&
      isBelow(limit, signals) &&
      watched.verdicts.every(({ verdict }) => verdict !== true);
    // A machine that slept, or whose clock jumped, saw nothing of the time between two looks.
    const gapMs = before === undefined ? 0 : msBetween(before.lookedAt, now);
    const isContinuous = gapMs >= 0 && gapMs <= Math.max(LONGEST_GAP_MS, policy().recoveryAfterMs);
    const calmSince = isCalm ? ((isContinuous ? before?.calmSince : null) ?? now) : null;
    services.set(service, {
      tracking: watched.tracking,
      watched,
      signals,
      lookedAt: now,
      calmSince,
      told: watched.breach === null ? null : (before?.told ?? null),
    });
    tellBreach(service, now);
    endFalseAlarms(service, watched);
  };

  /** What rests does so until its rule is known not to hold: unknown is no end. A rule that is no more never tells. */
  const endFalseAlarms = (service: string, { verdicts }: Watched): void => {
    for (const rule of own(room().resting, service) ?? []) {
      const its = verdicts.find((one) => one.rule === rule);
      if (its === undefined || its.verdict === false) void record({ type: 'end-false-alarm', service, rule });
    }
  };

  const tellBreach = (service: string, now: Timestamp): void => {
    const its = services.get(service);
    const breach = its?.watched.breach ?? null;
    if (its === undefined || breach === null) return;
    const { rule, evidence, severity } = breach;
    const wasTold = its.told?.rule === rule && its.told.since === evidence.since;
    const isInOpenIncident = openSince(room()).has(service);
    if (isInOpenIncident ? wasTold : isGivenPeace(room(), evidence, now)) return;
    services.set(service, { ...its, told: { rule, since: evidence.since } });
    void record({ type: 'report-breach', severity, evidence }).then((result) => {
      // What could not be recorded, or a silence holds, is told again at the next look.
      const latest = services.get(service);
      const isUntold = !result.ok && (isTheDisks(result.refusal) || result.refusal.reason === 'silenced');
      if (isUntold && latest !== undefined) services.set(service, { ...latest, told: null });
    });
  };

  const judgeRecovery = (incident: Incident, now: Timestamp): void => {
    const against = speaksAgainst(incident);
    if (against !== null) {
      if (incident.recovery !== null)
        void record({ type: 'withdraw-recovery', incident: incident.id, reason: against });
      return;
    }
    const members = incident.services.map((service) => services.get(service));
    const troubled = incident.services.find((_service, index) => members[index]?.calmSince === null);
    if (troubled !== undefined || members.some((member) => member === undefined)) {
      const reason =
        troubled === undefined ? 'a service is not watched' : reasonAgainst(troubled, services.get(troubled));
      if (incident.recovery !== null) void record({ type: 'withdraw-recovery', incident: incident.id, reason });
      return;
    }
    const since = members.map((member) => member?.calmSince ?? now).reduce(later, incident.declaredAt);
    if (incident.recovery === null && msBetween(since, now) >= policy().recoveryAfterMs) {
      const samples = incident.services.map((service) => recoverySample(service, services.get(service)?.signals));
      void record({ type: 'propose-recovery', incident: incident.id, since, samples });
    }
  };

  return {
    look: (signals, now) => {
      // A service that the configuration has no more tells nothing, neither good nor bad.
      for (const service of services.keys())
        if (own(policy().services, service) === undefined) services.delete(service);
      for (const [service, its] of Object.entries(signals)) watch(service, its, now);
      for (const incident of Object.values(room().incidents)) if (isOpen(incident)) judgeRecovery(incident, now);
    },
  };
};

/** What the numbers cannot call over, however well they look: alerts that fire, and what the numbers never saw. */
const speaksAgainst = ({ alertCount, evidence }: Incident): string | null => {
  if (alertCount.firing > 0) return `${alertCount.firing} of its alerts still fire`;
  return evidence.length === 0 && alertCount.known === 0 ? 'no number ever showed it' : null;
};

/** Below the limit that the screens draw: also while a rule on the baseline cannot be judged yet. */
const isBelow = (limit: number | null, { reading }: ServiceSignals): boolean =>
  limit === null || !reading.errorRatio.known || reading.errorRatio.value < limit;

const later = (one: Timestamp, other: Timestamp): Timestamp => (other > one ? other : one);

/** A person just ended this; a breach that goes on is told again after a while, one they called a false alarm only once it begins anew. */
const isGivenPeace = (room: Room, { service, rule, since }: Evidence, now: Timestamp): boolean =>
  restsAfterFalseAlarm(room, { service, rule }) ||
  since <= (own(room.falseAlarms, service) ?? '') ||
  Object.values(room.incidents).some((incident) => {
    const endedAt = incident.closedAt ?? incident.resolvedAt;
    // What only some know of says nothing about what everybody sees.
    if (incident.people !== null) return false;
    if (endedAt === null || !incident.services.includes(service) || since > endedAt) return false;
    return incident.falseAlarm || msBetween(endedAt, now) < TOLD_AGAIN_AFTER_MS;
  });

/** No data is never good news: what is watched must be known and have traffic, and no check may be down or unknown. */
const isWithoutDoubt = ({ reading, checks }: ServiceSignals, minimumRequestsPerSecond: number): boolean => {
  const { errorRatio: ratio, requestsPerSecond: rate } = reading;
  const isBusy = rate.known && rate.value >= minimumRequestsPerSecond;
  const isRatioSound = ratio.known ? isBusy : ratio.why === 'not-configured' && checks.length > 0;
  return isRatioSound && checks.every((check) => check.state === 'up');
};

const reasonAgainst = (service: string, its: WatchedService | undefined): string => {
  const ratio = its?.signals.reading.errorRatio;
  const speaking = its?.watched.verdicts.find(({ verdict }) => verdict === true);
  if (speaking !== undefined) return `${service}: ${speaking.rule} holds again`;
  if (ratio !== undefined && !ratio.known) return `${service}: error ratio is unknown (${ratio.why})`;
  return `${service}: a check is not up`;
};

const recoverySample = (service: string, signals: ServiceSignals | undefined): RecoverySample => {
  const ratio = signals?.reading.errorRatio;
  const p95 = signals?.reading.p95Seconds;
  return { service, errorRatio: ratio?.known ? ratio.value : null, p95Seconds: p95?.known ? p95.value : null };
};
