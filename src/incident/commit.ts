// Owns the unit of truth: one decision's events, appended whole or not at all.
import * as z from 'zod/mini';
import type { IncidentEvent } from './events.ts';
import type { Timestamp } from './time.ts';

export interface Actor {
  readonly kind: 'person' | 'agent' | 'source';
  readonly name: string;
  /** Of a person: the id of the token that spoke for them. Two persons are two tokens. */
  readonly token?: string;
}

/** What a decision adds to the log; sequence number and chain are given by the log. */
export interface CommitDraft {
  readonly at: Timestamp;
  /** Idempotency key: a command that arrives twice is decided once. */
  readonly commandId: string;
  readonly actor: Actor;
  readonly events: readonly IncidentEvent[];
}

export interface Commit extends CommitDraft {
  readonly v: 1;
  /** Counts commits from 1 over the whole log. */
  readonly seq: number;
  /** SHA-256 (hex) of the line before; of nothing for the first. */
  readonly prev: string;
}

/** The envelope of a stored or transmitted commit. Events are typed by the writer and covered by the hash chain. */
export const commitSchema = z.object({
  v: z.literal(1),
  seq: z.number().check(z.int(), z.positive()),
  prev: z.string(),
  at: z.string(),
  commandId: z.string(),
  actor: z.object({ kind: z.enum(['person', 'agent', 'source']), name: z.string(), token: z.optional(z.string()) }),
  events: z.array(z.looseObject({ type: z.string() })),
});
