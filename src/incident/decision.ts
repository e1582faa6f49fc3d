// Owns what a decision is: events to commit, or a refusal.
import type { Actor } from './commit.ts';
import type { IncidentEvent } from './events.ts';
import { own } from './own.ts';
import type { Permission } from './permission.ts';
import type { Policy } from './policies/policy.ts';
import { type Refusal, type RefusalReason, refusal } from './refusal.ts';
import { type Action, type Incident, isOpen, type Room } from './state.ts';
import type { Timestamp } from './time.ts';
import type { ActionId } from './words.ts';

export interface DecisionContext {
  readonly now: Timestamp;
  readonly actor: Actor;
  /** What the token of a person allows; null for the agent and its sources. */
  readonly permission: Permission | null;
  readonly policy: Policy;
  /** Filled in by `decide` for a person: the room with what is hidden from them, for what the world has only once. */
  readonly wholeRoom?: Room;
}

export type Decision =
  | { readonly ok: true; readonly events: readonly IncidentEvent[] }
  | { readonly ok: false; readonly refusal: Refusal };

export const commits = (...events: readonly IncidentEvent[]): Decision => ({ ok: true, events });

/** The same for a list that may be long: spreading one of a hundred thousand events would overflow the stack. */
export const commitsAll = (events: readonly IncidentEvent[]): Decision => ({ ok: true, events });

export const refuses = (
  reason: RefusalReason,
  message: string,
  remedy: string,
  actions: readonly ActionId[] = [],
): Decision => ({
  ok: false,
  refusal: refusal(reason, message, remedy, actions),
});

/** Decides on an incident that must exist. */
export const onIncident = (room: Room, id: string, decide: (incident: Incident) => Decision): Decision => {
  const incident = own(room.incidents, id);
  return incident === undefined
    ? refuses(
        'no-such-incident',
        `there is no incident ${id} in the room`,
        'see what there is and was: warroom incidents; to go on from an old one: warroom declare --follows',
      )
    : decide(incident);
};

/** Decides on an incident that must still be worked on. */
export const onOpenIncident = (room: Room, id: string, decide: (incident: Incident) => Decision): Decision =>
  onIncident(room, id, (incident) => (isOpen(incident) ? decide(incident) : ended(incident)));

/** The refusal of anything that only an open incident allows. */
export const ended = (incident: Incident): Decision =>
  incident.phase === 'closed'
    ? refuses('incident-closed', `${incident.id} is closed`, `reopen it: warroom reopen ${incident.id}`)
    : refuses('incident-resolved', `${incident.id} is resolved`, `reopen it: warroom reopen ${incident.id}`);

/** Decides on an action that must exist, wherever in the room. */
export const onAction = (
  room: Room,
  id: ActionId,
  decide: (action: Action, incident: Incident) => Decision,
): Decision => {
  for (const incident of Object.values(room.incidents)) {
    const action = own(incident.actions, id);
    if (action !== undefined) return decide(action, incident);
  }
  return refuses('no-such-action', `there is no action ${id}`, 'see what was done: warroom ledger');
};
