// Owns the facts of the room: every event type, past tense, with what it carries.
import type { Permission } from './permission.ts';
import type { SafeText } from './text.ts';
import type { Timestamp } from './time.ts';
import type {
  ActionId,
  IncidentId,
  MessageId,
  NoteId,
  PageId,
  Phase,
  Role,
  Severity,
  SilenceId,
  TestId,
} from './words.ts';

/** One reading that supports a decision, kept with it. A null value was unknown at that moment. */
export interface EvidenceSample {
  readonly at: Timestamp;
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
  readonly requestsPerSecond: number | null;
}

/** Why automation spoke: the rule that matched, on which service, since when, with the readings it saw. */
export interface Evidence {
  readonly service: string;
  readonly rule: string;
  readonly condition: string;
  readonly since: Timestamp;
  readonly samples: readonly EvidenceSample[];
}

export interface AlertFacts {
  readonly source: string;
  readonly fingerprint: string;
  readonly service: string;
  readonly message: SafeText;
  /** The source's own word, e.g. `critical`; kept because the mapping may not know it. */
  readonly givenSeverity: string;
}

export interface LadderLevel {
  /** Unique in the ladder and stable over restarts, e.g. `sev1/15min`. */
  readonly level: string;
  readonly dueAt: Timestamp;
  readonly contacts: readonly ContactChannels[];
}

export interface ContactChannels {
  readonly contact: string;
  readonly channels: readonly string[];
}

export interface PageFacts {
  readonly page: PageId;
  readonly level: string;
  readonly attempt: number;
  readonly contact: string;
  readonly channel: string;
  /** A notice informs somebody whose page would only repeat what is known. */
  readonly kind: 'page' | 'notice';
}

/** What is told to the sinks, and why. */
export type Announced =
  | 'declared'
  | 'severity'
  | 'contained'
  | 'undone'
  | 'resolved'
  | 'reopened'
  | 'closed'
  | 'false-alarm';

/** How a try to reach somebody went. */
export interface SentFacts {
  readonly tookMs: number;
  readonly possibleDuplicate: boolean;
}

export interface NotSentFacts {
  readonly reason: string;
  readonly retryAt: Timestamp | null;
  /** The answer got lost: it may have arrived all the same. */
  readonly mayHaveArrived: boolean;
}

export type ConfirmPolicy = 'none' | 'key' | 'typed' | 'two-person';

/** One changed value of the target, as text a person reads. */
export interface PlanChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What an action will do, read from the world before anything is changed. */
export interface ActionPlan {
  readonly driver: string;
  readonly target: string;
  readonly changes: readonly PlanChange[];
  /** Blast radius in the team's words, one line each. */
  readonly touches: readonly string[];
  readonly command: string;
  /** The readable inverse: what undo will do. */
  readonly inverse: string;
  /** The recorded world before, exactly as the driver needs it to restore it. */
  readonly before: unknown;
  readonly after: unknown;
  /** The target's version when it was read; apply refuses when it moved. */
  readonly version: string | null;
  /** What the driver itself needs to carry this plan out, also after a restart. Never a secret. */
  readonly instruction?: unknown;
}

export type ActionFailure =
  | 'unreachable'
  | 'timeout'
  | 'rejected'
  | 'target-changed'
  | 'malformed-answer'
  | 'not-configured'
  | 'did-not-take-effect'
  | 'already-as-before';

export type DisarmReason = 'expired' | 'cancelled' | 'incident-ended';

interface OfIncident {
  readonly incident: IncidentId;
}

interface OfAction extends OfIncident {
  readonly action: ActionId;
}

interface OfPage extends OfIncident {
  readonly page: PageId;
}

interface OfMessage extends OfIncident {
  readonly message: MessageId;
}

interface OfSilence {
  readonly silence: SilenceId;
}

interface OfTest {
  readonly test: TestId;
}

