// Owns containment of a target that is one document: read before it is written, put back as it was, whatever carries it.
import * as z from 'zod/mini';
import type { ActionPlan } from '../../incident/events.ts';
import { safeText } from '../../incident/text.ts';
import type { ApplyResult, Driver, DriverFailure, Observation, PlanResult } from './driver.ts';
import { type Filling, filledText, filledValue, missingIn } from './http-template.ts';
import { changesBetween, mergedOver, sameJson } from './json-target.ts';

const instructionSchema = z.object({
  direction: z.enum(['apply', 'undo']),
  name: z.string(),
  service: z.string(),
  params: z.record(z.string(), z.string()),
});

/** What a plan remembers of itself: enough to fill the profile again, and no secret. */
export type Instruction = Readonly<z.infer<typeof instructionSchema>>;

/** What every profile says of its target, however it is reached. */
export interface DocumentProfile {
  readonly pointer: string;
  readonly set: unknown;
  readonly touches: readonly string[];
}

/** The target as it is and as it shall become. */
export interface Turn {
  readonly before: unknown;
  readonly after: unknown;
  readonly version: string | null;
}

export type World = { readonly ok: true; readonly value: unknown; readonly version: string | null } | DriverFailure;

/** One direction of a profile, filled in: how it reads, what it writes, what it would take to go back. */
export type Filled<Write> =
  | {
      readonly ok: true;
      readonly target: string;
      /** The equivalent command line, without secrets. */
      readonly command: string;
      /** The way back, in words that "puts back …" follows. */
      readonly back: string;
      readonly write: Write;
    }
  | { readonly ok: false; readonly detail: string };

export interface Filler {
  readonly direction: Instruction['direction'];
  readonly filling: Filling;
  readonly version: string | null;
}

export interface Writing {
  readonly signal: AbortSignal;
  /** How the world looks against the plan, for answers that say nothing about the change. */
  readonly look: () => Promise<Observation>;
}

/** One way to reach documents. */
export interface DocumentAccess<Profile extends DocumentProfile, Write> {
  /** The driver's name in plans. */
  readonly driver: string;
  readonly profile: (name: string) => Profile | null;
  readonly fill: (profile: Profile, filler: Filler) => Filled<Write>;
  readonly read: (profile: Profile, instruction: Instruction, signal: AbortSignal) => Promise<World>;
  readonly write: (profile: Profile, write: Write, writing: Writing) => Promise<ApplyResult>;
  /** What `set` makes of the value read; laid over it unless told otherwise. */
  readonly change?: (before: unknown, set: unknown) => unknown;
}

/**
 * A driver over documents. Plans carry `before` and `after` exactly; apply reads once more and refuses with `target-changed`
 * when the target moved; undo is a conflict when somebody changed the target since.
 */
export const documentDriver = <Profile extends DocumentProfile, Write>(
  access: DocumentAccess<Profile, Write>,
): Driver => {
  const { change = mergedOver } = access;

  const plan: Driver['plan'] = async ({ name, service, params }, signal) => {
    const instruction: Instruction = { direction: 'apply', name, service, params };
    const found = access.profile(name);
    if (found === null) return notConfigured(name, `no such ${access.driver} action`);
    const world = await access.read(found, instruction, signal);
    if (!world.ok) return world;
    const missing = missingIn(found.set, { service, params });
    if (missing.length > 0) return notConfigured(name, `nothing is given for ${missing.join(', ')}`);
    const after = change(world.value, filledValue(found.set, { service, params }));
    if (sameJson(world.value, after)) return rejected('already so: nothing would change');
    return planOf(prepare(access, found, { instruction, before: world.value, after, version: world.version }));
  };

  const planUndo: Driver['planUndo'] = async (entry, signal) => {
    const applied = prepareAgain(access, entry.plan);
    if (!applied.ok) return applied;
    const { profile, instruction, prepared } = applied;
    if (instruction.direction === 'undo') return rejected('this was itself an undo: plan the action again instead');
    const world = await access.read(profile, instruction, signal);
    if (!world.ok) return world;
    const { before, after } = prepared.plan;
    if (sameJson(world.value, before)) {
      const detail = 'the target is as it was before: nothing is left to undo';
      return { ok: false, reason: 'already-as-before', detail };
    }
    if (!sameJson(world.value, after)) {
      const detail = 'somebody changed the target since; undoing would overwrite that';
      const since = named('since then', changesBetween(after, world.value));
      const undo = named('undo', changesBetween(world.value, before));
      return { ok: false, reason: 'conflict', detail, changes: [...since, ...undo] };
    }
    const turn = { before: world.value, after: before, version: world.version };
    return planOf(prepare(access, profile, { ...turn, instruction: { ...instruction, direction: 'undo' } }));
  };

  const observe: Driver['observe'] = async (observed, signal) => {
    const again = prepareAgain(access, observed);
    if (!again.ok) return 'unknown';
    const world = await access.read(again.profile, again.instruction, signal);
    if (!world.ok) return 'unknown';
    if (sameJson(world.value, observed.after)) return 'applied';
    return sameJson(world.value, observed.before) ? 'reverted' : 'drifted';
  };

  const apply: Driver['apply'] = async (confirmed, signal) => {
    const again = prepareAgain(access, confirmed);
    if (!again.ok) return again;
    const { profile, prepared } = again;
    if (prepared.plan.command !== confirmed.command) return targetChanged('the configuration changed since the plan');
    // Also where a version is known: not everything that gives one minds it.
    const world = await access.read(profile, again.instruction, signal);
    if (!world.ok) return world;
    if (!sameJson(world.value, confirmed.before)) return targetChanged('the target changed since the plan');
    return access.write(profile, prepared.write, { signal, look: () => observe(confirmed, signal) });
  };

  return { plan, planUndo, apply, observe };
};

