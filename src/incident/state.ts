// Owns the shape of what is true now: the room, its incidents, and everything inside one.
import type { Actor } from './commit.ts';
import type {
  ActionFailure,
  ActionPlan,
  AlertFacts,
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
import type { ActionId, IncidentId, NoteId, PageId, Phase, Role, Severity } from './words.ts';

export interface Room {
  readonly incidents: Readonly<Record<IncidentId, Incident>>;
  readonly agentStartedAt: Timestamp | null;
  /** How many incidents each year has numbered. */
  readonly numbered: Readonly<Record<string, number>>;
  readonly actionsNumbered: number;
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
  readonly alerts: Readonly<Record<string, JoinedAlert>>;
  readonly notes: Readonly<Record<NoteId, Note>>;
  readonly recovery: { readonly since: Timestamp; readonly samples: readonly RecoverySample[] } | null;
  readonly timeline: readonly TimelineEntry[];
}

export interface RoleHolder {
  readonly person: string;
  readonly since: Timestamp;
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

export interface Page extends PageFacts {
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

export type ActionState =
  | { readonly name: 'requested' }
  | {
      readonly name: 'refused';
      readonly reason: ActionFailure | 'conflict';
      readonly detail: SafeText;
      readonly changes: readonly PlanChange[];
    }
  | { readonly name: 'planned' }
  | { readonly name: 'armed'; readonly by: string; readonly at: Timestamp; readonly until: Timestamp }
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
  readonly requestedAt: Timestamp;
  readonly plan: ActionPlan | null;
  readonly confirm: ConfirmPolicy;
  readonly expiresAfterMs: number | null;
  readonly confirmedBy: string | null;
  readonly state: ActionState;
}

export interface JoinedAlert extends AlertFacts {
  readonly joinedAt: Timestamp;
  readonly severity: Severity;
  readonly severityKnown: boolean;
  readonly count: number;
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

export const emptyRoom: Room = { incidents: {}, agentStartedAt: null, numbered: {}, actionsNumbered: 0 };

export const isOpen = (incident: Incident): boolean => incident.phase !== 'resolved' && incident.phase !== 'closed';

/** The ledger: containments that are, or may be, still in place, oldest first. */
export const ledgerOf = (incident: Incident): readonly Action[] =>
  Object.values(incident.actions).filter(
    (action) =>
      action.undoes === null &&
      (action.state.name === 'applied' || action.state.name === 'unknown' || action.state.name === 'started'),
  );
