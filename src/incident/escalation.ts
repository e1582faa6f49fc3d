// Owns the ladder: its deadlines, the pages of a level, and what a late or raised ladder does. Rules: field 4.1 to 4.4.
import type { DecisionContext } from './decision.ts';
import type { ContactChannels, IncidentEvent, LadderLevel } from './events.ts';
import { own } from './own.ts';
import { nextBusinessMoment } from './policies/business-hours.ts';
import type { Ladder, Policy } from './policies/policy.ts';
import type { Incident, Level } from './state.ts';
import { msBetween, plusMs, type Timestamp } from './time.ts';
import type { Severity } from './words.ts';

/** A level reached later than this was missed while the agent was away, not merely a busy moment late. */
export const LATE_AFTER_MS = 10_000;

type Escalating = Pick<Incident, 'id' | 'services' | 'declaredAt' | 'pages' | 'acknowledgements'>;

interface LadderStart {
  readonly severity: Severity;
  /** `begun`: deadlines count from now. `raised`: from declaration, passed ones page at once. `lowered`: from now, nobody again. */
  readonly why: 'begun' | 'raised' | 'lowered';
}

/** The events that put an incident on the ladder of a severity: frozen levels with absolute deadlines, and pages due by then. */
export const startLadder = (
  incident: Escalating,
  start: LadderStart,
  context: DecisionContext,
): readonly IncidentEvent[] => {
  const { policy, now } = context;
  const name = ladderName(incident.services, policy);
  const ladder = own(policy.ladders, name)?.[start.severity];
  if (ladder === undefined) return [];
  const from = start.why === 'raised' ? incident.declaredAt : now;
  const levels = frozenLevels(ladder, { severity: start.severity, from }, policy);
  const started: IncidentEvent = {
    type: 'escalation.started',
    incident: incident.id,
    ladder: name,
    severity: start.severity,
    levels,
  };
  const passed = levels.filter((level) => level.dueAt <= now);
  switch (start.why) {
    case 'begun':
      return [started];
    case 'lowered':
      return [started, ...passed.map((level) => reached(incident.id, level.level, 0))];
    case 'raised':
      return [
        started,
        ...passed.flatMap((level) => [
          reached(incident.id, level.level, 0),
          ...pagesOf(incident, level, { kind: 'page', now }),
        ]),
      ];
    default:
      return start.why satisfies never;
  }
};

const ladderName = (services: readonly string[], policy: Policy): string => {
  for (const service of services) {
    const name = own(policy.services, service)?.ladder;
    if (name !== undefined) return name;
  }
  return 'default';
};

const frozenLevels = (
  ladder: Ladder,
  at: { severity: Severity; from: Timestamp },
  policy: Policy,
): readonly LadderLevel[] =>
  ladder.levels.map(({ key, afterMs, contacts }) => {
    const due = plusMs(at.from, afterMs);
    return {
      level: `${at.severity.toLowerCase()}/${key}`,
      dueAt: ladder.businessHoursOnly ? (nextBusinessMoment(due, policy.businessHours) ?? due) : due,
      contacts: contacts.map((contact) => ({ contact, channels: own(policy.channels, contact) ?? ['log'] })),
    };
  });

const reached = (incident: string, level: string, lateMs: number): IncidentEvent => ({
  type: 'escalation.level_reached',
  incident,
  level,
  lateMs,
});

/** One page for each contact and channel of a level. Who has it, as long as their lease runs, gets a notice: they know. */
export const pagesOf = (
  incident: Pick<Incident, 'id' | 'pages' | 'acknowledgements'>,
  level: { readonly level: string; readonly contacts: readonly ContactChannels[] },
  { kind, now }: { readonly kind: 'page' | 'notice'; readonly now: Timestamp },
): readonly IncidentEvent[] =>
  level.contacts.flatMap(({ contact, channels }) =>
    channels.map((channel): IncidentEvent => {
      const attempt = 1 + earlierAttempts(incident, { level: level.level, contact, channel });
      return {
        type: 'page.requested',
        incident: incident.id,
        page: `${incident.id}/${level.level}/${attempt}/${contact}/${channel}`,
        level: level.level,
        attempt,
        contact,
        channel,
        kind: hasIt(incident, contact, now) ? 'notice' : kind,
      };
    }),
  );

const hasIt = (incident: Pick<Incident, 'acknowledgements'>, contact: string, now: Timestamp): boolean => {
  const lease = own(incident.acknowledgements, contact);
  return lease !== undefined && !lease.expired && lease.until > now;
};

const earlierAttempts = (
  incident: Pick<Incident, 'pages'>,
  sought: { level: string; contact: string; channel: string },
): number =>
  Object.values(incident.pages).filter(
    (page) => page.level === sought.level && page.contact === sought.contact && page.channel === sought.channel,
  ).length;

/** The next level of a running ladder; null when all were reached or there is no ladder. */
export const nextLevel = (incident: Incident): Level | null =>
  (incident.escalation?.levels ?? [])
    .filter((level) => level.reachedAt === null)
    .reduce<Level | null>((first, level) => (first === null || level.dueAt < first.dueAt ? level : first), null);

/** The level whose people are being waited for: the latest reached one. */
export const currentLevel = (incident: Incident): Level | null =>
  (incident.escalation?.levels ?? []).findLast((level) => level.reachedAt !== null) ?? null;

/**
 * What reaching a due level does. Late after an absence: this one level pages now, later ones keep their full distance from now,
 * and only on SEV1 the people of levels that were overdue too get a notice: no burst (field 4.3).
 */
export const reachLevel = (incident: Incident, level: Level, now: Timestamp): readonly IncidentEvent[] => {
  const lateMs = Math.max(0, msBetween(level.dueAt, now));
  const wasAway = lateMs > LATE_AFTER_MS;
  const events = [
    reached(incident.id, level.level, wasAway ? lateMs : 0),
    ...pagesOf(incident, level, { kind: 'page', now }),
  ];
  if (!wasAway) return events;
  const later = (incident.escalation?.levels ?? []).filter(
    (other) => other.reachedAt === null && other.level !== level.level,
  );
  const overdue = incident.severity === 'SEV1' ? later.filter((other) => other.dueAt <= now) : [];
  return [
    ...events,
    ...postponed(incident.id, later, { byMs: lateMs, because: 'agent-was-away' }),
    ...overdue.flatMap((other) => pagesOf(incident, other, { kind: 'notice', now })),
  ];
};

/** Deadlines not yet reached, moved on by the time in which nobody was to be paged. */
export const postponed = (
  incident: string,
  levels: readonly Level[],
  shift: { readonly byMs: number; readonly because: 'agent-was-away' | 'acknowledged' },
): readonly IncidentEvent[] =>
  levels.length === 0
    ? []
    : [
        {
          type: 'escalation.rescheduled',
          incident,
          because: shift.because,
          levels: levels.map((level) => ({ level: level.level, dueAt: plusMs(level.dueAt, shift.byMs) })),
        },
      ];
