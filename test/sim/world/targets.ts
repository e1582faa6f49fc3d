// Owns what containment acts on in a simulation: values that remember every change, who made it, and answer as badly as the real ones.
import type { ApplyResult, Driver } from '../../../src/agent/drivers/driver.ts';
import type { ActionPlan } from '../../../src/incident/events.ts';
import { type Life, never } from './life.ts';
import type { Random } from './random.ts';
import type { SimulatedTime } from './time.ts';

export type TargetMood = 'well' | 'flaky' | 'away';

export interface Change {
  readonly atMs: number;
  readonly value: string;
  /** Null: somebody else did it. */
  readonly plan: number | null;
}

export interface Target {
  readonly service: string;
  readonly action: string;
  value: string;
  version: number;
  readonly changes: Change[];
}

/** One call of `apply`. */
export interface Applying {
  readonly plan: number;
  readonly life: number;
}

export interface Targets {
  driverFor(life: Life, action: string): Driver;
  setMood(mood: TargetMood): void;
  mood(): TargetMood;
  all(): readonly Target[];
  /** Somebody changes a target by hand. */
  meddle(target: Target): void;
}

/** What the driver keeps with its plan, so that the plan is known again. */
interface Instruction {
  readonly plan: number;
  readonly service: string;
}

export const planNumber = (plan: ActionPlan): number => (plan.instruction as Instruction).plan;

export const IN_ITS_PLACE = 'as it was';
const CONTAINED = 'contained';

/** How long an accepted change may take to show, and one whose answer got lost to come. */
const SHOWS_WITHIN_MS = 8_000;
const COMES_WITHIN_MS = 90_000;

export const simulatedTargets = (
  random: Random,
  time: SimulatedTime,
  told: { readonly onApply: (applying: Applying, earlier: readonly Applying[]) => void },
): Targets => {
  const targets = new Map<string, Target>();
  const applied: Applying[] = [];
  let mood: TargetMood = 'well';
  let plans = 0;

  const targetOf = (service: string, action: string): Target => {
    const key = `${service}/${action}`;
    const target = targets.get(key) ?? { service, action, value: IN_ITS_PLACE, version: 1, changes: [] };
    targets.set(key, target);
    return target;
  };

  const change = (target: Target, value: string, plan: number | null): void => {
    target.value = value;
    target.version += 1;
    target.changes.push({ atMs: time.elapsedMs(), value, plan });
  };

  const planTo = (target: Target, value: string): ActionPlan => {
    plans += 1;
    return {
      driver: 'simulated',
      target: `${target.service}/${target.action}`,
      changes: [{ path: '/value', before: target.value, after: value }],
      touches: [],
      command: 'by hand',
      inverse: 'by hand',
      before: target.value,
      after: value,
      version: String(target.version),
      instruction: { plan: plans, service: target.service } satisfies Instruction,
    };
  };

  const isReached = (): boolean => mood === 'well' || (mood === 'flaky' && random.chance(0.7));
  const takesTime = (): Promise<void> => time.wait(random.chance(0.5) ? 0 : random.between(1, 4_000));
  const unreachable = { ok: false, reason: 'unreachable', detail: 'as simulated' } as const;

  const applyTo = async (target: Target, plan: ActionPlan, life: Life): Promise<ApplyResult> => {
    const carryOut = (): boolean => {
      if (String(target.version) !== plan.version) return false;
      change(target, String(plan.after), planNumber(plan));
      return true;
    };
    await time.wait(random.chance(0.6) ? 0 : random.between(1, 50));
    if (!life.isAlive()) return never();
    if (String(target.version) !== plan.version) return { ok: false, reason: 'target-changed', detail: 'as simulated' };
    if (mood === 'away') return unreachable;
    if (mood === 'well' || random.chance(0.4)) {
      await takesTime();
      return carryOut() ? { ok: true } : { ok: false, reason: 'target-changed', detail: 'as simulated' };
    }
    switch (
      random.pick(['refused', 'shows-late', 'never-shows', 'answer-lost', 'comes-late', 'request-lost'] as const)
    ) {
      case 'refused':
        return { ok: false, reason: 'rejected', detail: 'as simulated' };
      case 'shows-late':
        time.after(random.between(1, SHOWS_WITHIN_MS), carryOut);
        return { ok: true };
      case 'never-shows':
        return { ok: true };
      case 'answer-lost':
        carryOut();
        await time.wait(random.between(1_000, 20_000));
        return { ok: false, reason: 'unknown', detail: 'as simulated' };
      case 'comes-late':
        time.after(random.between(1_000, COMES_WITHIN_MS), carryOut);
        await time.wait(random.between(1_000, 20_000));
        return { ok: false, reason: 'unknown', detail: 'as simulated' };
      default:
        await time.wait(random.between(1_000, 20_000));
        return { ok: false, reason: 'unknown', detail: 'as simulated' };
    }
  };

  const driverFor = (life: Life, action: string): Driver => {
    const call = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
      if (!life.mayCall()) return never();
      const answer = await work();
      return life.mayCall() ? answer : never();
    };
    return {
      plan: ({ service }) =>
        call(async () => {
          await takesTime();
          if (!isReached()) return unreachable;
          return { ok: true, plan: planTo(targetOf(service, action), CONTAINED) };
        }),
      planUndo: (entry) =>
        call(async () => {
          await takesTime();
          if (!isReached()) return unreachable;
          const target = targetOf(entry.service, action);
          const before = String(entry.plan?.before);
          if (target.value === before)
            return { ok: false, reason: 'already-as-before', detail: 'as simulated' } as const;
          if (target.value !== String(entry.plan?.after))
            return { ok: false, reason: 'conflict', detail: 'as simulated', changes: [] } as const;
          return { ok: true, plan: planTo(target, before) };
        }),
      apply: (plan) =>
        call(() => {
          const applying: Applying = { plan: planNumber(plan), life: life.number };
          const earlier = applied.filter((one) => one.plan === applying.plan);
          applied.push(applying);
          told.onApply(applying, earlier);
          return applyTo(targetOf((plan.instruction as Instruction).service, action), plan, life);
        }),
      observe: (plan) =>
        call(async () => {
          await time.wait(random.chance(0.8) ? 0 : random.between(1, 1_000));
          if (!isReached()) return 'unknown';
          const { value } = targetOf((plan.instruction as Instruction).service, action);
          if (value === plan.after) return 'applied';
          return value === plan.before ? 'reverted' : 'drifted';
        }),
    };
  };

  return {
    driverFor,
    setMood: (next) => {
      mood = next;
    },
    mood: () => mood,
    all: () => [...targets.values()],
    meddle: (target) => change(target, `changed by somebody, ${time.elapsedMs()}`, null),
  };
};
