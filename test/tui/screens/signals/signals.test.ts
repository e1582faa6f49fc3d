import { describe, expect, it } from 'vitest';
import { known } from '../../../../src/incident/signals.ts';
import { safeText } from '../../../../src/incident/text.ts';
import { MINUTE, SECOND, toTimestamp } from '../../../../src/incident/time.ts';
import { plainText } from '../../../../src/tui/row.ts';
import { type Chart, chartRows, roundTop } from '../../../../src/tui/screens/signals/chart.ts';
import { measuredIn, type Point, stretchesFor } from '../../../../src/tui/screens/signals/stretches.ts';
import { check, type FakeRoom } from '../../../support/fake-room-client.ts';
import { plan } from '../../../support/room.ts';
import { apply, arm, calmRoom, commandedRoom, containedRoom, INCIDENT } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';

/** Every two seconds, up to now; null where it was asked and unknown, `undefined` where nothing answered. */
const past = (room: FakeRoom, service: string, ratios: readonly (number | null | undefined)[]): void => {
  const now = room.now();
  const points = ratios.flatMap((errorRatio, index) =>
    errorRatio === undefined
      ? []
      : [
          {
            at: toTimestamp(now - (ratios.length - 1 - index) * 2 * SECOND),
            errorRatio,
            p95Seconds: errorRatio === null ? null : 0.1 + errorRatio * 1.8,
            requestsPerSecond: errorRatio === null ? null : 300 + 20 * Math.sin(index / 9),
          },
        ],
  );
  room.with({ history: { ...room.view().history, [service]: points } });
};

const waves = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => 0.002 + 0.0015 * Math.sin(index / 7));

const withLinks = (room: FakeRoom): FakeRoom => {
  const { policy } = room.view();
  const { checkout } = policy.services;
  if (checkout === undefined) throw new Error('no checkout');
  const linked = {
    ...checkout,
    runbook: 'https://wiki.example/checkout/runbook?when=errors',
    dashboards: [
      { title: 'Errors', url: 'https://grafana.example/d/errors' },
      { title: 'never shown', url: 'javascript:alert(1)' },
    ],
  };
  room.with({ policy: { ...policy, services: { ...policy.services, checkout: linked } } });
  return room;
};

/** Eight minutes: quiet, failing, declared, contained, a minute in which nobody knew. */
const lookedAt = (): FakeRoom => {
  const room = withLinks(containedRoom());
  room.story.does('ben', {
    type: 'set-severity',
    incident: INCIDENT,
    severity: 'SEV1',
    reason: safeText('nobody can pay'),
  });
  room.story.pass(20 * SECOND);
  room.changed();
  past(room, 'checkout', [
    ...waves(120),
    ...Array.from({ length: 30 }, () => null),
    ...[0.05, 0.2, 0.35],
    ...Array.from({ length: 52 }, (_, index) => 0.41 + 0.02 * Math.sin(index / 3)),
    ...[0.3, 0.2, 0.1, 0.05],
    ...Array.from({ length: 26 }, () => 0.021),
  ]);
  return room;
};

const looks: Readonly<Record<string, () => FakeRoom>> = {
  signals: lookedAt,
  'signals-calm': () => {
    const room = calmRoom();
    past(room, 'checkout', waves(600));
    return room;
  },
  'signals-nothing-known': () => {
    const room = commandedRoom();
    room.with({ history: {} });
    return room;
  },
};

const text80 = (room: FakeRoom, on = {}) =>
  textOf({ room, screen: 'signals', on: { subject: 'checkout', ...on } }, { columns: 80, rows: 24 });

