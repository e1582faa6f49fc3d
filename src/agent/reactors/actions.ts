// Owns the carrying out of containment: plans what was asked, applies what was confirmed, observes what is uncertain.
import type { Action, Room } from '../../incident/state.ts';
import { plusMs, type Timestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { ApplyResult, Driver, Observation, PlanResult, UndoPlanResult } from '../drivers/driver.ts';
import type { Reactor, Record } from './reactor.ts';

const PLAN_TIMEOUT_MS = 15_000;
const APPLY_TIMEOUT_MS = 30_000;
/** How long the world may take to show an accepted change, and how often it is asked. */
const TAKES_EFFECT_WITHIN_MS = 10_000;
const OBSERVE_EVERY_MS = 250;
/** An uncertain outcome is looked at again this often until the world answers. */
const LOOK_AGAIN_AFTER_MS = 5_000;

interface ActionsParts {
  readonly record: Record;
  readonly clock: Clock;
  /** The driver of that action name; null where the configuration no longer has it. */
  readonly driver: (name: string) => Driver | null;
  readonly errorRatio: (service: string) => number | null;
  /** Asks for another look, once a step is done. */
  readonly wake: () => void;
}

export const actions = ({ record, clock, driver, errorRatio, wake }: ActionsParts): Reactor => {
  const underWay = new Set<string>();
  const stopping = new AbortController();
  const within = (ms: number): AbortSignal => AbortSignal.any([stopping.signal, AbortSignal.timeout(ms)]);
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      stopping.signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });

  const plan = async (action: Action, room: Room): Promise<void> => {
    const result = await planned(action, room);
    if (stopping.signal.aborted) return;
    if (result.ok) await record({ type: 'record-plan', action: action.id, plan: result.plan });
    else {
      const changes = result.reason === 'conflict' ? result.changes : [];
      await record({ type: 'refuse-plan', action: action.id, reason: result.reason, detail: result.detail, changes });
    }
  };

  const planned = async (action: Action, room: Room): Promise<PlanResult | UndoPlanResult> => {
    const its = driver(action.name);
    if (its === null) return notConfigured(action);
    if (action.undoes === null) {
      return its.plan(
        { action: action.id, service: action.service, name: action.name, params: action.params },
        within(PLAN_TIMEOUT_MS),
      );
    }
    const entry = room.incidents[action.incident]?.actions[action.undoes];
    return entry === undefined ? notConfigured(action) : its.planUndo(entry, within(PLAN_TIMEOUT_MS));
  };

  const start = async (action: Action): Promise<void> => {
    const started = await record({ type: 'start-action', action: action.id });
    if (!started.ok || action.plan === null) return;
    const ratioBefore = errorRatio(action.service);
    const its = driver(action.name);
    const result: ApplyResult =
      its === null ? notConfigured(action) : await its.apply(action.plan, within(APPLY_TIMEOUT_MS));
    if (stopping.signal.aborted) return;
    if (!result.ok && result.reason !== 'unknown') {
      await record({ type: 'record-failed', action: action.id, reason: result.reason, detail: result.detail });
      return;
    }
    await conclude(action, { ratioBefore, patienceMs: TAKES_EFFECT_WITHIN_MS });
  };

  /** Never trusts an answer: the outcome is what the world shows. */
  const conclude = async (
    action: Action,
    how: { readonly ratioBefore: number | null; readonly patienceMs: number },
  ): Promise<void> => {
    const deadline = clock.now() + how.patienceMs;
    let seen = await observed(action);
    while (seen !== 'applied' && clock.now() < deadline && !stopping.signal.aborted) {
      await wait(OBSERVE_EVERY_MS);
      seen = await observed(action);
    }
    if (stopping.signal.aborted) return;
    switch (seen) {
      case 'applied':
        await record({ type: 'record-applied', action: action.id, errorRatio: how.ratioBefore });
        return;
      case 'reverted':
        await record({
          type: 'record-failed',
          action: action.id,
          reason: 'did-not-take-effect',
          detail: 'the target is as it was before',
        });
        return;
      case 'drifted':
        await record({
          type: 'record-unknown',
          action: action.id,
          detail: 'the target is neither as planned nor as before: somebody else changed it',
        });
        return;
      case 'unknown':
        await record({
          type: 'record-unknown',
          action: action.id,
          detail: 'the target cannot be read: check it by hand',
        });
        return;
      default:
        return seen satisfies never;
    }
  };

  const observed = async (action: Action): Promise<Observation> => {
    const its = driver(action.name);
    return its === null || action.plan === null ? 'unknown' : its.observe(action.plan, within(PLAN_TIMEOUT_MS));
  };

  const workOn = (action: Action, room: Room): (() => Promise<void>) | null => {
    switch (action.state.name) {
      case 'requested':
        return () => plan(action, room);
      case 'confirmed':
        return () => start(action);
      case 'started':
      case 'unknown':
        // Begun by an agent that is gone, or unclear since: never repeated blindly, only looked at.
        return () => conclude(action, { ratioBefore: errorRatio(action.service), patienceMs: 0 });
      default:
        return null;
    }
  };

  const lookedAt = new Map<string, Timestamp>();
  return {
    stop: () => stopping.abort(),
    look: (room, now) => {
      let next: Timestamp | null = null;
      for (const action of Object.values(room.incidents).flatMap((incident) => Object.values(incident.actions))) {
        const work = workOn(action, room);
        if (work === null || underWay.has(action.id)) continue;
        const again =
          action.state.name === 'unknown'
            ? plusMs(lookedAt.get(action.id) ?? action.state.at, LOOK_AGAIN_AFTER_MS)
            : now;
        if (again > now) {
          if (next === null || again < next) next = again;
          continue;
        }
        lookedAt.set(action.id, now);
        underWay.add(action.id);
        void work().finally(() => {
          underWay.delete(action.id);
          wake();
        });
      }
      return next;
    },
  };
};

const notConfigured = (action: Action) =>
  ({ ok: false, reason: 'not-configured', detail: `actions.yaml has no ${action.name} any more` }) as const;
