// Owns the shape of what is true now: the room, its incidents, and everything inside one.
import type { Alerts } from './alerts.ts';
import type { Actor } from './commit.ts';
import type {
  ActionFailure,
  ActionPlan,
  AlertFacts,
  Announced,
  ConfirmPolicy,
  ContactChannels,
  DisarmReason,
  Evidence,
  IncidentEvent,
  PageFacts,
  PlanChange,
  RecoverySample,
} from './events.ts';
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

export interface Room {
  readonly incidents: Readonly<Record<IncidentId, Incident>>;
  readonly agentStartedAt: Timestamp | null;
  /** How many incidents each year has numbered. */
  readonly numbered: Readonly<Record<string, number>>;
  readonly actionsNumbered: number;
  /** How many closed incidents have left the room; they are in the archive. */
  readonly archived: number;
  /** Of those called a false alarm: when the last one about each service ended. A breach that has gone on since then is left in peace. */
  readonly falseAlarms: Readonly<Record<string, Timestamp>>;
  /** By service, the rules whose breach a person called a false alarm, until each was seen not to hold: a restart makes none of them new. */
  readonly resting: Readonly<Record<string, readonly string[]>>;
  /** Those set, in force and just ended; long ended ones are in the log alone. */
  readonly silences: Readonly<Record<SilenceId, Silence>>;
  readonly silencesNumbered: number;
  /** The latest tests of contacts. */
  readonly tests: Readonly<Record<TestId, TestPage>>;
  readonly testsNumbered: number;
  /** The problem of a changed configuration that was refused; null while the latest one holds. */
  readonly configurationRefused: { readonly at: Timestamp; readonly problem: SafeText } | null;
}

/** Holds what would open an incident, from `startsAt` until it is lifted or `endsAt` comes. */
export interface Silence {
  readonly id: SilenceId;
  /** `*` is every service. */
  readonly services: readonly string[];
  readonly startsAt: Timestamp;
  readonly endsAt: Timestamp;
  readonly reason: SafeText;
  readonly by: string;
  readonly setAt: Timestamp;
  readonly ended: { readonly at: Timestamp; readonly because: 'expired' | 'lifted'; readonly by: string } | null;
  readonly alerts: Alerts;
  readonly alertCount: AlertCount;
  readonly breaches: readonly { readonly service: string; readonly rule: string; readonly at: Timestamp }[];
  /** Once it has ended: the ordinal of the last held alert that was decided anew. */
  readonly toldUpTo: number;
}

export interface Incident {
  readonly id: IncidentId;
  readonly title: SafeText;
  readonly severity: Severity;
  /** A person chose the severity: automation proposes, and no longer changes it. */
  readonly severityPinned: boolean;
  readonly proposedSeverity: { readonly to: Severity; readonly reason: SafeText } | null;
  readonly phase: Phase;
  readonly services: readonly string[];
  /** Who may see it; null: everybody. */
  readonly people: readonly string[] | null;
  readonly environment: { readonly name: string; readonly production: boolean };
  readonly cause: 'person' | 'rule' | 'alert';
  readonly evidence: readonly Evidence[];
  readonly follows: IncidentId | null;
  readonly declaredAt: Timestamp;
  readonly declaredBy: Actor;
  readonly resolvedAt: Timestamp | null;
  readonly closedAt: Timestamp | null;
  readonly falseAlarm: boolean;
  readonly roles: Readonly<Record<Role, RoleHolder | null>>;
  /** The latest acknowledgement of each person, whether or not its lease still runs. */
  readonly acknowledgements: Readonly<Record<string, Acknowledgement>>;
  readonly escalation: Escalation | null;
  readonly pages: Readonly<Record<PageId, Page>>;
  readonly actions: Readonly<Record<ActionId, Action>>;
  readonly alerts: Alerts;
  readonly alertCount: AlertCount;
  readonly messages: Readonly<Record<MessageId, Message>>;
  /** By when somebody is to acknowledge; null where the severity sets no time. */
  readonly response: Response | null;
  /** Which responsibilities of a role are done, by their words. */
  readonly duties: Readonly<Record<Role, Readonly<Record<string, { readonly by: string; readonly at: Timestamp }>>>>;
  /** Who held which role from when until when, oldest first; the present holders have no end. */
  readonly roleHistory: readonly RoleStretch[];
  readonly notes: Readonly<Record<NoteId, Note>>;
  readonly recovery: { readonly since: Timestamp; readonly samples: readonly RecoverySample[] } | null;
  readonly timeline: readonly TimelineEntry[];
  /** The commit that changed it last, whether or not the timeline tells of it. */
  readonly lastSeq: number;
}

export interface RoleHolder {
  readonly person: string;
  readonly since: Timestamp;
}

export interface RoleStretch {
  readonly role: Role;
  readonly person: string;
  readonly from: Timestamp;
  readonly until: Timestamp | null;
  /** Who gave it: the person themself, or another. */
  readonly by: string;
}

export interface Response {
  readonly severity: Severity;
  readonly expectedAt: Timestamp;
  readonly dueAt: Timestamp;
  readonly metAt: Timestamp | null;
  readonly metBy: string | null;
  readonly missedAt: Timestamp | null;
}

/**
 * How many different alerts joined, how many of them fire now, and how often any was told. Beyond the most that are kept, one more
 * counts as told alone.
 */
