import { describe, expect, it } from 'vitest';
import type { RoomView } from '../../../src/client/room-client.ts';
import { known, unknown } from '../../../src/incident/signals.ts';
import { safeText } from '../../../src/incident/text.ts';
import { MINUTE, SECOND } from '../../../src/incident/time.ts';
import { type WallModel, wallModel } from '../../../src/tui/wall/view-model.ts';
import type { FakeRoom } from '../../support/fake-room-client.ts';
import {
  calmRoom,
  commandedRoom,
  containedRoom,
  failingRoom,
  INCIDENT,
  severalRoom,
} from '../../support/rooms-to-look-at.ts';

const wall = (room: FakeRoom, shown: string | null = INCIDENT, view: Partial<RoomView> = {}): WallModel =>
  wallModel({ ...room.view(), ...view }, { now: room.now(), shown: { shown, isHeld: false } });

const incidentOn = (room: FakeRoom, shown?: string) => {
  const model = wall(room, shown);
  if (model.kind !== 'incident') throw new Error('calm');
  return model;
};

const calmOn = (room: FakeRoom) => {
  const model = wall(room, null);
  if (model.kind !== 'calm') throw new Error('an incident');
  return model;
};

describe('the wall about an incident', () => {
  it('says how bad, how long, and that nobody has command', () => {
    expect(incidentOn(failingRoom())).toMatchObject({
      severity: 'SEV2',
      title: 'checkout: 41 % of requests fail',
      errors: { text: '41%', words: 'checkout errors, limit 1.0 %', tone: 'loud' },
      elapsed: { text: '2', unit: 'minutes' },
      commander: null,
      countdown: { text: '27:53', words: 'until incident-commander is paged', tone: 'plain' },
      alarm: null,
      place: '',
    });
    expect(incidentOn(commandedRoom()).commander).toBe('ana');
  });

  it('says who holds the escalation, and until when', () => {
    const room = containedRoom();
    expect(incidentOn(room).countdown).toEqual({ text: '29:15', words: 'escalation held by ana', tone: 'ok' });
  });

  it('says what is due, and that nothing more comes', () => {
    const room = failingRoom();
    room.story.pass(30 * MINUTE);
    expect(incidentOn(room).countdown).toEqual({ text: 'DUE', words: 'since 2 min: incident-commander', tone: 'warn' });
    for (const level of ['sev2/30min', 'sev2/60min']) {
      room.story.pass(30 * MINUTE);
      room.story.agentDoes({ type: 'reach-level', incident: INCIDENT, level });
    }
    room.changed();
    expect(incidentOn(room).countdown).toEqual({ text: '-', words: 'every level is paged', tone: 'warn' });
  });

  it('shows the worst of its services, and never the well one for one that nobody can measure', () => {
    const room = failingRoom();
    const two = room.story.incident();
    room.with({
      room: { ...room.view().room, incidents: { [INCIDENT]: { ...two, services: ['payments', 'checkout'] } } },
    });
    expect(incidentOn(room).chart.service).toBe('checkout');
    room.reads('checkout', unknown('timeout'));
    expect(incidentOn(room).errors).toEqual({ text: '?', words: 'checkout unknown: timeout', tone: 'warn' });
    room.reads('payments', known(0.3));
    expect(incidentOn(room).errors).toMatchObject({ text: '30%', tone: 'loud' });
  });

  it('counts and names the other open ones', () => {
    const room = severalRoom();
    const model = incidentOn(room);
    expect(model.place).toBe('2 of 3');
    expect(model.others.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'SEV1 INC-2026-0003',
      'SEV3 INC-2026-0002',
    ]);
    expect(model.banner).toBe('SEV1 INC-2026-0003 is open: vault: 41 % of requests fail and 1 other');
  });

  it('draws twelve minutes of a young incident and thirty of an older one, with limit and containments', () => {
    const room = containedRoom();
    const { chart } = incidentOn(room);
    expect(chart).toMatchObject({ minutes: 12, limitPercent: 1, topPercent: 50 });
    expect(chart.percentages).toHaveLength(120);
    expect(chart.marks).toEqual([112]);
    expect(chart.percentages[0]).toBeNull();
    expect(Math.max(...chart.percentages.map((percentage) => percentage ?? 0))).toBe(41);
    room.story.pass(20 * MINUTE);
    expect(incidentOn(room).chart).toMatchObject({ minutes: 30, marks: [37] });
  });
});

