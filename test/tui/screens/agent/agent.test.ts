import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { MINUTE, toTimestamp } from '../../../../src/incident/time.ts';
import type { AgentHealth } from '../../../../src/protocol/messages.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { evidence } from '../../../support/room.ts';
import { calmRoom, commandedRoom, failingRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';

const health = (room: FakeRoom): AgentHealth => ({
  sources: [],
  append: { p50Ms: 0.82, p99Ms: 14.2, count: 512 },
  clients: 3,
  memoryBytes: 96 * 1024 * 1024,
  configurationLoadedAt: toTimestamp(room.now() - 90 * MINUTE),
  configurationDirectory: '/etc/warroom',
});

const wellRoom = (): FakeRoom => lookedAfter(commandedRoom());

const lookedAfter = (room: FakeRoom): FakeRoom => {
  const since = toTimestamp(room.now() - 12 * MINUTE);
  room.with({
    health: health(room),
    agent: { version: '0.1.0', startedAt: toTimestamp(room.now() - 26 * 60 * MINUTE), writable: true, held: 0 },
    presence: [
      { name: 'chris', at: 'wall', incident: INCIDENT, since, skewMs: 0 },
      { name: 'ana', at: 'agent', incident: INCIDENT, since, skewMs: 0 },
      { name: 'ben', at: 'action', incident: INCIDENT, since, skewMs: 0 },
      { name: 'dora', at: null, incident: null, since, skewMs: 0 },
    ],
  });
  return room;
};

/** What can be wrong at once: disk full, configuration refused, a page failed, another tried again, a test failed. */
const troubledRoom = (): FakeRoom => {
  const room = calmRoom();
  const { story } = room;
  story.agentDoes({ type: 'report-breach', severity: 'SEV2', evidence: evidence('checkout', 'errors-tenth') });
  const [initial] = story.incident().escalation?.levels ?? [];
  if (initial !== undefined) story.agentDoes({ type: 'reach-level', incident: INCIDENT, level: initial.level });
  story.pass(2 * MINUTE);
  lookedAfter(room);
  const waiting = Object.values(story.incident().pages).filter((page) => page.state === 'pending');
  const notSent = (page: string, reason: string, retryAt: string | null) =>
    story.agentDoes({
      type: 'record-not-sent',
      parcel: { kind: 'page', incident: INCIDENT, page },
      reason,
      retryAt,
      mayHaveArrived: retryAt !== null,
    });
  const [first, second] = waiting;
  if (first === undefined || second === undefined) throw new Error('two pages are needed');
  notSent(first.page, 'HTTP 404: no such hook', null);
  notSent(second.page, 'timeout', toTimestamp(room.now() + MINUTE));
  story.does('ana', { type: 'test-contact', contact: safeText('on-call-engineer'), channel: null });
  const test = Object.keys(story.room().tests)[0];
  if (test === undefined) throw new Error('no test');
  story.agentDoes({
    type: 'record-not-sent',
    parcel: { kind: 'test', test },
    reason: 'connection refused',
    retryAt: null,
    mayHaveArrived: false,
  });
  story.agentDoes({
    type: 'note-configuration',
    problem:
      'services.yaml:12:5 services.checkout.dependsOn[0]: no service is called "paymnts", did you mean "payments"?',
  });
  room.changed();
  const { agent } = room.view();
  room.with({ agent: agent && { ...agent, writable: false } });
  return room;
};

const size = { columns: 80, rows: 24 };
const tall = { columns: 80, rows: 60 };

describe('the health of the agent', () => {
  const looks: Readonly<Record<string, () => FakeRoom>> = { agent: wellRoom, 'agent-troubled': troubledRoom };
  for (const its of SIZES) {
    for (const [name, room] of Object.entries(looks)) {
      it(`shows ${name} at ${its.columns}x${its.rows}`, async () => {
        const text = textOf({ room: room(), screen: 'agent' }, its);
        await expect(text).toMatchFileSnapshot(`../../frames/${name}.${its.columns}x${its.rows}.txt`);
      });
    }
  }

  it('says in full why a configuration is refused, and what to do', () => {
    const text = textOf({ room: troubledRoom(), screen: 'agent' }, size).replaceAll(/\n {2}/g, ' ');
    expect(text).toContain('no service is called "paymnts", did you mean "payments"?');
    expect(text).toContain('warroom check-config --config /etc/warroom');
  });

  it('says what is not recorded, what failed, and why', () => {
    const text = textOf({ room: troubledRoom(), screen: 'agent' }, tall);
    expect(text).toContain('READ-ONLY, nothing is recorded');
    expect(text).toMatch(/1 FAILED, 1 tried again/);
    expect(text).toMatch(/FAILED: HTTP 404: no such hook/);
    expect(text).toMatch(/tries again at 10:\d\d:\d\d: timeout \(may have arrived\)/);
    expect(text).toMatch(/TESTS OF CONTACTS/);
    expect(text).toMatch(/on-call-engineer by \S+, asked for by ana/);
  });

  it('says who is here and where, sorted, me among them', () => {
    const text = textOf({ room: wellRoom(), screen: 'agent' }, tall);
    expect(text).toContain('HERE 4 terminals');
    expect(text).toMatch(
      /ana \(you\) +the agent, INC-2026-0001 .*\n ben +the card of an action.*\n chris +the wall.*\n dora +somewhere/,
    );
  });

  it('forgets what failed in an incident that is long closed, and no earlier', () => {
    const room = troubledRoom();
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.story.does('ana', { type: 'close', incident: INCIDENT, falseAlarm: false, reason: safeText('') });
    room.changed();
    expect(textOf({ room, screen: 'agent' }, tall)).toContain('1 FAILED');
    room.story.pass(25 * 60 * MINUTE);
    expect(textOf({ room, screen: 'agent' }, tall)).toContain('none waits, none failed');
  });

  it('calls nothing well while the agent is not heard', () => {
    const room = wellRoom();
    room.connection({ name: 'stale', sinceMs: room.now() - 9 * MINUTE, attempt: 1 });
    const text = textOf({ room, screen: 'agent' }, size);
    expect(text).toMatch(/connection +STALE 9 min, reconnecting/);
    expect(text).toMatch(/log +unknown: took writes when last heard/);
    expect(text).toContain('none fails when last heard');
  });

  it('names nothing that it does not know', () => {
    const room = calmRoom();
    room.with({ agent: null, health: null });
    room.connection({ name: 'connecting', attempt: 2 });
    const text = textOf({ room, screen: 'agent' }, size);
    expect(text).toContain('unknown: not connected');
    expect(text).not.toContain('memory');
  });

  it('says whose clock is off, the furthest first, and nothing of clocks that agree', () => {
    const room = lookedAfter(commandedRoom());
    expect(textOf({ room, screen: 'agent' }, size)).not.toContain('clock');
    const people = room.view().presence.map((one) => ({ ...one, skewMs: one.name === 'ben' ? -90_000 : 2_500 }));
    room.with({ presence: people });
    const text = textOf({ room, screen: 'agent' }, { columns: 140, rows: 60 });
    expect(text).toMatch(/clocks +ben 90 s BEHIND the agent's; chris 2\.5 s ahead of the agent's; /);
    expect(text).toMatch(/^ ben .* CLOCK 90 s BEHIND$/m);
    expect(text).toMatch(/^ chris .* clock 2\.5 s ahead$/m);
  });

  it('stays within the window whatever names, problems and reasons say', () => {
    const room = troubledRoom();
    const hostile = safeText(HOSTILE, 500);
    const { room: state } = room.view();
    room.with({
      room: { ...state, configurationRefused: { at: 'never', problem: hostile } },
      health: { ...health(room), configurationDirectory: hostile, memoryBytes: Number.NaN },
      presence: Array.from({ length: 100 }, () => ({
        name: hostile.slice(0, 64),
        at: 'room',
        incident: hostile.slice(0, 40),
        since: 'never',
        skewMs: Number.NaN,
      })),
    });
    for (const its of [...SIZES, { columns: 40, rows: 10 }]) {
      for (const cursor of [0, 10_000]) {
        const look = { room, screen: 'agent', on: { cursor } } as const;
        expect(widest(look, its)).toBeLessThanOrEqual(its.columns);
        expect(textOf(look, its)).not.toMatch(/\u001b|NaN/);
      }
    }
  });

  it('shows the same rows while nothing changes', () => {
    const room = failingRoom();
    room.with({ health: health(room) });
    const before = textOf({ room, screen: 'agent' }, size).split('\n').slice(4);
    room.story.pass(1_000);
    expect(textOf({ room, screen: 'agent' }, size).split('\n').slice(4)).toEqual(before);
  });
});
