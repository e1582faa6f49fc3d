// Owns containment over a team's own HTTP interface: one JSON document, read before it is written, put back as it was.
import type { ActionPlan } from '../../incident/events.ts';
import type { HttpProfile } from '../config/config.ts';
import type { ApplyResult, Driver, DriverFailure, PlanResult } from './driver.ts';
import { exchange, type Fetch, type HttpAnswer, type HttpRequest, quotable } from './http-exchange.ts';
import { type Instruction, instructionOf, notConfigured, type PreparedPlan, preparePlan } from './http-plan.ts';
import { filledCall, filledValue, missingIn } from './http-template.ts';
import { atPointer, changesBetween, mergedOver, parseExactJson, sameJson } from './json-target.ts';

export interface HttpDriverOptions {
  /** The profile of an action by name; null when the configuration has none. */
  readonly profile: (name: string) => HttpProfile | null;
  readonly fetch?: Fetch;
}

/**
 * A driver for actions whose profile names three HTTP calls. Plans carry `before` and `after` exactly; apply reads once more
 * and refuses with `target-changed` when the target moved. A write whose answer got lost is `unknown`. Timeouts are the profile's.
 */
export const httpDriver = ({ profile, fetch = globalThis.fetch }: HttpDriverOptions): Driver => {
  const plan: Driver['plan'] = async ({ name, service, params }, signal) => {
    const instruction: Instruction = { direction: 'apply', name, service, params };
    const found = profile(name);
    if (found === null) return notConfigured(instruction, 'no such http action');
    const world = await readTarget({ fetch, profile: found, instruction, signal });
    if (!world.ok) return world;
    const missing = missingIn(found.set, { service, params });
    if (missing.length > 0) return notConfigured(instruction, `nothing is given for ${missing.join(', ')}`);
    const after = mergedOver(world.value, filledValue(found.set, { service, params }));
    if (sameJson(world.value, after)) return rejected('already so: nothing would change');
    return planOf(preparePlan(found, instruction, { before: world.value, after, version: world.version }));
  };

  const planUndo: Driver['planUndo'] = async (entry, signal) => {
    const applied = prepareAgain(profile, entry.plan);
    if (!applied.ok) return applied;
    const { profile: found, instruction, prepared } = applied;
    if (instruction.direction === 'undo') return rejected('this was itself an undo: plan the action again instead');
    const world = await readTarget({ fetch, profile: found, instruction, signal });
    if (!world.ok) return world;
    const { before, after } = prepared.plan;
    if (sameJson(world.value, before)) {
      return {
        ok: false,
        reason: 'already-as-before',
        detail: 'the target is as it was before: nothing is left to undo',
      };
    }
    if (!sameJson(world.value, after)) {
      const since = changesBetween(after, world.value).map((change) => ({
        ...change,
        path: `since then: ${change.path}`,
      }));
      const undo = changesBetween(world.value, before).map((change) => ({ ...change, path: `undo: ${change.path}` }));
      const detail = 'somebody changed the target since; undoing would overwrite that';
      return { ok: false, reason: 'conflict', detail, changes: [...since, ...undo] };
    }
    const turn = { before: world.value, after: before, version: world.version };
    return planOf(preparePlan(found, { ...instruction, direction: 'undo' }, turn));
  };

  const observe: Driver['observe'] = async (observed, signal) => {
    const again = prepareAgain(profile, observed);
    if (!again.ok) return 'unknown';
    const world = await readTarget({ fetch, ...again, signal });
    if (!world.ok) return 'unknown';
    if (sameJson(world.value, observed.after)) return 'applied';
    return sameJson(world.value, observed.before) ? 'reverted' : 'drifted';
  };

  const apply: Driver['apply'] = async (confirmed, signal) => {
    const again = prepareAgain(profile, confirmed);
    if (!again.ok) return again;
    const { profile: found, prepared } = again;
    if (prepared.plan.command !== confirmed.command) return targetChanged('the configuration changed since the plan');
    // Also where a version is known: many servers send an ETag and then ignore If-Match.
    const world = await readTarget({ fetch, ...again, signal });
    if (!world.ok) return world;
    if (!sameJson(world.value, confirmed.before)) return targetChanged('the target changed since the plan');
    const written = await exchange(fetch, prepared.write, { signal, timeoutMs: found.timeoutMs });
    if (!written.ok) {
      const { mayHaveArrived, reason, detail } = written;
      return { ok: false, reason: mayHaveArrived ? 'unknown' : reason, detail };
    }
    const { answer } = written;
    if (answer.status < 500) return outcomeOf(answer, prepared.write);
    return afterServerError(answer, prepared.write, await observe(confirmed, signal));
  };

  return { plan, planUndo, apply, observe };
};