describe('the wall about doubtful numbers', () => {
  const doubtful: readonly (readonly [string, Partial<RoomView>, string])[] = [
    ['an old picture', { connection: { name: 'stale', sinceMs: 0, attempt: 3 } }, 'STALE'],
    ['an agent that refuses', { connection: { name: 'refused', message: 'another protocol' } }, 'REFUSED'],
    ['a read-only agent', { agent: { version: '1', startedAt: '', writable: false } as never }, 'READ-ONLY'],
  ];

  it.each(doubtful)('says so in one word: %s', (_, view, word) => {
    expect(wall(failingRoom(), INCIDENT, view).alarm?.word).toBe(word);
    expect(wall(calmRoom(), null, view).alarm?.word).toBe(word);
  });

  it('tells the age of an old picture and takes the colour from its number', () => {
    const room = failingRoom();
    room.connection({ name: 'stale', sinceMs: room.now() - 47 * SECOND, attempt: 3 });
    expect(incidentOn(room)).toMatchObject({
      alarm: { word: 'STALE', text: 'all of this is 47 s old; reconnecting (3)' },
      errors: { text: '41%', tone: 'dim' },
      banner: null,
    });
  });

  it('is not calm before the agent has spoken', () => {
    const room = calmRoom();
    room.with({ agent: null, connection: { name: 'connecting', attempt: 1 } });
    expect(calmOn(room)).toMatchObject({ headline: 'connecting to the agent', tone: 'warn', quiet: null });
  });
});

describe('the wall while nothing is open', () => {
  it('says so, with every service', () => {
    const model = calmOn(calmRoom());
    expect(model).toMatchObject({ headline: 'nothing is wrong', tone: 'ok', quiet: null, past: [] });
    expect(model.signals.services.map(({ service }) => service)).toEqual(['checkout', 'payments', 'search', 'vault']);
  });

  it('puts first what is above its limit, then what is unknown', () => {
    const room = calmRoom();
    room.reads('search', unknown('stale'));
    room.reads('vault', known(0.02));
    const model = calmOn(room);
    expect(model.signals.services.map(({ service }) => service)).toEqual(['vault', 'search', 'checkout', 'payments']);
    expect(model.tone).toBe('warn');
  });

  it('says since when, in whole minutes of the clock, and what was last', () => {
    const room = containedRoom();
    room.story.does('ana', { type: 'resolve', incident: INCIDENT });
    room.changed();
    room.story.pass(3 * MINUTE);
    const model = calmOn(room);
    expect(model.quiet).toEqual({ text: '2', words: 'minutes since the last incident' });
    expect(model.past).toEqual([
      { severity: 'SEV2', id: INCIDENT, title: 'checkout: 41 % of requests fail', words: 'resolved 2 minutes ago' },
    ]);
    const seconds = 59 - (Math.floor(room.now() / SECOND) % 60);
    room.story.pass(seconds * SECOND);
    expect(calmOn(room).quiet).toEqual(model.quiet);
    room.story.pass(SECOND);
    expect(calmOn(room).quiet?.text).toBe('3');
  });

  it('does not count from a false alarm', () => {
    const room = failingRoom();
    room.story.does('ana', { type: 'close', incident: INCIDENT, falseAlarm: true, reason: safeText('a test') });
    room.changed();
    expect(calmOn(room)).toMatchObject({ quiet: null, past: [{ words: expect.stringContaining('false alarm') }] });
  });
});
