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
