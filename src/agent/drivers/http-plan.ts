// Owns what a plan of the http driver says and how it is found again later: the same profile, filled the same way.
import * as z from 'zod/mini';
import type { ActionPlan } from '../../incident/events.ts';
import { safeText } from '../../incident/text.ts';
import type { HttpProfile } from '../config/config.ts';
import type { DriverFailure } from './driver.ts';
import type { HttpRequest } from './http-exchange.ts';
import { curlLine, type Filling, filledCall, filledText, missingIn } from './http-template.ts';
import { changesBetween } from './json-target.ts';

const instructionSchema = z.object({
  direction: z.enum(['apply', 'undo']),
  name: z.string(),
  service: z.string(),
  params: z.record(z.string(), z.string()),
});

/** What a plan remembers of itself: enough to fill the profile again, and no secret. */
export type Instruction = Readonly<z.infer<typeof instructionSchema>>;

export const instructionOf = (plan: ActionPlan): Instruction | null => {
  const parsed = instructionSchema.safeParse(plan.instruction);
  return plan.driver === 'http' && parsed.success ? parsed.data : null;
};

/** The target as it is and as it shall become. */
export interface Turn {
  readonly before: unknown;
  readonly after: unknown;
  readonly version: string | null;
}

export interface PreparedPlan {
  readonly ok: true;
  readonly plan: ActionPlan;
  readonly read: HttpRequest;
  readonly write: HttpRequest;
}

/** The plan for one turn of the target, and the requests behind it. */
export const preparePlan = (
  profile: HttpProfile,
  instruction: Instruction,
  turn: Turn,
): PreparedPlan | DriverFailure => {
  const { before, after, version } = turn;
  const filling = fillingOf(instruction, turn);
  const isUndo = instruction.direction === 'undo';
  const missing = missingIn(profile.touches, filling);
  if (missing.length > 0) return notConfigured(instruction, `nothing is given for ${missing.join(', ')}`);
  const read = filledCall(profile.read, filling);
  const write = filledCall(isUndo ? profile.undo : profile.apply, filling);
  const back = filledCall(isUndo ? profile.apply : profile.undo, filling);
  if (!read.ok) return notConfigured(instruction, `read: ${read.detail}`);
  if (!write.ok) return notConfigured(instruction, `${instruction.direction}: ${write.detail}`);
  if (!back.ok) return notConfigured(instruction, `${isUndo ? 'apply' : 'undo'}: ${back.detail}`);
  const changes = changesBetween(before, after);
  const putBack = changes.map((change) => `${change.path} = ${change.before}`).join(', ');
  const plan: ActionPlan = {
    driver: 'http',
    target: safeText(`${read.request.url}${profile.pointer === '' ? '' : `#${profile.pointer}`}`, 2_000),
    changes,
    touches: profile.touches.map((line) => safeText(filledText(line, filling))),
    command: curlLine(write.request),
    inverse: safeText(`${back.request.method} ${back.request.url} puts back ${putBack}`),
    before,
    after,
    version,
    instruction,
  };
  return { ok: true, plan, read: read.request, write: conditional(write.request, read.request, version) };
};

/** In templates `{before}` is always the world without the action, `{after}` the world with it. */
const fillingOf = ({ direction, service, params }: Instruction, { before, after }: Turn): Filling =>
  direction === 'apply' ? { service, params, before, after } : { service, params, before: after, after: before };

/** A version speaks for the address it was read from and no other. */
const conditional = (write: HttpRequest, read: HttpRequest, version: string | null): HttpRequest =>
  version === null || write.url !== read.url ? write : { ...write, headers: { ...write.headers, 'if-match': version } };

export const notConfigured = ({ name }: { readonly name: string }, detail: string): DriverFailure => ({
  ok: false,
  reason: 'not-configured',
  detail: safeText(`${name}: ${detail}`),
});
