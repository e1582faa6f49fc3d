// Owns the carrying out of containment: plans what was asked, applies what was confirmed, observes what is uncertain.
import type { AgentCommand } from '../../incident/commands.ts';
import type { Action, Room } from '../../incident/state.ts';
import { plusMs, type Timestamp } from '../../incident/time.ts';
import type { Clock } from '../clock.ts';
import type { ApplyResult, Driver, Observation, PlanResult, UndoPlanResult } from '../drivers/driver.ts';
import { within } from '../within.ts';
import type { Reactor, Record } from './reactor.ts';
import { workUnderWay } from './work-under-way.ts';

const PLAN_TIMEOUT_MS = 15_000;
const APPLY_TIMEOUT_MS = 30_000;
/** How long the world may take to show an accepted change, and how often it is asked. */
const TAKES_EFFECT_WITHIN_MS = 10_000;
const OBSERVE_EVERY_MS = 250;
/** How long a change whose answer got lost may still come. */
const MAY_COME_WITHIN_MS = 120_000;
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
  const begun = workUnderWay();
  const stopping = new AbortController();
  const limited = <T>(ms: number, step: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    within({ clock, ms, stopping: stopping.signal }, step);
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const over = (): void => {
        cancel();
        stopping.signal.removeEventListener('abort', over);
        resolve();
      };
      const cancel = clock.after(ms, over);
      stopping.signal.addEventListener('abort', over);
    });

  const plan = async (action: Action, room: Room): Promise<void> => {
    const result = await planned(action, room);
    if (stopping.signal.aborted) return;
    if (result.ok) await record({ type: 'record-plan', action: action.id, plan: result.plan });
    else if (result.reason === 'already-as-before') {
      await record({
        type: 'record-gone',
        action: action.id,
        detail: result.detail,
        errorRatio: errorRatio(action.service),
      });
    } else {
      const changes = result.reason === 'conflict' ? result.changes : [];
      await record({ type: 'refuse-plan', action: action.id, reason: result.reason, detail: result.detail, changes });
    }
  };

  const planned = async (action: Action, room: Room): Promise<PlanResult | UndoPlanResult> => {
    const its = driver(action.name);
    if (its === null) return notConfigured(action);
    if (action.undoes === null) {
      const { id, service, name, params } = action;
      return limited(PLAN_TIMEOUT_MS, (signal) => its.plan({ action: id, service, name, params }, signal));
    }
    const entry = room.incidents[action.incident]?.actions[action.undoes];
    return entry === undefined
      ? notConfigured(action)
      : limited(PLAN_TIMEOUT_MS, (signal) => its.planUndo(entry, signal));
  };

  const start = async (action: Action): Promise<void> => {
    const started = await record({ type: 'start-action', action: action.id });
    if (!started.ok || action.plan === null) return;
    const ratioBefore = errorRatio(action.service);
    const its = driver(action.name);
    const { plan } = action;
    const result: ApplyResult =
      its === null ? notConfigured(action) : await limited(APPLY_TIMEOUT_MS, (signal) => its.apply(plan, signal));
    if (stopping.signal.aborted) return;
    if (!result.ok && result.reason !== 'unknown') {
      await record({ type: 'record-failed', action: action.id, reason: result.reason, detail: result.detail });
      return;
    }
    await conclude(action, { ratioBefore, mayComeLater: !result.ok });
  };

  /** Never trusts an answer: the outcome is what the world shows. */
  const conclude = async (
    action: Action,
    how: { readonly ratioBefore: number | null; readonly mayComeLater: boolean },
  ): Promise<void> => {
    const deadlineMs = clock.elapsedMs() + (action.state.name === 'unknown' ? 0 : TAKES_EFFECT_WITHIN_MS);
    let seen = await observed(action);
    while (seen !== 'applied' && clock.elapsedMs() < deadlineMs && !stopping.signal.aborted) {
      await wait(OBSERVE_EVERY_MS);
      seen = await observed(action);
    }
    if (stopping.signal.aborted) return;
    switch (seen) {
      case 'applied':
        await record({ type: 'record-applied', action: action.id, errorRatio: how.ratioBefore });
        return;
      case 'reverted':
        await (how.mayComeLater && mayYetCome(action) ? record(notYet(action)) : record(noEffect(action)));
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

  // In elapsed time, and anew after a restart: a wall clock that is set on must not end the wait.
  const unclearSince = new Map<string, number>();

  /** A request that may have been received may still be carried out: too early to say that nothing came of it. */
  const mayYetCome = (action: Action): boolean => {
    if (action.state.name !== 'unknown') return true;
    const since = unclearSince.get(action.id) ?? clock.elapsedMs();
    unclearSince.set(action.id, since);
    return clock.elapsedMs() - since < MAY_COME_WITHIN_MS;
  };

  const observed = async (action: Action): Promise<Observation> => {
    const its = driver(action.name);
    const { plan } = action;
    return its === null || plan === null ? 'unknown' : limited(PLAN_TIMEOUT_MS, (signal) => its.observe(plan, signal));
  };

  const workOn = (action: Action, room: Room, now: Timestamp): (() => Promise<void>) | null => {
    switch (action.state.name) {
      case 'requested':
        return () => plan(action, room);
      case 'confirmed':
        return action.state.until > now ? () => start(action) : null;
      case 'started':
      case 'unknown':
        // Begun by an agent that is gone, or unclear since: never repeated blindly, only looked at.
        return () => conclude(action, { ratioBefore: null, mayComeLater: true });
      default:
        return null;
    }
  };

  /** When each unclear action may be looked at again, in elapsed time. */
  /** As each was when it was last worked on. */
  const worked = new Map<string, Action>();
  const againAtMs = new Map<string, number>();
  return {
    finished: begun.finished,
    stop: () => stopping.abort(),
    look: (room, now) => {
      let next: Timestamp | null = null;
      const living = livingActions(room);
      forgetOthers(unclearSince, living);
      forgetOthers(againAtMs, living);
      forgetOthers(worked, living);
      for (const action of living) {
        const work = workOn(action, room, now);
        if (work === null || underWay.has(action.id)) continue;
        // What was refused is on its way to another state: asked at once again, it would be refused in a circle until the disk has it.
        const isWaiting = action.state.name === 'unknown' || worked.get(action.id) === action;
        const waitMs = isWaiting ? (againAtMs.get(action.id) ?? 0) - clock.elapsedMs() : 0;
        if (waitMs > 0) {
          const again = plusMs(now, waitMs);
          if (next === null || again < next) next = again;
          continue;
        }
        againAtMs.set(action.id, clock.elapsedMs() + LOOK_AGAIN_AFTER_MS);
        worked.set(action.id, action);
        underWay.add(action.id);
        begun.add(
          work()
            .catch((fault: unknown) => record(faulted(action, fault)))
            .finally(() => {
              underWay.delete(action.id);
              wake();
            }),
        );
      }
      return next;
    },
  };
};

/** What a closed incident left unclear stays as it was closed. */
const livingActions = (room: Room): readonly Action[] =>
  Object.values(room.incidents)
    .filter((incident) => incident.phase !== 'closed')
    .flatMap((incident) => Object.values(incident.actions));

/** What has its outcome is never looked at again. */
const forgetOthers = (times: Map<string, unknown>, living: readonly Action[]): void => {
  if (times.size === 0) return;
  const mayBeUnclear = new Set(living.filter(({ state }) => UNDECIDED.has(state.name)).map(({ id }) => id));
  for (const id of times.keys()) if (!mayBeUnclear.has(id)) times.delete(id);
};

const UNDECIDED: ReadonlySet<Action['state']['name']> = new Set(['requested', 'confirmed', 'started', 'unknown']);

/** A driver that throws is a bug of ours: the action says so, and nothing is tried in a circle. */
const faulted = (action: Action, fault: unknown): AgentCommand => {
  const detail = `fault in the driver: ${String(fault)}`;
  return action.state.name === 'requested'
    ? { type: 'refuse-plan', action: action.id, reason: 'malformed-answer', detail, changes: [] }
    : { type: 'record-unknown', action: action.id, detail };
};

const notYet = (action: Action) =>
  ({ type: 'record-unknown', action: action.id, detail: 'as before so far; what was asked may still come' }) as const;

const noEffect = (action: Action) =>
  ({
    type: 'record-failed',
    action: action.id,
    reason: 'did-not-take-effect',
    detail: 'the target is as it was before',
  }) as const;

const notConfigured = (action: Action) =>
  ({ ok: false, reason: 'not-configured', detail: `actions.yaml has no ${action.name} any more` }) as const;
