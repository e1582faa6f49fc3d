// Owns how acknowledgements, the ladder and its pages change with each fact.
import type { EventOf } from './events.ts';
import type { EventContext } from './evolve.ts';
import { afterFailed, afterSent, toBeSent } from './evolve-delivery.ts';
import type { Escalation, Incident, Page, Response } from './state.ts';
import { isAbove, type Severity } from './words.ts';

type EscalationEvent = EventOf<
  | 'incident.acknowledged'
  | 'acknowledgement.expired'
  | 'escalation.started'
  | 'escalation.level_reached'
  | 'escalation.rescheduled'
  | 'page.requested'
  | 'page.sent'
  | 'page.failed'
  | 'page.cancelled'
  | 'response.expected'
  | 'response.missed'
>;

export const evolveEscalation = (incident: Incident, event: EscalationEvent, context: EventContext): Incident => {
  switch (event.type) {
    case 'incident.acknowledged':
      return acknowledged(incident, event, context);
    case 'acknowledgement.expired':
      return expired(incident, event.person);
    case 'escalation.started':
      return {
        ...incident,
        escalation: {
          ladder: event.ladder,
          severity: event.severity,
          levels: event.levels.map((level) => ({ ...level, reachedAt: null, lateMs: 0 })),
          heldBy: heldOver(incident.escalation, event.severity),
        },
      };
    case 'escalation.level_reached':
      return withLadder(incident, (ladder) => ({
        ...ladder,
        levels: ladder.levels.map((level) =>
          level.level === event.level ? { ...level, reachedAt: context.at, lateMs: event.lateMs } : level,
        ),
      }));
    case 'escalation.rescheduled': {
      const dueAt = new Map(event.levels.map((level) => [level.level, level.dueAt]));
      return withLadder(incident, (ladder) => ({
        ...ladder,
        levels: ladder.levels.map((level) => ({ ...level, dueAt: dueAt.get(level.level) ?? level.dueAt })),
      }));
    }
    case 'page.requested':
      return { ...incident, pages: { ...incident.pages, [event.page]: requested(event, context) } };
    case 'page.sent':
      return withPage(incident, event.page, (page) => afterSent(page, event, context.at));
    case 'page.failed':
      return withPage(incident, event.page, (page) => afterFailed(page, event));
    case 'page.cancelled':
      return withPage(incident, event.page, (page) => ({
        ...page,
        state: 'cancelled',
        reason: event.reason,
        retryAt: null,
      }));
    case 'response.expected':
      return { ...incident, response: expected(event, context) };
    case 'response.missed':
      return incident.response === null
        ? incident
        : { ...incident, response: { ...incident.response, missedAt: context.at } };
    default:
      return event satisfies never;
  }
};

const expected = (event: EventOf<'response.expected'>, context: EventContext): Response => ({
  severity: event.severity,
  expectedAt: context.at,
  dueAt: event.dueAt,
  metAt: null,
  metBy: null,
  missedAt: null,
});

const met = (response: Response | null, person: string, at: string): Response | null =>
  response === null || response.metAt !== null ? response : { ...response, metAt: at, metBy: person };

/** Who has it keeps it, unless it became worse than what they acknowledged. */
const heldOver = (before: Escalation | null, severity: Severity): Escalation['heldBy'] =>
  before === null || isAbove(severity, before.severity) ? null : before.heldBy;

const withLadder = (incident: Incident, change: (ladder: Escalation) => Escalation): Incident =>
  incident.escalation === null ? incident : { ...incident, escalation: change(incident.escalation) };

const withPage = (incident: Incident, id: string, change: (page: Page) => Page): Incident => {
  const page = incident.pages[id];
  return page === undefined ? incident : { ...incident, pages: { ...incident.pages, [id]: change(page) } };
};

const acknowledged = (incident: Incident, event: EventOf<'incident.acknowledged'>, context: EventContext): Incident => {
  const acknowledgement = {
    person: event.person,
    at: context.at,
    until: event.until,
    severity: incident.severity,
    expired: false,
  };
  const ladder = incident.escalation;
  // Whoever acknowledges last holds the ladder; the pause began with the first who held it without a break.
  const since = ladder?.heldBy?.since ?? context.at;
  return {
    ...incident,
    acknowledgements: { ...incident.acknowledgements, [event.person]: acknowledgement },
    response: met(incident.response, event.person, context.at),
    escalation: ladder === null ? null : { ...ladder, heldBy: { person: event.person, since, until: event.until } },
  };
};

const expired = (incident: Incident, person: string): Incident => {
  const acknowledgement = incident.acknowledgements[person];
  const ladder = incident.escalation;
  return {
    ...incident,
    acknowledgements:
      acknowledgement === undefined
        ? incident.acknowledgements
        : { ...incident.acknowledgements, [person]: { ...acknowledgement, expired: true } },
    escalation: ladder?.heldBy?.person === person ? { ...ladder, heldBy: null } : ladder,
  };
};

const requested = (event: EventOf<'page.requested'>, context: EventContext): Page => ({
  page: event.page,
  level: event.level,
  attempt: event.attempt,
  contact: event.contact,
  channel: event.channel,
  kind: event.kind,
  ...toBeSent(context.at),
});
