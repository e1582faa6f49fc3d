import { expect, it } from 'vitest';
import type { Reactor } from '../../src/agent/reactors/reactor.ts';
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
    stop: () => {},
  };
  const working: Reactor = {
    look: () => {
      looks += 1;
      return null;
    },
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