export type IncidentEvent =
  | { readonly type: 'agent.started'; readonly version: string }
  | { readonly type: 'clock.jumped'; readonly byMs: number }
  /** The agent did not get to look for so long: its process was paused, or something held it up. */
  | { readonly type: 'agent.stalled'; readonly forMs: number }
  /** The log takes writes again; so many commits before this one were decided, and acted on, while it took none. */
  | { readonly type: 'log.resumed'; readonly held: number }
  /** What was called a false alarm is over: that rule was seen not to hold any more. */
  | { readonly type: 'false_alarm.ended'; readonly service: string; readonly rule: string }
  /** The configuration that now holds; the first after a start is told only where it follows a refused one. */
  | { readonly type: 'configuration.loaded' }
  /** A changed configuration could not be read: the one before goes on. */
  | { readonly type: 'configuration.refused'; readonly problem: SafeText }
  | {
      readonly type: 'token.added' | 'token.revoked';
      /** The name of the token; never the token. */
      readonly name: string;
      readonly permission: Permission;
      readonly by: string | null;
    }
  | (OfSilence & {
      readonly type: 'silence.set';
      /** `*` is every service. */
      readonly services: readonly string[];
      readonly startsAt: Timestamp;
      readonly endsAt: Timestamp;
      readonly reason: SafeText;
    })
  | (OfSilence & { readonly type: 'silence.ended'; readonly because: 'expired' | 'lifted' })
  /** An alert that would have opened an incident; once the silence ends it does, if it still fires. */
  | (OfSilence & {
      readonly type: 'alert.held';
      readonly alert: AlertFacts;
      readonly severity: Severity;
      readonly severityKnown: boolean;
    })
  | (OfSilence & { readonly type: 'held_alert.cleared'; readonly alert: string })
  /** Of an ended silence: what was held up to this one of its alerts has been decided anew. */
  | (OfSilence & { readonly type: 'held_alerts.told'; readonly upTo: number })
  /** Told once for each rule and service: the agent keeps looking, and tells it as a breach once the silence has ended. */
  | (OfSilence & { readonly type: 'breach.held'; readonly evidence: Evidence; readonly severity: Severity })
  | (OfTest & { readonly type: 'test.requested'; readonly contact: string; readonly channel: string })
  | (OfTest & SentFacts & { readonly type: 'test.sent' })
  | (OfTest & NotSentFacts & { readonly type: 'test.failed' })
  | (OfIncident & {
      readonly type: 'incident.declared';
      readonly title: SafeText;
      readonly severity: Severity;
      readonly services: readonly string[];
      readonly environment: { readonly name: string; readonly production: boolean };
      readonly cause: 'person' | 'rule' | 'alert';
      readonly evidence: Evidence | null;
      readonly follows: IncidentId | null;
      /** Who may see it; null: everybody. */
      readonly people: readonly string[] | null;
    })
  | (OfIncident & { readonly type: 'incident.people_changed'; readonly people: readonly string[] | null })
  /** It was closed long ago and leaves the room; its archive and the log keep it. */
  | (OfIncident & { readonly type: 'incident.archived' })
  | (OfIncident & { readonly type: 'incident.retitled'; readonly title: SafeText })
  | (OfIncident & { readonly type: 'incident.services_changed'; readonly services: readonly string[] })
  | (OfIncident & { readonly type: 'breach.joined'; readonly evidence: Evidence; readonly severity: Severity })
  | (OfIncident & {
      readonly type: 'alert.joined';
      readonly alert: AlertFacts;
      readonly severity: Severity;
      readonly severityKnown: boolean;
    })
  /** `alert` is the key under which the incident keeps it. A repeat may be worse than what was said first. */
  | (OfIncident & { readonly type: 'alert.repeated'; readonly alert: string; readonly severity: Severity })
  | (OfIncident & { readonly type: 'alert.cleared'; readonly alert: string })
  | (OfIncident & {
      readonly type: 'severity.raised' | 'severity.lowered';
      readonly from: Severity;
      readonly to: Severity;
      readonly reason: SafeText;
      readonly evidence: Evidence | null;
      /** A person chose it: from here on automation only proposes. */
      readonly pinned: boolean;
    })
  | (OfIncident & {
      readonly type: 'severity.proposed';
      readonly to: Severity;
      readonly reason: SafeText;
      readonly evidence: Evidence | null;
    })
  | (OfIncident & {
      readonly type: 'recovery.proposed';
      readonly since: Timestamp;
      readonly samples: readonly RecoverySample[];
    })
  | (OfIncident & { readonly type: 'recovery.withdrawn'; readonly reason: SafeText })
  | (OfIncident & { readonly type: 'phase.entered'; readonly from: Phase; readonly to: Phase })
  | (OfIncident & { readonly type: 'role.assigned'; readonly role: Role; readonly person: string })
  | (OfIncident & { readonly type: 'role.released'; readonly role: Role; readonly person: string })
  | (OfIncident & { readonly type: 'incident.acknowledged'; readonly person: string; readonly until: Timestamp })
  | (OfIncident & {
      readonly type: 'acknowledgement.expired';
      readonly person: string;
      /** Given where it ended before its time: the person may not see the incident any more. */
      readonly because?: 'shut-out';
    })
  | (OfIncident & {
      readonly type: 'escalation.started';
      readonly ladder: string;
      readonly severity: Severity;
      readonly levels: readonly LadderLevel[];
    })
  | (OfIncident & { readonly type: 'escalation.level_reached'; readonly level: string; readonly lateMs: number })
  | (OfIncident & {
      readonly type: 'escalation.rescheduled';
      readonly because: 'agent-was-away' | 'acknowledged';
      readonly levels: readonly { readonly level: string; readonly dueAt: Timestamp }[];
    })
  | (OfIncident & PageFacts & { readonly type: 'page.requested' })
  | (OfPage & SentFacts & { readonly type: 'page.sent' })
  | (OfPage & NotSentFacts & { readonly type: 'page.failed' })
  | (OfPage & { readonly type: 'page.cancelled'; readonly reason: 'resolved' | 'closed' })
  | (OfMessage & {
      readonly type: 'message.queued';
      readonly sink: string;
      readonly channel: string;
      readonly about: Announced;
      /** As it goes out: what was said stays in the log. */
      readonly text: SafeText;
    })
  | (OfMessage & SentFacts & { readonly type: 'message.sent' })
  | (OfMessage & NotSentFacts & { readonly type: 'message.failed' })
  /** Somebody is to acknowledge by then, as the severity wants it; it starts anew when the severity changes. */
  | (OfIncident & { readonly type: 'response.expected'; readonly severity: Severity; readonly dueAt: Timestamp })
  | (OfIncident & { readonly type: 'response.missed'; readonly dueAt: Timestamp })
  /** A responsibility of a role, by its words, is done or taken up again. */
  | (OfIncident & { readonly type: 'duty.done' | 'duty.reopened'; readonly role: Role; readonly duty: SafeText })
  | (OfAction & {
      readonly type: 'action.requested';
      readonly service: string;
      readonly name: string;
      readonly params: Readonly<Record<string, string>>;
      /** Arm as soon as the plan is known. */
      readonly arm: boolean;
      /** The applied action this one takes back. */
      readonly undoes: ActionId | null;
      /** Asked for by an expiry that policy set, not by a person. */
      readonly automatic: boolean;
    })
  | (OfAction & {
      readonly type: 'action.planned';
      readonly plan: ActionPlan;
      readonly confirm: ConfirmPolicy;
      readonly expiresAfterMs: number | null;
    })
  | (OfAction & {
      readonly type: 'action.refused';
      readonly reason: ActionFailure | 'conflict';
      readonly detail: SafeText;
      readonly changes: readonly PlanChange[];
    })
  | (OfAction & { readonly type: 'action.armed'; readonly person: string; readonly until: Timestamp })
  | (OfAction & { readonly type: 'action.disarmed'; readonly reason: DisarmReason })
  | (OfAction & { readonly type: 'action.confirmed'; readonly person: string })
  | (OfAction & { readonly type: 'action.started' })
  | (OfAction & {
      readonly type: 'action.applied';
      readonly errorRatioBefore: number | null;
      readonly expiresAt: Timestamp | null;
    })
  | (OfAction & { readonly type: 'action.failed'; readonly reason: ActionFailure; readonly detail: SafeText })
  | (OfAction & { readonly type: 'action.unknown'; readonly detail: SafeText })
  | (OfAction & { readonly type: 'action.undone'; readonly by: ActionId; readonly errorRatioAfter: number | null })
  /** A person takes the entry out of the ledger and leaves the world as it is. */
  | (OfAction & { readonly type: 'action.let_go'; readonly person: string; readonly reason: SafeText })
  | (OfIncident & { readonly type: 'note.added' | 'note.corrected'; readonly note: NoteId; readonly text: SafeText })
  | (OfIncident & { readonly type: 'incident.resolved'; readonly left: readonly ActionId[] })
  | (OfIncident & { readonly type: 'incident.reopened'; readonly reason: SafeText })
  | (OfIncident & { readonly type: 'incident.closed'; readonly falseAlarm: boolean; readonly reason: SafeText });

/** The reading that let a service count as recovered. */
export interface RecoverySample {
  readonly service: string;
  /** Null where the service is judged by its checks alone. */
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
}

export type EventType = IncidentEvent['type'];
export type EventOf<T extends EventType> = Extract<IncidentEvent, { readonly type: T }>;
