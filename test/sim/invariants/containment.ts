// Owns the rules of changing the world: begun on record, done once, claimed only when it was us, and a ledger that tells what is.
import type { Action, Room } from '../../../src/incident/state.ts';
import { type Change, IN_ITS_PLACE, planNumber, type Target } from '../world/targets.ts';
import type { Invariant } from './invariant.ts';

const actionsIn = (room: Room): readonly Action[] =>
  Object.values(room.incidents).flatMap(({ actions }) => Object.values(actions));

const byPlan = (room: Room, plan: number): Action | undefined =>
  actionsIn(room).find((action) => action.plan !== null && planNumber(action.plan) === plan);

export const begunBeforeDone: Invariant = (world, broken) => ({
  onApply: ({ plan }) => {
    const action = byPlan(world.record.room(), plan);
    if (action?.state.name !== 'started')
      broken(
        `the effect of ${action?.id ?? `plan ${plan}`} began while on the disk it was ${action?.state.name ?? 'unknown to it'}`,
      );
  },
});

export const doneOnce: Invariant = (world, broken) => ({
  onApply: ({ plan, life }, earlier) => {
    const first = earlier[0];
    const id = byPlan(world.record.room(), plan)?.id ?? `plan ${plan}`;
    if (first !== undefined) broken(`${id} was applied by start ${first.life} of the agent and again by start ${life}`);
  },
});

export const claimedOnlyIfOurs: Invariant = (world, broken) => ({
  onCommit: (commit, _before, after) => {
    for (const event of commit.events) {
      if (event.type !== 'action.applied') continue;
      const action = after.incidents[event.incident]?.actions[event.action];
      const plan = action?.plan ?? null;
      if (action === undefined || plan === null || plan.before === plan.after) continue;
      // Of two that take back the same, one did it, and both find it done.
      const isIts = (change: Change): boolean =>
        change.plan === planNumber(plan) ||
        (action.undoes !== null && change.plan !== null && change.value === plan.after);
      const wasOurs = world.targets.all().some(({ changes }) => changes.some(isIts));
      if (!wasOurs) broken(`${event.action} is recorded as applied and changed nothing (commit ${commit.seq})`);
    }
  },
});

const entriesOf = (room: Room, { service, action }: Target): readonly Action[] =>
  actionsIn(room).filter((one) => one.service === service && one.name === action && one.undoes === null);

/** Where nobody else had a hand in it, the ledger and the world are the same; or the ledger says that it does not know. */
export const ledgerIsTheWorld: Invariant = (world, broken) => ({
  whenCalm: () => {
    const room = world.record.room();
    for (const target of world.targets.all()) {
      if (target.changes.some(({ plan }) => plan === null)) continue;
      const name = `${target.action} of ${target.service}`;
      const entries = entriesOf(room, target);
      const inPlace = entries.filter(({ state }) => state.name === 'applied');
      const isExcused = entries.some(
        ({ state }) => state.name === 'unknown' || state.name === 'let-go' || state.name === 'started',
      );
      if (target.value === IN_ITS_PLACE && inPlace.length > 0 && !isExcused)
        broken(`the ledger has ${inPlace.map(({ id }) => id).join(', ')} in place, and ${name} is as it was`);
      if (target.value !== IN_ITS_PLACE && inPlace.length === 0 && !isExcused)
        broken(`${name} is contained, and nothing in the ledger says so`);
    }
  },
});
