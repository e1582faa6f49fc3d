// Owns what every driver of a document must keep, whatever carries it to the world.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionRequest, Driver } from '../../src/agent/drivers/driver.ts';
import type { ActionPlan } from '../../src/incident/events.ts';
import type { Action } from '../../src/incident/state.ts';

export const DOCUMENT = { mode: 'custom ü"', limits: { rps: 750, burst: [1, 2, null] }, breaker: false };
export const SET = { breaker: true, limits: { rps: 10 } };
export const TOUCHES = ['all requests of {service}'];
/** What the profile uses to reach its target, and nobody may ever see. */
export const SECRET = 's3cr3t-"token"';

/** A document in the world, and a driver whose profile `circuit-breaker` sets `SET` on it within a second. */
export interface DriverUnderTest {
  readonly driver: Driver;
  /** The same configuration in another process. */
  restarted(): Driver;
  document(): Promise<unknown>;
  put(document: unknown): Promise<void>;
  /** How often it was written through the driver. */
  writes(): Promise<number>;
  /** Whether the far end got the secret. */
  sawSecret(): Promise<boolean>;
  /** How the far end behaves from now on; what is refused says an escape sequence and the secret. */
  behave(how: 'reading hangs' | 'reading is refused' | 'writing hangs' | 'writing is refused'): Promise<void>;
  /** The configuration loses the action, or names another target for it. */
  reconfigure(how: 'gone' | 'elsewhere'): void;
  close(): Promise<void>;
}

const never = new AbortController().signal;
const request: ActionRequest = { action: 'A7', service: 'checkout', name: 'circuit-breaker', params: {} };

/** An applied action, as the log would give it back. */
export const entryOf = (plan: ActionPlan): Action => JSON.parse(JSON.stringify({ id: 'A7', plan })) as Action;

