// Owns the schema version of each event, and how one that was stored before is read as what it is today.
import type { EventType, IncidentEvent } from './events.ts';

/** Raised when an event changes so that an older one no longer folds; the step from the version before goes to `STEPS`. */
const VERSIONS: { readonly [Type in EventType]: number } = {
  'agent.started': 1,
  'agent.stalled': 1,
  'false_alarm.ended': 1,
  'clock.jumped': 1,
  'log.resumed': 2,
  'configuration.loaded': 1,
  'configuration.refused': 1,
  'token.added': 1,
  'token.revoked': 1,
  'silence.set': 1,
  'silence.ended': 1,
  'alert.held': 1,
  'held_alert.cleared': 1,
  'held_alerts.told': 1,
  'breach.held': 1,
  'test.requested': 1,
  'test.sent': 1,
  'test.failed': 1,
  'incident.declared': 2,
  'incident.people_changed': 1,
  'incident.archived': 1,
  'incident.retitled': 1,
  'incident.services_changed': 1,
  'breach.joined': 1,
  'alert.joined': 1,
  'alert.repeated': 1,
  'alert.cleared': 1,
  'severity.raised': 1,
  'severity.lowered': 1,
  'severity.proposed': 1,
  'recovery.proposed': 1,
  'recovery.withdrawn': 1,
  'phase.entered': 1,
  'role.assigned': 1,
  'role.released': 1,
  'incident.acknowledged': 1,
  'acknowledgement.expired': 1,
  'escalation.started': 1,
  'escalation.level_reached': 1,
  'escalation.rescheduled': 1,
  'page.requested': 1,
  'page.sent': 1,
  'page.failed': 1,
  'page.cancelled': 1,
  'message.queued': 1,
  'message.sent': 1,
  'message.failed': 1,
  'response.expected': 1,
  'response.missed': 1,
  'duty.done': 1,
  'duty.reopened': 1,
  'action.requested': 1,
  'action.planned': 1,
  'action.refused': 1,
  'action.armed': 1,
  'action.disarmed': 1,
  'action.confirmed': 1,
  'action.started': 1,
  'action.applied': 1,
  'action.failed': 1,
  'action.unknown': 1,
  'action.undone': 1,
  'action.let_go': 1,
  'note.added': 1,
  'note.corrected': 1,
  'incident.resolved': 1,
  'incident.reopened': 1,
  'incident.closed': 1,
};

type Stored = Readonly<Record<string, unknown>>;

/** By type, the step from version 1 to 2, from 2 to 3 and so on. */
const STEPS: { readonly [Type in EventType]?: readonly ((stored: Stored) => Stored)[] } = {
  // Incidents had no secrets, and a log that resumed had held nothing.
  'incident.declared': [(stored) => ({ ...stored, people: null })],
  'log.resumed': [(stored) => ({ ...stored, held: 0 })],
};

/** The event as it is stored: with its version `v`, where that is above 1. */
export const stamped = (event: IncidentEvent): IncidentEvent | (IncidentEvent & { readonly v: number }) => {
  const version = VERSIONS[event.type];
  return version === 1 ? event : { v: version, ...event };
};

export type Upcast =
  | { readonly ok: true; readonly event: IncidentEvent }
  /** It was written by a newer version of this program. */
  | { readonly ok: false; readonly newer: string };

/** A stored event as it is today. One of a version or a type that is not known yet is never guessed at. */
export const upcast = (stored: Stored & { readonly type: string; readonly v?: unknown }): Upcast => {
  const known = Object.hasOwn(VERSIONS, stored.type) ? VERSIONS[stored.type as EventType] : null;
  if (known === null) return { ok: false, newer: `it holds ${stored.type}, which this version does not know` };
  if (stored.v === undefined && known === 1) return { ok: true, event: stored as unknown as IncidentEvent };
  const { v, ...event } = stored;
  const version = v ?? 1;
  if (version === known) return { ok: true, event: event as unknown as IncidentEvent };
  if (typeof version !== 'number' || version > known)
    return { ok: false, newer: `it holds ${stored.type} of version ${String(version)}, this one knows ${known}` };
  const steps = STEPS[stored.type as EventType] ?? [];
  const read = steps.slice(version - 1).reduce((before, step) => step(before), event as Stored);
  return { ok: true, event: read as unknown as IncidentEvent };
};