describe('the chart of a service', () => {
  for (const size of SIZES) {
    for (const [name, room] of Object.entries(looks)) {
      it(`shows ${name} at ${size.columns}x${size.rows}`, async () => {
        const text = textOf({ room: room(), screen: 'signals', on: { subject: 'checkout' } }, size);
        await expect(text).toMatchFileSnapshot(`../../frames/${name}.${size.columns}x${size.rows}.txt`);
      });
    }
  }

  it('marks what happened about this service and explains each letter', () => {
    const text = textOf(
      { room: lookedAt(), screen: 'signals', on: { subject: 'checkout' } },
      { columns: 120, rows: 35 },
    );
    expect(text).toMatch(/^ A \d\d:\d\d:\d\d {2}INC-2026-0001 {2}declared SEV2/m);
    expect(text).toMatch(/applied circuit-breaker on checkout \(A1\)/);
    expect(text).toMatch(/SEV2 → SEV1: nobody can pay/);
    expect(text).not.toContain('note:');
  });

  it('tells an undo once', () => {
    const room = lookedAt();
    const [requested] = room.story.does('ana', { type: 'undo', action: 'A1', arm: true });
    if (requested?.type !== 'action.requested') throw new Error('not requested');
    room.story.agentDoes({ type: 'record-plan', action: requested.action, plan });
    apply(room, requested.action);
    past(room, 'checkout', waves(200));
    const text = textOf({ room, screen: 'signals', on: { subject: 'checkout' } }, { columns: 120, rows: 60 });
    expect(text.match(/taken back|applied undo/g)).toEqual(['taken back']);
  });

  it('is about the service it was opened for, else the first of the incident', () => {
    expect(textOf({ room: lookedAt(), screen: 'signals' }, { columns: 80, rows: 24 })).toContain('SIGNALS of checkout');
    expect(text80(lookedAt(), { subject: 'vault' })).toContain('SIGNALS of vault');
    expect(text80(lookedAt(), { subject: 'gone' })).toContain('gone is no longer watched');
    expect(text80(lookedAt(), { subject: '__proto__' })).toContain('__proto__ is no longer watched');
  });

  it('shows links of the web alone, in full', () => {
    const long = `https://wiki.example/${'a'.repeat(150)}`;
    const room = withLinks(containedRoom());
    const { policy } = room.view();
    const { checkout } = policy.services;
    if (checkout === undefined) throw new Error('no checkout');
    room.with({ policy: { ...policy, services: { ...policy.services, checkout: { ...checkout, runbook: long } } } });
    const text = textOf({ room, screen: 'signals', on: { subject: 'checkout' } }, { columns: 80, rows: 60 });
    expect(text.replaceAll(/\n {13}/g, '')).toContain(long);
    expect(text).toContain('https://grafana.example/d/errors');
    expect(text).not.toContain('javascript');
  });

  it('scrolls to what does not fit', () => {
    const room = lookedAt();
    const top = text80(room);
    const end = text80(room, { cursor: 1_000 });
    expect(top).toContain('ABOVE ITS LIMIT');
    expect(end).toContain('https://grafana.example/d/errors');
    expect(end).not.toContain('ABOVE ITS LIMIT');
  });

  it('stays within the window whatever checks, titles and numbers say', () => {
    const room = lookedAt();
    room.story.does('ana', { type: 'retitle', incident: INCIDENT, title: safeText(HOSTILE, 200) });
    room.changed();
    room.checks('checkout', [check('checkout', safeText(HOSTILE), 'down', { since: 'never', detail: HOSTILE })]);
    const points = room.view().history.checkout ?? [];
    const wild = [Number.NaN, Number.POSITIVE_INFINITY, -4, 1e300, 1e-300, 7];
    room.with({
      history: {
        checkout: points.map((point, index) => {
          const value = wild[index % wild.length] ?? 0;
          return { at: point.at, errorRatio: value, p95Seconds: value, requestsPerSecond: value };
        }),
      },
    });
    for (const size of [...SIZES, { columns: 40, rows: 10 }, { columns: 57, rows: 16 }]) {
      for (const cursor of [0, 10, 1_000]) {
        const look = { room, screen: 'signals', on: { subject: 'checkout', cursor } } as const;
        expect(widest(look, size)).toBeLessThanOrEqual(size.columns);
        expect(textOf(look, size)).not.toMatch(/\u001b|NaN|Infinity|undefined/);
      }
    }
  });
});

const START_MS = Date.UTC(2026, 10, 23, 10);

const point = (seconds: number, errorRatio: number | null): Point => ({
  atMs: START_MS + seconds * SECOND,
  errorRatio,
  p95Seconds: null,
  requestsPerSecond: null,
});

