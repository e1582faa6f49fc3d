// Owns what a scenario is: what goes wrong where, how it grows, what helps, and when it ends by itself.
import type { ServiceName } from '../service-specs.ts';

export type Fault =
  /** A release that fails, on those instances: its rollout is stuck. */
  | {
      readonly kind: 'deploy';
      readonly service: ServiceName;
      readonly version: string;
      readonly instanceNumbers: readonly number[];
    }
  /** Queries to the service's database wait for each other: each one that runs already makes the next so many times longer. */
  | {
      readonly kind: 'contention';
      readonly service: ServiceName;
      readonly peak: number;
      readonly growsForMs: number;
    }
  /** Nothing of the service answers, not even its metrics. */
  | { readonly kind: 'down'; readonly service: ServiceName };

export interface Scenario {
  /** One line for those who choose. */
  readonly summary: string;
  readonly faults: readonly Fault[];
  /** What a responder can do about it, in a few words. */
  readonly relief: string;
  /** Shop time after which the cause is gone by itself; null: somebody has to repair it. */
  readonly endsAfterMs: number | null;
  /** It shows best against what is normal, and that takes a quarter of an hour to know. */
  readonly wantsBaseline: boolean;
}
