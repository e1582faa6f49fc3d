import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../../../src/incident/signals.ts';
import { safeText } from '../../../../src/incident/text.ts';
import { MINUTE } from '../../../../src/incident/time.ts';
import { onScreen } from '../../../../src/tui/dialog.ts';
import { servicesListed } from '../../../../src/tui/screens/services/view-model.ts';
import { initialUi } from '../../../../src/tui/ui.ts';
import { evolveUi } from '../../../../src/tui/ui-state.ts';
import { check, type FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, failingRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';

const listed = (room: FakeRoom, filter = '') =>
  servicesListed({
    view: room.view(),
    incident: room.view().room.incidents[INCIDENT] ?? null,
    now: room.now(),
    filter,
  });

const silence = (room: FakeRoom, services: readonly string[], reason = 'deploy of 4.2'): void => {
  room.story.does('ana', {
    type: 'silence',
    services: services.map((service) => safeText(service)),
    startsInMs: 0,
    forMs: 30 * MINUTE,
    reason: safeText(reason),
  });
  room.changed();
};

const troubledRoom = (): FakeRoom => {
  const room = failingRoom();
  room.reads('vault', unknown('timeout'), { p95Seconds: unknown('timeout'), requestsPerSecond: unknown('timeout') });
  room.checks('search', [check('search', 'index', 'down', { since: room.story.now(), detail: 'no such index' })]);
  silence(room, ['payments']);
  return room;
};

const manyServices = (count: number): FakeRoom => {
  const room = calmRoom();
  const { policy, signals, history } = room.view();
  const { search } = policy.services;
  const quiet = signals.search;
  if (search === undefined || quiet === undefined) throw new Error('no search');
  const names = Array.from({ length: count }, (_, index) => `service-${String(index).padStart(3, '0')}`);
  room.with({
    policy: { ...policy, services: Object.fromEntries(names.map((name) => [name, search])) },
    signals: Object.fromEntries(names.map((name) => [name, quiet])),
    history: Object.fromEntries(names.map((name) => [name, history.search ?? []])),
  });
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  services: troubledRoom,
  'services-calm': calmRoom,
  'services-many': () => manyServices(500),
};

describe('the list of services', () => {
  for (const size of SIZES) {
    for (const [name, room] of Object.entries(looks)) {
      it(`shows ${name} at ${size.columns}x${size.rows}`, async () => {
        const text = textOf({ room: room(), screen: 'services', on: { cursor: 1 } }, size);
        await expect(text).toMatchFileSnapshot(`../../frames/${name}.${size.columns}x${size.rows}.txt`);
      });
    }
  }

  it('has those of the incident first, then the worst, then by name', () => {
    expect(listed(troubledRoom())).toEqual(['checkout', 'search', 'vault', 'payments']);
    const room = troubledRoom();
    room.reads('payments', known(0.2));
    expect(listed(room)).toEqual(['checkout', 'payments', 'search', 'vault']);
  });

  it('takes an idle service, and one that nothing measures, for no trouble and no good news', () => {
    const room = calmRoom();
    room.reads('search', unknown('idle'));
    room.reads('payments', unknown('not-configured'));
    const text = textOf({ room, screen: 'services' }, { columns: 80, rows: 24 });
    expect(text).toContain('SERVICES 4 ─');
    expect(text).toMatch(/search +idle/);
    expect(text).toMatch(/payments +not set/);
    expect(text).not.toContain('0.0 %');
  });

  it.each([
    ['unknown', ['checkout', 'vault']],
    ['index fails', ['search']],
    ['silenced', ['payments']],
    ['production', ['vault']],
    ['above', ['checkout']],
    ['!core', ['search']],
    ['nothing like it', []],
  ])('finds %s', (filter, services) => {
    expect(listed(troubledRoom(), filter)).toEqual(services);
  });

  it('says so where the filter lets nothing through, and where nothing is configured', () => {
    const size = { columns: 80, rows: 24 };
    expect(textOf({ room: troubledRoom(), screen: 'services', on: { filter: 'xyz' } }, size)).toContain(
      'no service is like that',
    );
    expect(textOf({ room: manyServices(0), screen: 'services' }, size)).toContain('no service is configured');
  });

  it('keeps the marked one in view among five hundred', () => {
    const text = textOf(
      { room: manyServices(500), screen: 'services', on: { cursor: 321 } },
      { columns: 80, rows: 24 },
    );
    expect(text).toMatch(/^> service-321 /m);
    expect(text).toMatch(/^ ─ service-321, staging ─/m);
  });

  it('opens the chart of the marked one, and the entry that silences it', () => {
    const room = troubledRoom();
    const situation = { view: room.view(), now: room.now(), localMs: 0, maxScroll: 0, page: 10 };
    const ui = { ...initialUi, dialog: onScreen('services', { cursor: 1 }) };
    const chart = evolveUi(ui, { type: 'key', key: { name: 'enter' } }, situation).ui;
    expect(chart.dialog).toMatchObject({ name: 'screen', screen: 'signals', subject: 'search' });
    const entry = evolveUi(ui, { type: 'key', key: { name: 'character', character: 'm' } }, situation).ui;
    expect(entry.dialog).toMatchObject({ name: 'entry', purpose: { kind: 'silence', service: 'search' } });
  });

  it('stays within the window whatever names, checks and reasons say', () => {
    const room = troubledRoom();
    room.checks('checkout', [
      check('checkout', safeText(HOSTILE), 'down', { since: room.story.now(), detail: HOSTILE }),
    ]);
    silence(room, ['checkout', 'search', 'payments'], HOSTILE.slice(0, 400));
    for (const size of [...SIZES, { columns: 40, rows: 10 }, { columns: 57, rows: 16 }]) {
      const look = { room, screen: 'services', on: { cursor: 0 } } as const;
      expect(widest(look, size)).toBeLessThanOrEqual(size.columns);
      expect(textOf(look, size)).not.toContain('\u001b');
    }
  });
});