interface Reading {
  readonly fetch: Fetch;
  readonly profile: HttpProfile;
  readonly instruction: Instruction;
  readonly signal: AbortSignal;
}

type World = { readonly ok: true; readonly value: unknown; readonly version: string | null } | DriverFailure;

const readTarget = async ({ fetch, profile, instruction, signal }: Reading): Promise<World> => {
  const call = filledCall(profile.read, instruction);
  if (!call.ok) return notConfigured(instruction, `read: ${call.detail}`);
  const exchanged = await exchange(fetch, call.request, { signal, timeoutMs: profile.timeoutMs });
  if (!exchanged.ok) return { ok: false, reason: exchanged.reason, detail: exchanged.detail };
  const { answer } = exchanged;
  if (answer.status < 200 || answer.status > 299) return rejected(`read: ${quotable(answer, call.request)}`);
  if (!answer.body.ok) return answer.body;
  const parsed = parseExactJson(answer.body.text);
  if (!parsed.ok) return malformed(parsed.detail);
  const value = atPointer(parsed.value, profile.pointer);
  if (value === undefined) return malformed(`has nothing at ${profile.pointer}`);
  return { ok: true, value, version: strongVersion(answer.headers.get('etag')) };
};

/** A weak tag never matches an If-Match, so it is no version. */
const strongVersion = (etag: string | null): string | null => (etag === null || etag.startsWith('W/') ? null : etag);

type Again =
  | {
      readonly ok: true;
      readonly profile: HttpProfile;
      readonly instruction: Instruction;
      readonly prepared: PreparedPlan;
    }
  | DriverFailure;

/** A plan made earlier, perhaps before a restart, with the profile of today, which must still mean the same target. */
const prepareAgain = (profile: HttpDriverOptions['profile'], plan: ActionPlan | null): Again => {
  const instruction = plan === null ? null : instructionOf(plan);
  if (plan === null || instruction === null)
    return notConfigured({ name: 'http' }, 'this is no plan of the http driver');
  const found = profile(instruction.name);
  if (found === null) return notConfigured(instruction, 'the configuration has no such http action any more');
  const prepared = preparePlan(found, instruction, plan);
  if (!prepared.ok) return prepared;
  if (prepared.plan.target !== plan.target)
    return notConfigured(instruction, 'the configuration now names another target');
  return { ok: true, profile: found, instruction, prepared };
};

const outcomeOf = (answer: HttpAnswer, request: HttpRequest): ApplyResult => {
  if (answer.status >= 200 && answer.status <= 299) return { ok: true };
  const said = quotable(answer, request);
  return answer.status === 409 || answer.status === 412 ? targetChanged(said) : rejected(said);
};

/** An error of the server says nothing about the change; the world does, unless a gateway may still be passing it on. */
const afterServerError = (
  answer: HttpAnswer,
  request: HttpRequest,
  world: Awaited<ReturnType<Driver['observe']>>,
): ApplyResult => {
  const mayComeLater = answer.status === 502 || answer.status === 504;
  if (world === 'applied') return { ok: true };
  if (world === 'reverted' && !mayComeLater) return rejected(quotable(answer, request));
  return { ok: false, reason: 'unknown', detail: quotable(answer, request) };
};

const planOf = (prepared: PreparedPlan | DriverFailure): PlanResult =>
  prepared.ok ? { ok: true, plan: prepared.plan } : prepared;

const rejected = (detail: string): DriverFailure => ({ ok: false, reason: 'rejected', detail });
const malformed = (detail: string): DriverFailure => ({
  ok: false,
  reason: 'malformed-answer',
  detail: `the answer ${detail}`,
});
const targetChanged = (detail: string): DriverFailure => ({ ok: false, reason: 'target-changed', detail });
