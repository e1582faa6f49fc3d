import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../../../src/incident/signals.ts';
import { SECOND, toEpochMs, toTimestamp } from '../../../../src/incident/time.ts';
import { plainText } from '../../../../src/tui/row.ts';
import { signalsOf } from '../../../../src/tui/screens/room/shown-signals.ts';
import { signalRows } from '../../../../src/tui/screens/room/signal-rows.ts';
import { serviceLine } from '../../../../src/tui/screens/room/signals-model.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, containedRoom, failingRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';

const incidentIn = (room: FakeRoom) => room.view().room.incidents[INCIDENT] ?? null;

const rowsOf = (room: FakeRoom, maxRows: number) =>
  signalRows(signalsOf(room.view(), incidentIn(room), room.now()), 80, maxRows).map(plainText);

describe('services beside an incident', () => {
  it('show what its services stand on before the others, the nearest first', () => {
    const room = failingRoom();
    const { policy } = room.view();
    const { search, vault, payments, checkout } = policy.services;
    if (search === undefined || vault === undefined || payments === undefined || checkout === undefined)
      throw new Error('no services');
    const services = { search, vault, payments: { ...payments, dependsOn: ['vault', 'checkout'] }, checkout };
    room.with({ policy: { ...policy, services } });
    const signals = signalsOf(room.view(), incidentIn(room), room.now());
    expect(signals.services).toEqual(['checkout', 'payments', 'vault', 'search']);
    expect(signals.ownServices).toBe(1);
  });

  it('are counted where they have no row, the worst named first', () => {
    const room = failingRoom();
    room.reads('search', unknown('timeout'));
    room.reads('vault', known(0.5));
    const rows = rowsOf(room, 4);
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatch(/^ payments /);
    expect(rows[2]).toBe(' +2 more: vault 50 %, search unknown');
    expect(rows[3]).toMatch(/^ checks /);
  });

  it('are counted in a calm room as well', () => {
    expect(rowsOf(calmRoom(), 3)[1]).toBe(' +3 more: payments 0.2 %, search 0.2 %, vault 0.2 %');
  });
});

describe('the mark of a containment in the curve', () => {
  it('stays on its column while the clock goes from one stretch to the next', () => {
    const room = containedRoom();
    const incident = incidentIn(room);
    const applied = incident?.actions.A1?.state;
    if (applied?.name !== 'applied') throw new Error('not applied');
    const at = toEpochMs(applied.at);
    const ratioAt = (ms: number) => Math.floor(ms / 5_000) / 1e9;
    const seen = new Set<number | null | undefined>();
    for (let after = 0; after <= 60; after++) {
      const now = at + after * SECOND;
      // Points come 1.3 s late: a new stretch is without one for a while.
      const moments = Array.from({ length: 120 }, (_, index) => Math.floor(now / 1_000 - 121 + index) * 1_000 + 700);
      const points = moments.map((ms) => ({
        at: toTimestamp(ms),
        errorRatio: ratioAt(ms),
        p95Seconds: 0.1,
        requestsPerSecond: 100,
      }));
      room.with({ history: { checkout: points } });
      const { past, marks } = serviceLine(room.view(), 'checkout', { now, incident });
      expect(marks).toHaveLength(1);
      const column = past.length - 1 - (marks[0] ?? 0);
      expect(column).toBeLessThan(past.length);
      // At first its stretch has no column yet: it stands at the edge.
      if (after >= 5) seen.add(past[column]);
    }
    expect([...seen]).toEqual([ratioAt(at)]);
  });
});