export interface AlertCount {
  readonly known: number;
  readonly firing: number;
  readonly told: number;
}

export interface Acknowledgement {
  readonly person: string;
  readonly at: Timestamp;
  readonly until: Timestamp;
  readonly severity: Severity;
  readonly expired: boolean;
}

export interface Escalation {
  readonly ladder: string;
  readonly severity: Severity;
  readonly levels: readonly Level[];
  /** Whose acknowledgement holds the ladder; null while it runs. */
  readonly heldBy: { readonly person: string; readonly since: Timestamp; readonly until: Timestamp } | null;
}

export interface Level {
  readonly level: string;
  readonly dueAt: Timestamp;
  readonly contacts: readonly ContactChannels[];
  readonly reachedAt: Timestamp | null;
  readonly lateMs: number;
}

/** How far something on its way out is: the same for pages, messages and tests. */
export interface Delivery {
  readonly requestedAt: Timestamp;
  readonly state: 'pending' | 'retrying' | 'sent' | 'failed' | 'cancelled';
  readonly tries: number;
  readonly retryAt: Timestamp | null;
  readonly reason: string | null;
  readonly sentAt: Timestamp | null;
  readonly tookMs: number | null;
  readonly possibleDuplicate: boolean;
  /** The answer to the latest try got lost. */
  readonly mayHaveArrived: boolean;
}

export interface Page extends PageFacts, Delivery {}

/** What an incident tells a sink. */
export interface Message extends Delivery {
  readonly message: MessageId;
  readonly sink: string;
  readonly channel: string;
  readonly about: Announced;
  readonly text: SafeText;
}

export interface TestPage extends Delivery {
  readonly test: TestId;
  readonly contact: string;
  readonly channel: string;
  readonly by: string;
}

export type ActionState =
  | { readonly name: 'requested' }
  | {
      readonly name: 'refused';
      readonly reason: ActionFailure | 'conflict';
      readonly detail: SafeText;
      readonly changes: readonly PlanChange[];
    }
  | { readonly name: 'planned' }
  | {
      readonly name: 'armed';
      readonly by: string;
      /** Whose token armed it; null where none is known. */
      readonly token: string | null;
      readonly at: Timestamp;
      readonly until: Timestamp;
    }
  | { readonly name: 'disarmed'; readonly reason: DisarmReason }
  | { readonly name: 'confirmed'; readonly by: string; readonly until: Timestamp }
  | { readonly name: 'started'; readonly by: string; readonly at: Timestamp }
  | {
      readonly name: 'applied';
      readonly at: Timestamp;
      readonly expiresAt: Timestamp | null;
      readonly errorRatioBefore: number | null;
    }
  | { readonly name: 'failed'; readonly reason: ActionFailure; readonly detail: SafeText }
  | { readonly name: 'unknown'; readonly at: Timestamp; readonly detail: SafeText }
  | { readonly name: 'let-go'; readonly by: string; readonly at: Timestamp; readonly reason: SafeText }
  | {
      readonly name: 'undone';
      readonly by: ActionId;
      readonly at: Timestamp;
      readonly errorRatioBefore: number | null;
      readonly errorRatioAfter: number | null;
    };

export interface Action {
  readonly id: ActionId;
  readonly incident: IncidentId;
  readonly service: string;
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly arm: boolean;
  readonly undoes: ActionId | null;
  readonly automatic: boolean;
  readonly requestedBy: string;
  /** Whose token asked; null where none is known. */
  readonly requestedToken: string | null;
  readonly requestedAt: Timestamp;
  readonly plan: ActionPlan | null;
  readonly confirm: ConfirmPolicy;
  readonly expiresAfterMs: number | null;
  readonly confirmedBy: string | null;
  readonly state: ActionState;
}

export interface JoinedAlert extends AlertFacts {
  readonly joinedAt: Timestamp;
  /** The how manyth alert of its incident this was, from 1. */
  readonly ordinal: number;
  readonly severity: Severity;
  readonly severityKnown: boolean;
  readonly count: number;
  /** How often it was over. */
  readonly ends: number;
  readonly clearedAt: Timestamp | null;
}

export interface Note {
  readonly id: NoteId;
  readonly at: Timestamp;
  readonly by: string;
  readonly text: SafeText;
  readonly correctedAt: Timestamp | null;
}

export interface TimelineEntry {
  readonly seq: number;
  readonly at: Timestamp;
  readonly actor: Actor;
  readonly event: IncidentEvent;
}

export const emptyRoom: Room = {
  incidents: {},
  agentStartedAt: null,
  numbered: {},
  actionsNumbered: 0,
  archived: 0,
  falseAlarms: {},
  resting: {},
  silences: {},
  silencesNumbered: 0,
  tests: {},
  testsNumbered: 0,
  configurationRefused: null,
};

export const isOpen = (incident: Incident): boolean => incident.phase !== 'resolved' && incident.phase !== 'closed';

/** The ledger: containments that are, or may be, still in place, oldest first. */
export const ledgerOf = (incident: Incident): readonly Action[] =>
  Object.values(incident.actions).filter(
    (action) =>
      action.undoes === null &&
      (action.state.name === 'applied' || action.state.name === 'unknown' || action.state.name === 'started'),
  );
