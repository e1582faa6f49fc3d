import { describe, expect, it } from 'vitest';
import { applyMessage, emptyReplica, type Replica } from '../../src/client/replica.ts';
import { known, type Signals } from '../../src/incident/signals.ts';
import { type AgentMessage, PROTOCOL_VERSION } from '../../src/protocol/messages.ts';
import { roomPolicy } from '../support/fake-room-client.ts';
import { roomUnderTest } from '../support/room.ts';

const room = roomUnderTest();
room.declares();
room.does('ana', { type: 'acknowledge', incident: 'INC-2026-0001' });
room.does('ana', { type: 'claim-role', incident: 'INC-2026-0001', role: 'commander' });
const commits = room.commits();

const welcome = (seq: number, part: Partial<Extract<AgentMessage, { type: 'welcome' }>> = {}): AgentMessage => ({
  type: 'welcome',
  protocol: PROTOCOL_VERSION,
  log: 'l1',
  agent: { version: 'x', startedAt: '2026-11-22T03:00:00.000Z', now: 0, rate: 1, writable: true, held: 0 },
  you: 'ana',
  seq,
  mark: `m${seq}`,
  room: null,
  commits: commits.slice(0, seq),
  signals: {},
  history: {},
  policy: emptyReplica('ana').policy,
  presence: [],
  health: {
    sources: [],
    append: null,
    clients: 0,
    memoryBytes: 0,
    configurationLoadedAt: '',
    configurationDirectory: '',
  },
  ...part,
});
const events = (after: number, upTo: number): AgentMessage => ({
  type: 'events',
  after,
  upTo,
  mark: `m${upTo}`,
  commits: commits.slice(after, upTo),
});
const apply = (replica: Replica, ...messages: readonly AgentMessage[]): Replica =>
  messages.reduce((before, message) => {
    const applied = applyMessage(before, message);
    if (!applied.ok) throw new Error(`gap: expected ${applied.expected}, got ${applied.got}`);
    return applied.replica;
  }, replica);

describe('a replica', () => {
  it('is the same however the commits came', () => {
    const whole = apply(emptyReplica('ana'), welcome(3));
    expect(apply(emptyReplica('ana'), welcome(1), events(1, 2), events(2, 3)).room).toEqual(whole.room);
    expect(apply(emptyReplica('ana'), welcome(3, { room: room.room(), commits: [] })).room).toEqual(whole.room);
    expect(whole.room).toEqual(room.room());
  });

  it('[F2] takes what it has already for no news, also in part', () => {
    const replica = apply(emptyReplica('ana'), welcome(2));
    expect(apply(replica, events(0, 2))).toBe(replica);
    expect(apply(replica, events(0, 3)).room).toEqual(room.room());
  });

  it('[F2] notices a gap instead of bridging it', () => {
    expect(applyMessage(apply(emptyReplica('ana'), welcome(1)), events(2, 3))).toEqual({
      ok: false,
      expected: 1,
      got: 2,
    });
  });

  it('[V2] advances over commits it may not see', () => {
    const replica = apply(emptyReplica('ana'), welcome(1), {
      type: 'events',
      after: 1,
      upTo: 3,
      mark: 'm3',
      commits: [],
    });
    expect(replica.seq).toBe(3);
  });

  it('adds each new reading to the curve once, and keeps the curve bounded', () => {
    const at = (second: number): Signals => ({
      checkout: {
        reading: {
          service: 'checkout',
          at: new Date(second * 1_000).toISOString(),
          errorRatio: known(0.1),
          p95Seconds: { known: false, why: 'missing' },
          requestsPerSecond: known(5),
        },
        checks: [],
      },
    });
    let replica = apply(emptyReplica('ana'), welcome(1));
    for (let second = 0; second < 2_000; second++) {
      replica = apply(replica, { type: 'signals', signals: at(second) }, { type: 'signals', signals: at(second) });
    }
    expect(replica.history.checkout).toHaveLength(900);
    expect(replica.history.checkout?.at(-1)).toEqual({
      at: '1970-01-01T00:33:19.000Z',
      errorRatio: 0.1,
      p95Seconds: null,
      requestsPerSecond: 5,
    });
  });

  it('[F6] takes another configuration, and forgets the numbers of services that are not in it any more', () => {
    const reading = (service: string): Signals[string] => ({
      reading: {
        service,
        at: '2026-11-22T03:00:00.000Z',
        errorRatio: known(0.1),
        p95Seconds: known(0.1),
        requestsPerSecond: known(5),
      },
      checks: [],
    });
    const { checkout, search } = roomPolicy.services;
    if (checkout === undefined || search === undefined) throw new Error('not in the policy');
    const both = { ...roomPolicy, services: { checkout, search } };
    const signals = { checkout: reading('checkout'), search: reading('search') };
    const before = apply(emptyReplica('ana'), welcome(1, { policy: both }), { type: 'signals', signals });
    const after = apply(before, { type: 'policy', policy: { ...both, services: { checkout } } });
    expect(Object.keys(after.policy.services)).toEqual(['checkout']);
    expect([Object.keys(after.signals), Object.keys(after.history)]).toEqual([['checkout'], ['checkout']]);
    expect(after.room).toBe(before.room);
    expect(apply(before, { type: 'policy', policy: both }).signals).toEqual(before.signals);
  });

  it('[P1] [F7] shows who is here and how the agent does as it was told last, from the welcome on', () => {
    const ana = { name: 'ana', at: null, incident: null, since: '2026-11-22T03:00:00.000Z', skewMs: 0 };
    const greeted = apply(emptyReplica('ana'), welcome(1, { presence: [ana] }));
    expect(greeted).toMatchObject({ presence: [ana], health: { clients: 0 } });
    const health = greeted.health ?? undefined;
    if (health === undefined) throw new Error('no health');
    const later = apply(
      greeted,
      { type: 'presence', people: [ana, { ...ana, name: 'ben', at: 'wall' }] },
      { type: 'health', health: { ...health, clients: 2 } },
    );
    expect(later.presence.map(({ name, at }) => [name, at])).toEqual([
      ['ana', null],
      ['ben', 'wall'],
    ]);
    expect(later.health?.clients).toBe(2);
  });
});
