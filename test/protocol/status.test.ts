import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/incident/signals.ts';
import { statusOf } from '../../src/protocol/status.ts';
import { contain, roomUnderTest, START } from '../support/room.ts';

describe('the status that scripts read', () => {
  it('has the promised shape, with null where something is unknown', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'claim-role', incident: 'INC-2026-0001', role: 'commander' });
    contain(room);
    const reading = {
      service: 'checkout',
      at: START,
      errorRatio: known(0.41),
      p95Seconds: unknown('missing'),
      requestsPerSecond: known(300),
    };
    const checks = [{ service: 'checkout', name: 'http', state: 'up', since: START, detail: '' as never }] as const;
    const agent = { seq: 9, startedAt: START, version: '1', writable: true };
    expect(statusOf({ agent, room: room.room(), signals: { checkout: { reading, checks } } })).toEqual({
      agent,
      incidents: [
        {
          id: 'INC-2026-0001',
          title: 'checkout fails',
          severity: 'SEV2',
          phase: 'containment',
          services: ['checkout'],
          declaredAt: START,
          commander: 'ana',
          escalation: { nextLevel: 'sev2/initial', nextAt: START, heldBy: null },
          recoveryProposed: false,
          ledger: [
            {
              id: 'A1',
              action: 'circuit-breaker',
              service: 'checkout',
              owner: 'ana',
              reason: 'checkout fails',
              appliedAt: START,
              expiresAt: '2026-11-23T11:00:00.000Z',
              state: 'applied',
            },
          ],
        },
      ],
      signals: {
        checkout: {
          errorRatio: 0.41,
          p95Seconds: null,
          requestsPerSecond: 300,
          at: START,
          checks: [{ name: 'http', state: 'up', since: START }],
        },
      },
    });
  });

  it('leaves out what is closed', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'close', incident: 'INC-2026-0001', falseAlarm: true, reason: '' as never });
    const agent = { seq: 9, startedAt: START, version: '1', writable: true };
    expect(statusOf({ agent, room: room.room(), signals: {} }).incidents).toEqual([]);
  });
});
