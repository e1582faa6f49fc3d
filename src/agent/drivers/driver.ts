// Owns the interface of a containment driver: plan reads, apply changes, observe looks again.
import type { ActionFailure, ActionPlan, PlanChange } from '../../incident/events.ts';
import type { Action } from '../../incident/state.ts';

/** What a person asked for, as the driver sees it. */
export interface ActionRequest {
  readonly action: string;
  readonly service: string;
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
}

export type DriverFailure = { readonly ok: false; readonly reason: ActionFailure; readonly detail: string };
export type PlanResult = { readonly ok: true; readonly plan: ActionPlan } | DriverFailure;
export type UndoPlanResult =
  | PlanResult
  /** The target is as it was before: somebody took the change back already, and nothing is left to undo. */
  | { readonly ok: false; readonly reason: 'already-as-before'; readonly detail: string }
  /** Somebody changed the target since: both changes are shown, a person decides, nothing is overwritten. */
  | {
      readonly ok: false;
      readonly reason: 'conflict';
      readonly detail: string;
      readonly changes: readonly PlanChange[];
    };
export type ApplyResult =
  | { readonly ok: true }
  | DriverFailure
  | { readonly ok: false; readonly reason: 'unknown'; readonly detail: string };

/** What the world looks like against a plan. `unknown` when it cannot be read. */
export type Observation = 'applied' | 'reverted' | 'drifted' | 'unknown';

export interface Driver {
  /** Reads only: what would change, what it touches, the equivalent command, the inverse, the target's version. */
  plan(request: ActionRequest, signal: AbortSignal): Promise<PlanResult>;
  /** The inverse of that applied change, bound to the target as it is now. */
  planUndo(entry: Action, signal: AbortSignal): Promise<UndoPlanResult>;
  /** Makes the change. Refuses with `target-changed` when the version moved since the plan. `unknown` when the answer got lost. */
  apply(plan: ActionPlan, signal: AbortSignal): Promise<ApplyResult>;
  /** Looks at the world: is it as the plan wants it, as it was before, or neither? */
  observe(plan: ActionPlan, signal: AbortSignal): Promise<Observation>;
}
