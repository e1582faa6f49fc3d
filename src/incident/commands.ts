// Owns what can be asked of the room: the commands of people, checked at the door, and those only the agent gives itself.
import * as z from 'zod/mini';
import type {
  ActionFailure,
  ActionPlan,
  Evidence,
  NotSentFacts,
  PlanChange,
  RecoverySample,
  SentFacts,
} from './events.ts';
import type { Permission } from './permission.ts';
import { type SafeText, safeText } from './text.ts';
import { HOUR, MINUTE, type Timestamp } from './time.ts';
import {
  type ActionId,
  type IncidentId,
  type MessageId,
  type PageId,
  ROLES,
  SEVERITIES,
  type Severity,
  type SilenceId,
  type TestId,
  WORKING_PHASES,
} from './words.ts';

const text = (maxLength: number) =>
  z.pipe(
    z.string(),
    z.transform((raw) => safeText(raw, maxLength)),
  );
const wordsOf = (maxLength: number) =>
  z.pipe(
    z.string(),
    z.transform((raw, context) => {
      const words = safeText(raw, maxLength);
      if (words === '') context.issues.push({ code: 'custom', message: 'must not be empty', input: raw });
      return words;
    }),
  );

/** The name of a thing there should be: what is no such name is refused when it is looked for. */
const id = (maxLength: number) =>
  z.pipe(
    z.string().check(z.maxLength(maxLength)),
    z.transform((raw): string => safeText(raw, maxLength)),
  );

const incident = id(40);
const action = id(20);
const name = wordsOf(64);
const title = wordsOf(200);
const reason = text(500);
const services = z.readonly(z.array(name).check(z.minLength(1), z.maxLength(50)));

const people = z.readonly(z.array(name).check(z.maxLength(50)));

/** A longer silence would be forgotten. */
export const LONGEST_SILENCE_MS = 7 * 24 * HOUR;
export const LONGEST_SILENCE_AHEAD_MS = 30 * 24 * HOUR;

/** A refusable request of a person; the schema is what the wire and the command line check against. */
export const personCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('declare'),
    title,
    services,
    severity: z.enum(SEVERITIES),
    /** Who may see it, besides the one who declares it; without it, everybody. */
    people: z.optional(people),
    /** The incident that it goes on from, where that has left the room. */
    follows: z.optional(incident),
  }),
  z.strictObject({
    type: z.literal('report-alert'),
    source: name,
    fingerprint: wordsOf(200),
    service: name,
    givenSeverity: wordsOf(40),
    message: title,
    firing: z.boolean(),
  }),
  z.strictObject({ type: z.literal('set-severity'), incident, severity: z.enum(SEVERITIES), reason }),
  z.strictObject({ type: z.literal('enter-phase'), incident, phase: z.enum(WORKING_PHASES) }),
  z.strictObject({ type: z.literal('claim-role'), incident, role: z.enum(ROLES) }),
  z.strictObject({ type: z.literal('release-role'), incident, role: z.enum(ROLES) }),
  z.strictObject({ type: z.literal('assign-role'), incident, role: z.enum(ROLES), person: name }),
  z.strictObject({
    type: z.literal('set-duty'),
    incident,
    role: z.enum(ROLES),
    /** By its words, or its number in the role's list, counted from 1. */
    duty: wordsOf(500),
    done: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('silence'),
    /** `*` is every service. */
    services,
    startsInMs: z.number().check(z.int(), z.nonnegative(), z.lte(LONGEST_SILENCE_AHEAD_MS)),
    forMs: z.number().check(z.int(), z.gte(MINUTE), z.lte(LONGEST_SILENCE_MS)),
    reason,
  }),
  z.strictObject({ type: z.literal('lift-silence'), silence: id(20) }),
  /** Tries the ways to reach a contact. Null: each of theirs. */
  z.strictObject({ type: z.literal('test-contact'), contact: name, channel: z.nullable(name) }),
  z.strictObject({ type: z.literal('acknowledge'), incident }),
  z.strictObject({ type: z.literal('add-note'), incident, text: wordsOf(4000) }),
  z.strictObject({
    type: z.literal('correct-note'),
    incident,
    note: id(20),
    text: wordsOf(4000),
  }),
  z.strictObject({ type: z.literal('retitle'), incident, title }),
  z.strictObject({ type: z.literal('change-services'), incident, services }),
  /** Makes an incident private to these, or open to everybody again: null. */
  z.strictObject({ type: z.literal('set-people'), incident, people: z.nullable(people) }),
  z.strictObject({
    type: z.literal('contain'),
    /** Null: the one open incident of the service. */
    incident: z.nullable(incident),
    service: name,
    name,
    params: z.record(z.string().check(z.regex(/^[\w-]{1,64}$/)), text(500)),
    arm: z.boolean(),
  }),
  z.strictObject({ type: z.literal('arm'), action }),
  z.strictObject({ type: z.literal('disarm'), action }),
  z.strictObject({ type: z.literal('confirm'), action, typed: z.nullable(text(200)) }),
  z.strictObject({ type: z.literal('undo'), action, arm: z.boolean() }),
  z.strictObject({ type: z.literal('let-go'), action, reason }),
  z.strictObject({ type: z.literal('resolve'), incident }),
  z.strictObject({ type: z.literal('reopen'), incident, reason }),
  z.strictObject({ type: z.literal('close'), incident, falseAlarm: z.boolean(), reason }),
]);

