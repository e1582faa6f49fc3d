import { expect, it } from 'vitest';
import { agentLogTo } from '../../../src/agent/agent-log.ts';
import { deliveries } from '../../../src/agent/reactors/deliveries.ts';
import { HOUR, plusMs, SECOND, toTimestamp } from '../../../src/incident/time.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { doWhatIsDue, roomUnderTest } from '../../support/room.ts';

const ID = 'INC-2026-0001';

/** At which second what was to be tried again after `waitSeconds` is sent by the next agent, whose clock is off by `clockMs`. */
const sentAfter = async (waitSeconds: number, clockMs: number): Promise<number | null> => {
  const room = roomUnderTest();
  room.declares(['checkout'], 'SEV1');
  doWhatIsDue(room);
  const page = Object.keys(room.incident().pages)[0] ?? '';
  const parcel = { kind: 'page', incident: ID, page } as const;
  const retryAt = plusMs(room.now(), waitSeconds * SECOND);
  room.agentDoes({ type: 'record-not-sent', parcel, reason: 'down', retryAt, mayHaveArrived: false });
  const clock = manualClock(Date.parse(room.now()) + clockMs);
  const sent: string[] = [];
  const reactor = deliveries({
    record: async () => ({ ok: true, seq: 1, subject: null }),
    clock,
    found: room.room(),
    notifier: () => ({
      send: async ({ id }) => {
        sent.push(id);
        return { ok: true };
      },
    }),
    links: () => [],
    agentLog: agentLogTo(() => {}),
    writable: () => true,
    wake: () => {},
  });
  for (let second = 0; second <= 300; second += 1) {
    reactor.look(room.room(), toTimestamp(clock.now()));
    await clock.advance(SECOND);
    if (sent.includes(page)) return second;
  }
  return null;
};

it('waits as long as an earlier agent put it off', async () => {
  expect(await sentAfter(60, 0)).toBe(60);
});

it('sends what an earlier agent put off soon, however far the clock was set back since', async () => {
  expect(await sentAfter(2, -6 * HOUR)).toBe(300);
});