export const driverContract = (name: string, make: () => Promise<DriverUnderTest>): void => {
  describe(`driver contract: ${name}`, () => {
    let world: DriverUnderTest;
    let driver: Driver;
    beforeEach(async () => {
      world = await make();
      ({ driver } = world);
    });
    afterEach(() => world.close());

    const planned = async (): Promise<ActionPlan> => {
      const result = await driver.plan(request, never);
      if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
      return result.plan;
    };

    it('plan reads and says what would change, touches, the command and the way back, and no secret', async () => {
      const plan = await planned();
      expect(plan).toMatchObject({
        changes: [
          { path: 'limits.rps', before: '750', after: '10' },
          { path: 'breaker', before: 'false', after: 'true' },
        ],
        touches: ['all requests of checkout'],
        before: DOCUMENT,
        after: { ...DOCUMENT, breaker: true, limits: { rps: 10, burst: [1, 2, null] } },
      });
      expect(plan.command).not.toBe('');
      expect(plan.inverse).toContain('puts back limits.rps = 750, breaker = false');
      expect(JSON.stringify(plan)).not.toContain('s3cr3t');
      expect(await world.sawSecret()).toBe(true);
      expect(await world.writes()).toBe(0);
    });

    it('apply writes what was planned, observe sees it, and undo restores the state before exactly', async () => {
      const plan = await planned();
      expect(await driver.observe(plan, never)).toBe('reverted');
      expect(await driver.apply(plan, never)).toEqual({ ok: true });
      expect(await world.document()).toEqual(plan.after);
      expect(await driver.observe(plan, never)).toBe('applied');

      const undo = await driver.planUndo(entryOf(plan), never);
      if (!undo.ok) throw new Error(undo.detail);
      expect(undo.plan).toMatchObject({ before: plan.after, after: DOCUMENT });
      expect(undo.plan.inverse).toContain('puts back limits.rps = 10, breaker = true');
      expect(await driver.apply(undo.plan, never)).toEqual({ ok: true });
      expect(JSON.stringify(await world.document())).toBe(JSON.stringify(DOCUMENT));
      expect(await driver.observe(undo.plan, never)).toBe('applied');
      expect(await driver.observe(plan, never)).toBe('reverted');
      expect(await driver.planUndo(entryOf(undo.plan), never)).toMatchObject({ ok: false, reason: 'rejected' });
    });

    it('a plan that went through the log is carried out by another process', async () => {
      const plan: ActionPlan = JSON.parse(JSON.stringify(await planned()));
      const restarted = world.restarted();
      expect(await restarted.apply(plan, never)).toEqual({ ok: true });
      expect(await restarted.observe(plan, never)).toBe('applied');
    });

    it('the order of keys is no difference', async () => {
      const plan = await planned();
      const { breaker, limits, mode } = plan.after as typeof DOCUMENT;
      await world.put({ breaker, limits: { burst: limits.burst, rps: limits.rps }, mode });
      expect(await driver.observe(plan, never)).toBe('applied');
    });

    it('what is already so is no plan', async () => {
      await world.put({ ...DOCUMENT, breaker: true, limits: { ...DOCUMENT.limits, rps: 10 } });
      const result = await driver.plan(request, never);
      expect(result).toMatchObject({ ok: false, reason: 'rejected', detail: expect.stringMatching(/already so/) });
    });

    it('undo after somebody changed the target is a conflict that shows both changes and writes nothing', async () => {
      const plan = await planned();
      await driver.apply(plan, never);
      await world.put({ ...(plan.after as object), limits: { rps: 99, burst: [1, 2, null] } });
      expect(await driver.planUndo(entryOf(plan), never)).toMatchObject({
        ok: false,
        reason: 'conflict',
        changes: [
          { path: 'since then: limits.rps', before: '10', after: '99' },
          { path: 'undo: limits.rps', before: '99', after: '750' },
          { path: 'undo: breaker', before: 'true', after: 'false' },
        ],
      });
      expect(await driver.observe(plan, never)).toBe('drifted');
      expect(await world.writes()).toBe(1);
    });

    it('undo of what is as before already says so', async () => {
      const plan = await planned();
      expect(await driver.planUndo(entryOf(plan), never)).toMatchObject({ ok: false, reason: 'already-as-before' });
    });

    it('a target that moved between plan and apply is not overwritten', async () => {
      const plan = await planned();
      await world.put({ ...DOCUMENT, mode: 'somebody else' });
      expect(await driver.apply(plan, never)).toMatchObject({ ok: false, reason: 'target-changed' });
      expect(await world.writes()).toBe(0);
    });

    it('an action without a plan, or whose profile is gone or names another target, is not configured', async () => {
      const plan = await planned();
      await driver.apply(plan, never);
      const without = { ...entryOf(plan), plan: null };
      expect(await driver.planUndo(without, never)).toMatchObject({ reason: 'not-configured' });
      world.reconfigure('elsewhere');
      expect(await driver.planUndo(entryOf(plan), never)).toMatchObject({ reason: 'not-configured' });
      world.reconfigure('gone');
      expect(await driver.plan(request, never)).toMatchObject({ reason: 'not-configured' });
      expect(await driver.planUndo(entryOf(plan), never)).toMatchObject({ reason: 'not-configured' });
      expect(await driver.observe(plan, never)).toBe('unknown');
    });

    it('a plan that is not of this driver is not carried out', async () => {
      const plan = await planned();
      const { instruction: _, ...foreign } = plan;
      expect(await driver.apply(foreign, never)).toMatchObject({ ok: false, reason: 'not-configured' });
      const others = { ...plan, driver: 'another' };
      expect(await driver.apply(others, never)).toMatchObject({ ok: false, reason: 'not-configured' });
      expect(await world.writes()).toBe(0);
    });

    it.each([
      ['reading hangs', 'timeout'],
      ['reading is refused', 'rejected'],
    ] as const)('when %s, everything that reads is %s and nothing is written', async (how, reason) => {
      const plan = await planned();
      await world.behave(how);
      const [seen, ...failed] = await Promise.all([
        driver.observe(plan, never),
        driver.plan(request, never),
        driver.apply(plan, never),
        driver.planUndo(entryOf(plan), never),
      ]);
      expect(seen).toBe('unknown');
      for (const failure of failed) expect(failure).toMatchObject({ ok: false, reason });
      expect(await world.writes()).toBe(0);
      expect(JSON.stringify(failed)).not.toMatch(/s3cr3t|\\u001b/);
    });

    it.each([
      ['writing hangs', 'unknown'],
      ['writing is refused', 'rejected'],
    ] as const)('when %s, the outcome is %s', async (how, reason) => {
      const plan = await planned();
      await world.behave(how);
      const failed = await driver.apply(plan, never);
      expect(failed).toMatchObject({ ok: false, reason });
      expect(JSON.stringify(failed)).not.toMatch(/s3cr3t|\\u001b/);
    });

    it('being called off is a timeout, before and during the reading', async () => {
      expect(await driver.plan(request, AbortSignal.abort())).toMatchObject({ ok: false, reason: 'timeout' });
      await world.behave('reading hangs');
      expect(await driver.plan(request, AbortSignal.timeout(20))).toMatchObject({ ok: false, reason: 'timeout' });
    });
  });
};