export type PersonCommand = z.output<typeof personCommandSchema>;
/** The same command before its text was made safe. */
export type PersonCommandInput = z.input<typeof personCommandSchema>;

/** What the agent tells itself: things seen in the world, and deadlines that came. */
export type AgentCommand =
  | { readonly type: 'start-agent'; readonly version: string }
  | { readonly type: 'note-clock-jump'; readonly byMs: number }
  | { readonly type: 'note-stall'; readonly forMs: number }
  | { readonly type: 'end-false-alarm'; readonly service: string; readonly rule: string }
  | { readonly type: 'report-breach'; readonly severity: Severity; readonly evidence: Evidence }
  | {
      readonly type: 'propose-recovery';
      readonly incident: IncidentId;
      readonly since: Timestamp;
      readonly samples: readonly RecoverySample[];
    }
  | { readonly type: 'withdraw-recovery'; readonly incident: IncidentId; readonly reason: string }
  | { readonly type: 'reach-level'; readonly incident: IncidentId; readonly level: string }
  | { readonly type: 'expire-acknowledgement'; readonly incident: IncidentId }
  | ({ readonly type: 'record-sent'; readonly parcel: Parcel } & SentFacts)
  | ({ readonly type: 'record-not-sent'; readonly parcel: Parcel } & NotSentFacts)
  /** A closed incident leaves the room; `lastSeq` is the last commit that its archive holds. */
  | { readonly type: 'archive-incident'; readonly incident: IncidentId; readonly lastSeq: number }
  | { readonly type: 'miss-response'; readonly incident: IncidentId }
  | { readonly type: 'report-alerts'; readonly alerts: readonly AlertTold[] }
  | { readonly type: 'end-silence'; readonly silence: SilenceId }
  /** The next of the alerts that an ended silence held and that still fire. */
  | { readonly type: 'tell-held'; readonly silence: SilenceId }
  /** The problem of a changed configuration that is refused; null: it holds from now on. */
  | { readonly type: 'note-configuration'; readonly problem: string | null }
  | {
      readonly type: 'note-token';
      readonly change: 'added' | 'revoked';
      readonly name: string;
      readonly permission: Permission;
      /** Who did it, as they said. */
      readonly by: string | null;
    }
  | { readonly type: 'record-plan'; readonly action: ActionId; readonly plan: ActionPlan }
  | {
      readonly type: 'refuse-plan';
      readonly action: ActionId;
      readonly reason: ActionFailure | 'conflict';
      readonly detail: string;
      readonly changes: readonly PlanChange[];
    }
  | { readonly type: 'expire-arm'; readonly action: ActionId }
  | { readonly type: 'start-action'; readonly action: ActionId }
  | { readonly type: 'record-applied'; readonly action: ActionId; readonly errorRatio: number | null }
  /** An undo found its work done: somebody put the target back already. */
  | {
      readonly type: 'record-gone';
      readonly action: ActionId;
      readonly detail: string;
      readonly errorRatio: number | null;
    }
  | {
      readonly type: 'record-failed';
      readonly action: ActionId;
      readonly reason: ActionFailure;
      readonly detail: string;
    }
  | { readonly type: 'record-unknown'; readonly action: ActionId; readonly detail: string }
  | { readonly type: 'expire-containment'; readonly action: ActionId };

/** Something on its way out. */
export type Parcel =
  | { readonly kind: 'page'; readonly incident: IncidentId; readonly page: PageId }
  | { readonly kind: 'message'; readonly incident: IncidentId; readonly message: MessageId }
  | { readonly kind: 'test'; readonly test: TestId };

export type Command = PersonCommand | AgentCommand;

/** One alert as its source told it. */
export interface AlertTold {
  readonly source: string;
  readonly fingerprint: string;
  readonly service: string;
  readonly givenSeverity: string;
  readonly message: SafeText;
  readonly firing: boolean;
}
