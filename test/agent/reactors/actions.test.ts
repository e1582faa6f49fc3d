import { afterEach, expect, it, vi } from 'vitest';
import type { Driver } from '../../../src/agent/drivers/driver.ts';
import { actions } from '../../../src/agent/reactors/actions.ts';
import { safeText } from '../../../src/incident/text.ts';
import { SECOND, toTimestamp } from '../../../src/incident/time.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { plan, roomUnderTest } from '../../support/room.ts';

afterEach(() => vi.restoreAllMocks());

it('leaves nothing listening behind however often it looks whether a change took effect', async () => {
  const added = vi.spyOn(AbortSignal.prototype, 'addEventListener');
  const removed = vi.spyOn(AbortSignal.prototype, 'removeEventListener');
  const room = roomUnderTest();
  room.declares(['checkout']);
  const [requested] = room.does('ana', {
    type: 'contain',
    incident: null,
    service: safeText('checkout'),
    name: safeText('circuit-breaker'),
    params: {},
    arm: true,
  });
  if (requested?.type !== 'action.requested') throw new Error('not requested');
  room.agentDoes({ type: 'record-plan', action: requested.action, plan });
  room.does('ana', { type: 'confirm', action: requested.action, typed: null });
  room.agentDoes({ type: 'start-action', action: requested.action });
  const clock = manualClock(Date.parse(room.now()));
  const driver: Pick<Driver, 'observe'> = { observe: async () => 'reverted' };
  const reactor = actions({
    record: async () => ({ ok: true, seq: 1, subject: null }),
    clock,
    driver: () => driver as Driver,
    errorRatio: () => null,
    wake: () => {},
  });
  reactor.look(room.room(), toTimestamp(clock.now()));
  await clock.advance(20 * SECOND);
  await reactor.finished();
  expect(added.mock.calls.length).toBeGreaterThan(10);
  expect(removed.mock.calls.length).toBe(added.mock.calls.length);
});

it('asks once, not in a circle, for what is refused because its end is still on the way to the disk', async () => {
  const room = roomUnderTest();
  room.declares(['checkout']);
  const restart = { service: safeText('checkout'), name: safeText('restart'), params: {}, arm: true };
  room.does('ana', { type: 'contain', incident: null, ...restart });
  room.agentDoes({ type: 'record-plan', action: 'A1', plan });
  const clock = manualClock(Date.parse(room.now()));
  // What reactors see is what is durable; the decisions know of the end already.
  const durable = room.room();
  room.does('ana', { type: 'resolve', incident: 'INC-2026-0001' });
  let asked = 0;
  const reactor = actions({
    record: async (command) => {
      asked += 1;
      const decision = room.agentAsks(command);
      return decision.ok ? { ok: true, seq: 1, subject: null } : decision;
    },
    clock,
    driver: () => null,
    errorRatio: () => null,
    wake: () => {},
  });
  for (let look = 0; look < 20; look += 1) {
    reactor.look(durable, toTimestamp(clock.now()));
    await reactor.finished();
  }
  expect(asked).toBe(1);
  reactor.look(room.room(), toTimestamp(clock.now()));
  await reactor.finished();
  expect(asked).toBe(1);
  await clock.advance(6 * SECOND);
  reactor.look(durable, toTimestamp(clock.now()));
  await reactor.finished();
  expect(asked).toBe(2);
});
