// Owns the ways a command is refused: a closed reason, the words a person reads, and what would make it allowed.
import type { ActionId } from './words.ts';

export type RefusalReason =
  | 'not-permitted'
  | 'no-such-incident'
  | 'no-such-service'
  | 'no-such-action'
  | 'no-such-note'
  | 'no-such-silence'
  | 'no-such-contact'
  | 'no-such-duty'
  | 'silenced'
  | 'no-open-incident'
  | 'incident-resolved'
  | 'incident-closed'
  | 'not-resolved'
  | 'already-so'
  | 'role-held'
  | 'role-not-held'
  | 'own-claim-only'
  | 'reason-required'
  | 'commander-only'
  | 'action-in-progress'
  | 'already-in-place'
  | 'not-in-place'
  | 'not-planned'
  | 'not-armed'
  | 'arm-expired'
  | 'target-not-typed'
  | 'same-person'
  | 'would-lock-out'
  | 'containment-in-place'
  | 'nothing-due'
  | 'agent-read-only'
  /** The disk took it, or a part of it, and then neither kept it surely nor gave it up: whether it counts shows at the next start. */
  | 'outcome-unknown'
  /** A bug of ours in deciding: nothing was done. */
  | 'fault'
  | 'not-understood';

export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
  /** What would make it allowed. */
  readonly remedy: string;
  /** The ledger entries in the way, where that is the reason. */
  readonly actions: readonly ActionId[];
}

export const refusal = (
  reason: RefusalReason,
  message: string,
  remedy: string,
  actions: readonly ActionId[] = [],
): Refusal => ({
  reason,
  message,
  remedy,
  actions,
});

/** Whether it was the disk of the agent that refused, not a policy: whoever can goes on trying. */
export const isTheDisks = ({ reason }: Refusal): boolean =>
  reason === 'agent-read-only' || reason === 'outcome-unknown';
