import { expect, it } from 'vitest';
import type { Reactor } from '../../src/agent/reactors/reactor.ts';
import { workUnderWay } from '../../src/agent/reactors/work-under-way.ts';
import { createScheduler } from '../../src/agent/scheduler.ts';
import { emptyRoom } from '../../src/incident/state.ts';
import { manualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';

it("one reactor's fault costs its own work alone, is told, and looked at again", async () => {
  const clock = manualClock();
  const faults: unknown[] = [];
  let looks = 0;
  const broken: Reactor = {
    look: () => {
      throw new Error('a bug');
    },
    finished: async () => {},
    stop: () => {},
  };
  const working: Reactor = {
    look: () => {
      looks += 1;
      return null;
    },
    finished: async () => {},
    stop: () => {},
  };
  const scheduler = createScheduler(clock, {
    reactors: [broken, working],
    room: () => emptyRoom,
    onFault: (error) => faults.push(error),
  });
  scheduler.wake();
  await until('a first look', () => looks === 1 || null);
  await clock.advance(1_000);
  await until('a second look', () => looks === 2 || null);
  expect(faults).toEqual([new Error('a bug'), new Error('a bug')]);
  scheduler.stop();
});

it('says of a look whether every reactor did it, and of none after the end', async () => {
  let isBroken = true;
  const reactor: Reactor = {
    look: () => {
      if (isBroken) throw new Error('a bug');
      return null;
    },
    finished: async () => {},
    stop: () => {},
  };
  const scheduler = createScheduler(manualClock(), {
    reactors: [reactor],
    room: () => emptyRoom,
    onFault: () => {},
  });
  expect(await scheduler.looks()).toBe(false);
  isBroken = false;
  expect(await Promise.all([scheduler.looks(), scheduler.looks()])).toEqual([true, true]);
  const last = scheduler.looks();
  scheduler.stop();
  expect(await last).toBe(false);
  expect(await scheduler.looks()).toBe(false);
});

it('at rest begins nothing new, and waits for what it began', async () => {
  const clock = manualClock();
  const page = Promise.withResolvers<void>();
  const begun = workUnderWay();
  let looks = 0;
  const sending: Reactor = {
    look: () => {
      looks += 1;
      if (looks === 1) begun.add(page.promise);
      return null;
    },
    finished: begun.finished,
    stop: () => {},
  };
  const scheduler = createScheduler(clock, { reactors: [sending], room: () => emptyRoom, onFault: () => {} });
  scheduler.wake();
  await until('a first look', () => looks === 1 || null);
  let isAtRest = false;
  const resting = scheduler.rest().then(() => {
    isAtRest = true;
  });
  scheduler.wake();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect([looks, isAtRest]).toEqual([1, false]);
  page.resolve();
  await resting;
  expect(looks).toBe(1);
});
