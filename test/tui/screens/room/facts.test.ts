import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { MINUTE, SECOND } from '../../../../src/incident/time.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { alertTold } from '../../../support/room.ts';
import { calmRoom, commandedRoom, containedRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';

interface Muted {
  readonly services?: readonly string[];
  readonly reason?: string;
  readonly minutes?: number;
  readonly startsInMs?: number;
}

const silence = (
  room: FakeRoom,
  { services = ['search'], reason = 'deploy of 4.2', minutes = 30, startsInMs = 0 }: Muted,
) => {
  room.story.does('ben', {
    type: 'silence',
    services: services.map((service) => safeText(service)),
    startsInMs,
    forMs: minutes * MINUTE,
    reason: safeText(reason),
  });
  room.changed();
};

const alerts = (room: FakeRoom, count: number, service = 'checkout'): void => {
  room.story.agentDoes({
    type: 'report-alerts',
    alerts: Array.from({ length: count }, (_, index) => alertTold(`f${index}`, { service })),
  });
  room.changed();
};

const linked = (room: FakeRoom): FakeRoom => {
  const { policy } = room.view();
  const { checkout } = policy.services;
  if (checkout === undefined) throw new Error('no checkout');
  const with_ = {
    ...checkout,
    runbook: 'https://wiki.example/checkout',
    dashboards: [{ title: 'Errors', url: 'https://grafana.example/d/errors' }],
  };
  room.with({ policy: { ...policy, services: { ...policy.services, checkout: with_ } } });
  return room;
};

const calmSilenced = (): FakeRoom => {
  const room = calmRoom();
  silence(room, { services: ['checkout', 'payments'] });
  silence(room, { services: ['search'], minutes: 5 * 24 * 60, reason: 'moved to the new cluster' });
  alerts(room, 3);
  room.story.pass(3 * MINUTE + 7 * SECOND);
  room.changed();
  return room;
};

const everything = (): FakeRoom => {
  const room = linked(containedRoom());
  alerts(room, 12);
  alerts(room, 9);
  silence(room, { services: ['payments'] });
  silence(room, { services: ['search', 'vault'] });
  return room;
};

const size = { columns: 80, rows: 24 };
const textIn = (room: FakeRoom, its = size) => textOf({ room, screen: null }, its);

describe('facts under the checks of the room', () => {
  const looks: Readonly<Record<string, () => FakeRoom>> = {
    'room-facts': everything,
    'room-calm-silenced': calmSilenced,
  };
  for (const its of SIZES) {
    for (const [name, room] of Object.entries(looks)) {
      it(`shows ${name} at ${its.columns}x${its.rows}`, async () => {
        const text = textIn(room(), its);
        await expect(text).toMatchFileSnapshot(`../../frames/${name}.${its.columns}x${its.rows}.txt`);
      });
    }
  }

  it('count the alerts of the incident, where there are any', () => {
    expect(textIn(everything())).toContain(' alerts    12 different, 12 firing, told 21 times');
    expect(textIn(containedRoom())).not.toContain('alerts    ');
  });

  it('count a silence down, and say what it holds, why and by whom', () => {
    const text = textIn(calmSilenced(), { columns: 120, rows: 35 });
    expect(text).toContain(' silenced  checkout, payments until 10:30 UTC (00:26:53), deploy of 4.2, by ben, 3 held');
    expect(text).toContain(' silenced  search until 11-28 10:00 UTC (119:56:53)');
  });

  it('name only silences in force, over services that are there', () => {
    const room = calmRoom();
    silence(room, { startsInMs: 10 * MINUTE });
    expect(textIn(room)).not.toContain('silenced');
    silence(room, { services: ['*'], reason: '' });
    expect(textIn(room)).toContain(' silenced  every service until 10:30 UTC (00:30:00), by ben');
    room.story.pass(30 * MINUTE);
    expect(textIn(room)).not.toContain('every service');
    const { policy } = room.view();
    const { checkout } = policy.services;
    if (checkout === undefined) throw new Error('no checkout');
    room.with({ policy: { ...policy, services: { checkout } }, signals: {} });
    expect(textIn(room)).not.toContain('silenced');
  });

  it('leave three rows to the timeline and all of the rest, where the window is low', () => {
    const after = textIn(everything()).split('\n');
    const checks = after.findIndex((row) => row.startsWith(' checks '));
    expect(after.findIndex((row, index) => index > checks && row.startsWith(' ─')) - checks).toBe(3);
    expect(after.filter((row) => /^ \d\d:\d\d:\d\d /.test(row)).length).toBeGreaterThanOrEqual(3);
    for (const words of ['ESCALATION', 'IN PLACE 1', 'checks', '+1 more: m']) expect(after.join('\n')).toContain(words);
  });

  it('show links of the incident only where there is room', () => {
    expect(textIn(everything())).not.toContain('wiki.example');
    const tall = textIn(everything(), { columns: 80, rows: 30 });
    expect(tall).toContain(' runbook   checkout  https://wiki.example/checkout');
    expect(tall).toContain(' dashboard checkout Errors  https://grafana.example/d/errors');
  });

  it('cut the reason before who set it and what it holds', () => {
    const room = calmRoom();
    silence(room, { services: ['checkout'], reason: `deploy ${'again '.repeat(60)}` });
    alerts(room, 3);
    expect(textIn(room)).toMatch(/ silenced {2}checkout until 10:30 UTC \(00:30:00\), deploy .*…, by ben, 3 held/);
  });

  it('stay within the window whatever is in them', () => {
    const room = linked(commandedRoom());
    silence(room, { services: ['checkout', 'payments', 'search', 'vault'], reason: HOSTILE.slice(0, 400) });
    alerts(room, 500);
    const { policy } = room.view();
    const { checkout } = policy.services;
    if (checkout === undefined) throw new Error('no checkout');
    const long = { ...checkout, runbook: `https://${'x'.repeat(5_000)}` };
    room.with({ policy: { ...policy, services: { ...policy.services, checkout: long } } });
    for (const its of [...SIZES, { columns: 40, rows: 10 }, { columns: 60, rows: 18 }])
      expect(widest({ room, screen: null }, its)).toBeLessThanOrEqual(its.columns);
    expect(room.story.incident().id).toBe(INCIDENT);
  });
});