interface Prepared<Write> {
  readonly ok: true;
  readonly plan: ActionPlan;
  readonly write: Write;
}

const prepare = <Profile extends DocumentProfile, Write>(
  access: DocumentAccess<Profile, Write>,
  profile: Profile,
  turn: Turn & { readonly instruction: Instruction },
): Prepared<Write> | DriverFailure => {
  const { before, after, version, instruction } = turn;
  const filling = fillingOf(instruction, turn);
  const missing = missingIn(profile.touches, filling);
  if (missing.length > 0) return notConfigured(instruction.name, `nothing is given for ${missing.join(', ')}`);
  const filled = access.fill(profile, { direction: instruction.direction, filling, version });
  if (!filled.ok) return notConfigured(instruction.name, filled.detail);
  const changes = changesBetween(before, after);
  const putBack = changes.map(({ path, before: was }) => `${path} = ${was}`).join(', ');
  const plan: ActionPlan = {
    driver: access.driver,
    target: safeText(`${filled.target}${profile.pointer === '' ? '' : `#${profile.pointer}`}`, 2_000),
    changes,
    touches: profile.touches.map((line) => safeText(filledText(line, filling))),
    command: safeText(filled.command, 4_000),
    inverse: safeText(`${filled.back} puts back ${putBack}`),
    before,
    after,
    version,
    instruction,
  };
  return { ok: true, plan, write: filled.write };
};

/** In templates `{before}` is always the world without the action, `{after}` the world with it. */
const fillingOf = ({ direction, service, params }: Instruction, { before, after }: Turn): Filling =>
  direction === 'apply' ? { service, params, before, after } : { service, params, before: after, after: before };

type Again<Profile, Write> =
  | {
      readonly ok: true;
      readonly profile: Profile;
      readonly instruction: Instruction;
      readonly prepared: Prepared<Write>;
    }
  | DriverFailure;

/** A plan made earlier, perhaps before a restart, with the profile of today, which must still mean the same target. */
const prepareAgain = <Profile extends DocumentProfile, Write>(
  access: DocumentAccess<Profile, Write>,
  plan: ActionPlan | null,
): Again<Profile, Write> => {
  const { driver } = access;
  const parsed = instructionSchema.safeParse(plan?.instruction);
  if (plan === null || plan.driver !== driver || !parsed.success)
    return notConfigured(driver, `this is no plan of the ${driver} driver`);
  const instruction = parsed.data;
  const profile = access.profile(instruction.name);
  if (profile === null)
    return notConfigured(instruction.name, `the configuration has no such ${driver} action any more`);
  const { before, after, version } = plan;
  const prepared = prepare(access, profile, { before, after, version, instruction });
  if (!prepared.ok) return prepared;
  if (prepared.plan.target !== plan.target)
    return notConfigured(instruction.name, 'the configuration now names another target');
  return { ok: true, profile, instruction, prepared };
};

const planOf = <Write>(prepared: Prepared<Write> | DriverFailure): PlanResult =>
  prepared.ok ? { ok: true, plan: prepared.plan } : prepared;

const named = (when: string, changes: ReturnType<typeof changesBetween>) =>
  changes.map((change) => ({ ...change, path: `${when}: ${change.path}` }));

export const notConfigured = (name: string, detail: string): DriverFailure => ({
  ok: false,
  reason: 'not-configured',
  detail: safeText(`${name}: ${detail}`),
});
export const rejected = (detail: string): DriverFailure => ({ ok: false, reason: 'rejected', detail });
export const malformed = (detail: string): DriverFailure => ({ ok: false, reason: 'malformed-answer', detail });
export const targetChanged = (detail: string): DriverFailure => ({ ok: false, reason: 'target-changed', detail });
