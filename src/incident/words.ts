// Owns the closed vocabularies of the room: severities, phases, roles and the ids of things.

export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** True when `a` is more urgent than `b`: SEV1 is above SEV2. */
export const isAbove = (a: Severity, b: Severity): boolean => SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b);

export const WORKING_PHASES = ['triage', 'containment', 'mitigation', 'recovery'] as const;
export type WorkingPhase = (typeof WORKING_PHASES)[number];
export type Phase = WorkingPhase | 'resolved' | 'closed';

export const ROLES = ['commander', 'tech', 'comms', 'scribe', 'on-call'] as const;
export type Role = (typeof ROLES)[number];

export type IncidentId = string;
export type ActionId = string;
export type NoteId = string;
export type PageId = string;
export type MessageId = string;
export type SilenceId = string;
export type TestId = string;
