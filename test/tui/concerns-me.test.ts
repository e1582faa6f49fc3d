import { describe, expect, it } from 'vitest';
import type { RoomView } from '../../src/client/room-client.ts';
import { safeText } from '../../src/incident/text.ts';
import { MINUTE } from '../../src/incident/time.ts';
import { concernsMe } from '../../src/tui/concerns-me.ts';
import { type FakeRoom, fakeRoom } from '../support/fake-room-client.ts';
import { evidence } from '../support/room.ts';
import { apply, arm, commandedRoom, failingRoom, INCIDENT } from '../support/rooms-to-look-at.ts';

const text = (raw: string) => safeText(raw);

/** What of a change concerns the person at this terminal, ana. */
const concernOfChange = (room: FakeRoom, change: (room: FakeRoom) => void): string | null => {
  const before = room.view();
  change(room);
  room.changed();
  return concernsMe(before, room.view());
};

const declaredBy = (name: string, severity: 'SEV1' | 'SEV2' | 'SEV3') => (room: FakeRoom) =>
  void room.story.does(name, { type: 'declare', title: text('it is slow'), services: [text('search')], severity });

const raisedBy = (name: string, severity: 'SEV1' | 'SEV2' | 'SEV4') => (room: FakeRoom) =>
  void room.story.does(name, { type: 'set-severity', incident: INCIDENT, severity, reason: text('') });

const pagedAs = (me: string) => (): FakeRoom => failingRoom(me);
const paging = (room: FakeRoom): void => {
  room.story.pass(30 * MINUTE);
  const level = room.story.incident().escalation?.levels.find(({ reachedAt }) => reachedAt === null)?.level ?? '';
  room.story.agentDoes({ type: 'reach-level', incident: INCIDENT, level });
};

interface Case {
  readonly name: string;
  readonly room?: () => FakeRoom;
  readonly change: (room: FakeRoom) => void;
  readonly concern: string | null;
}

const cases: readonly Case[] = [
  { name: 'a page for me', room: pagedAs('incident-commander'), change: paging, concern: 'page for you: SEV2' },
  { name: 'a page for somebody else', change: paging, concern: null },
  { name: 'a SEV1 of somebody else', change: declaredBy('ben', 'SEV1'), concern: 'SEV1 declared: it is slow' },
  { name: 'a SEV2 of somebody else', change: declaredBy('ben', 'SEV2'), concern: 'SEV2 declared: it is slow' },
  { name: 'a SEV3 of somebody else', change: declaredBy('ben', 'SEV3'), concern: null },
  { name: 'a SEV1 of my own', change: declaredBy('ana', 'SEV1'), concern: null },
  {
    name: 'a SEV1 that a rule declares',
    change: (room) =>
      void room.story.agentDoes({
        type: 'report-breach',
        severity: 'SEV1',
        evidence: evidence('vault', 'errors-half'),
      }),
    concern: 'SEV1 declared: ',
  },
  { name: 'a raise to SEV1', change: raisedBy('ben', 'SEV1'), concern: 'raised to SEV1: ' },
  { name: 'my own raise to SEV1', change: raisedBy('ana', 'SEV1'), concern: null },
  {
    name: 'a lowering',
    room: commandedRoom,
    change: (room) =>
      void room.story.does('ana', { type: 'set-severity', incident: INCIDENT, severity: 'SEV4', reason: text('calm') }),
    concern: null,
  },
  {
    name: 'a role that somebody gives me',
    change: (room) =>
      void room.story.does('ben', { type: 'assign-role', incident: INCIDENT, role: 'tech', person: text('ana') }),
    concern: 'ben gave you technical lead',
  },
  {
    name: 'a role that I take',
    change: (room) => void room.story.does('ana', { type: 'claim-role', incident: INCIDENT, role: 'tech' }),
    concern: null,
  },
  {
    name: 'a role that somebody else takes',
    change: (room) => void room.story.does('ben', { type: 'claim-role', incident: INCIDENT, role: 'tech' }),
    concern: null,
  },
  {
    name: 'an arm that waits for a second person',
    change: (room) => void arm(room, 'block', 'ben'),
    concern: 'ben waits for a second person to confirm A1: block on checkout',
  },
  { name: 'an arm of my own', change: (room) => void arm(room, 'block', 'ana'), concern: null },
  { name: 'an arm one person confirms', change: (room) => void arm(room, 'circuit-breaker', 'ben'), concern: null },
  {
    name: 'an arm that somebody else confirmed meanwhile',
    change: (room) => apply(room, arm(room, 'block', 'ben'), 'chris'),
    concern: null,
  },
  {
    name: 'a note',
    change: (room) => void room.story.does('ben', { type: 'add-note', incident: INCIDENT, text: text('ana: look') }),
    concern: null,
  },
  { name: 'nothing', change: () => {}, concern: null },
];

describe('what concerns me', () => {
  it.each(cases)('$name: $concern', ({ room = () => failingRoom('ana'), change, concern }) => {
    const found = concernOfChange(room(), change);
    if (concern === null) expect(found).toBeNull();
    else expect(found).toContain(concern);
  });

  it('is a reopened SEV2, as it is declared anew', () => {
    const room = commandedRoom('chris');
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.changed();
    const reopen = (its: FakeRoom) =>
      void its.story.does('ben', { type: 'reopen', incident: INCIDENT, reason: text('') });
    expect(concernOfChange(room, reopen)).toContain('SEV2 reopened: ');
  });

  it('is nothing on joining, however much there is', () => {
    const room = failingRoom('on-call-engineer');
    const nothingYet: RoomView = { ...room.view(), agent: null, seq: 0, room: fakeRoom().view().room };
    expect(concernsMe(nothingYet, room.view())).toBeNull();
  });

  it('is nothing in a log that is not the one looked at before', () => {
    const room = failingRoom('on-call-engineer');
    const later: RoomView = { ...room.view(), seq: room.view().seq + 100, room: fakeRoom().view().room };
    expect(concernsMe(later, room.view())).toBeNull();
  });

  it('is what came while the connection was away', () => {
    const room = failingRoom('ana');
    room.connection({ name: 'stale', sinceMs: 0, attempt: 1 });
    const before = room.view();
    declaredBy('ben', 'SEV1')(room);
    room.with({ connection: { name: 'live' }, room: room.story.room(), seq: room.story.commits().length });
    expect(concernsMe(before, room.view())).toContain('SEV1 declared');
  });
});