describe('the columns of a chart', () => {
  it('hold the worst of their stretch, and end where it ends', () => {
    const points = [point(0, 0.1), point(2, 0.4), point(4, 0.2), point(5, 0.3), point(9, null)];
    const stretches = stretchesFor(points, START_MS + 9 * SECOND, 4);
    expect(stretches.stretchMs).toBe(5 * SECOND);
    expect(measuredIn(points, 'errorRatio', stretches)).toEqual([undefined, undefined, 0.4, 0.3]);
  });

  it('are unknown where it was unknown, and after a pause; a short pause keeps what was', () => {
    const points = [point(0, 0.1), point(10, 0.2), point(15, null), point(20, 0.3), point(60, 0.4)];
    const stretches = stretchesFor(points, START_MS + 62 * SECOND, 14);
    expect(measuredIn(points, 'errorRatio', stretches)).toEqual([
      undefined,
      0.1,
      0.1,
      0.2,
      null,
      0.3,
      ...Array.from({ length: 7 }, () => null),
      0.4,
    ]);
  });

  it('stay unknown from the last point on until now', () => {
    const points = [point(0, 0.1), point(2, 0.1)];
    const stretches = stretchesFor(points, START_MS + 62 * SECOND, 14);
    const values = measuredIn(points, 'errorRatio', stretches);
    expect(values.filter((value) => value === null)).toHaveLength(11);
    expect(values.at(-1)).toBeNull();
  });

  it('stand still while the clock runs within one stretch', () => {
    const points = Array.from({ length: 100 }, (_, index) => point(index * 2, 0.1));
    const seen = [200, 201, 202, 203, 204].map((second) =>
      JSON.stringify(measuredIn(points, 'errorRatio', stretchesFor(points, START_MS + second * SECOND, 66))),
    );
    expect(new Set(seen).size).toBe(1);
  });

  it('become longer with the past, never too many', () => {
    for (const minutes of [1, 10, 30, 360]) {
      const points = [point(0, 0.1), point(minutes * 60, 0.1)];
      const { stretchMs, columns, oldest } = stretchesFor(points, START_MS + minutes * MINUTE, 66);
      expect(oldest * stretchMs).toBeLessThanOrEqual(START_MS);
      expect(columns).toBe(66);
    }
  });
});

const chart = (values: Chart['values'], more: Partial<Chart> = {}): readonly string[] =>
  chartRows({
    values,
    limit: null,
    marks: new Set(),
    words: (value) => String(value),
    leastTop: 0.02,
    mostTop: 1,
    height: 4,
    labelWidth: 8,
    ...more,
  }).map((row) => plainText(row));

describe('a chart', () => {
  it('draws blocks from the bottom, its top round', () => {
    expect(chart([0, 0.25, 0.5, 1])).toEqual(['      1 │   █', '        │   █', '        │  ██', '      0 │▁███']);
  });

  it('draws a gap where nothing was asked, and says where it is unknown', () => {
    expect(chart([undefined, null, 0.5])[3]).toBe('      0 │ ?█');
  });

  it('draws its limit as a line that a bar above it covers', () => {
    expect(chart([0.1, 0.3, 0.75, null], { limit: 0.5 })).toEqual([
      '      1 │    ',
      '    0.5 │──█─',
      '        │ ▂█ ',
      '      0 │▃██?',
    ]);
  });

  it('draws a moment as a line down to its letter', () => {
    expect(chart([0.5, 0.1], { marks: new Set([1]), mostTop: 0.5 })).toEqual([
      '    0.5 │█│',
      '        │█│',
      '        │█│',
      '      0 │█▆',
    ]);
  });

  it.each([
    [0.011, 0.02],
    [0.02, 0.02],
    [0.41, 0.5],
    [312, 500],
    [1_000_000, 1_000_000],
  ])('rounds its top up: %d to %d', (value, top) => {
    expect(roundTop(value)).toBe(top);
  });
});

it('armed by nobody, a chart of a service without incidents has no letters', () => {
  const room = calmRoom();
  past(room, 'search', waves(100));
  expect(text80(room, { subject: 'search' })).not.toMatch(/^ A \d/m);
  arm(commandedRoom(), 'circuit-breaker');
  room.reads('search', known(0));
  expect(text80(room, { subject: 'search' })).toContain('errors 0.0 %');
});
