import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/incident/text.ts';
import { MINUTE, SECOND, toTimestamp } from '../../../../src/incident/time.ts';
import type { AgentHealth, SourceHealth } from '../../../../src/protocol/messages.ts';
import type { FakeRoom } from '../../../support/fake-room-client.ts';
import { calmRoom, commandedRoom } from '../../../support/rooms-to-look-at.ts';
import { HOSTILE, SIZES, textOf, widest } from '../../../support/screens-to-look-at.ts';

const healthOf = (room: FakeRoom, sources: readonly SourceHealth[]): AgentHealth => ({
  sources,
  append: null,
  clients: 1,
  memoryBytes: 1,
  configurationLoadedAt: room.story.now(),
  configurationDirectory: '/etc/warroom',
});

const ago = (room: FakeRoom, ms: number): string => toTimestamp(room.now() - ms);

const source = (room: FakeRoom, name: string, more: Partial<SourceHealth> = {}): SourceHealth => ({
  source: name,
  kind: 'asked',
  lastSuccessAt: ago(room, 2 * SECOND),
  lastError: null,
  failing: false,
  tookMs: 12,
  perMinute: 30,
  skewMs: null,
  ...more,
});

const withSources = (room: FakeRoom, sources: readonly SourceHealth[]): FakeRoom => {
  room.with({ health: healthOf(room, sources) });
  return room;
};

const troubledRoom = (): FakeRoom => {
  const room = commandedRoom();
  return withSources(room, [
    source(room, 'http://127.0.0.1:9090'),
    source(room, 'http://127.0.0.1:9091', {
      failing: true,
      lastSuccessAt: ago(room, 3 * MINUTE),
      lastError: { at: ago(room, SECOND), text: 'bad-answer: HTTP 503: upstream connect error or disconnect/reset' },
      tookMs: 2_003,
      perMinute: 0,
    }),
    source(room, 'alertmanager', { kind: 'tells', perMinute: 412, tookMs: 1.4 }),
    source(room, 'grafana', { kind: 'tells', lastSuccessAt: null, perMinute: 0, tookMs: 0 }),
    source(room, 'check http of checkout', { lastError: { at: ago(room, 7 * MINUTE), text: 'timeout' } }),
  ]);
};

const size = { columns: 80, rows: 24 };

describe('the list of sources', () => {
  const looks: Readonly<Record<string, () => FakeRoom>> = {
    sources: troubledRoom,
    'sources-none': () => withSources(calmRoom(), []),
  };
  for (const its of SIZES) {
    for (const [name, room] of Object.entries(looks)) {
      it(`shows ${name} at ${its.columns}x${its.rows}`, async () => {
        const text = textOf({ room: room(), screen: 'sources' }, its);
        await expect(text).toMatchFileSnapshot(`../../frames/${name}.${its.columns}x${its.rows}.txt`);
      });
    }
  }

  it('has failing ones first, loud, with what went wrong in full', () => {
    const text = textOf({ room: troubledRoom(), screen: 'sources' }, size);
    expect(text).toContain('SOURCES 5, 1 FAILING');
    expect(text).toMatch(/^> FAILING {2}http:\/\/127.0.0.1:9091 /m);
    expect(text).toMatch(/error {5}10:\d\d:\d\d UTC, just now: bad-answer: HTTP 503/);
  });

  it('says never, not zero, of a source that was never heard', () => {
    const text = textOf({ room: troubledRoom(), screen: 'sources', on: { filter: 'grafana' } }, size);
    expect(text).toMatch(/^> silent {3}grafana .* never/m);
    expect(text).toContain('answered  never');
  });

  it('says of a clock that is off which one is ahead, and is loud where times from there are no use', () => {
    const room = commandedRoom();
    withSources(room, [
      source(room, 'prometheus 1', { skewMs: 1_900 }),
      source(room, 'prometheus 2', { skewMs: 3_400 }),
      source(room, 'prometheus 3', { skewMs: -45_000 }),
    ]);
    const wide = textOf({ room, screen: 'sources' }, { columns: 140, rows: 24 });
    expect(wide).toContain('SOURCES 3, none fails, 1 with a WRONG CLOCK');
    expect(wide).toMatch(/^> CLOCK {4}prometheus 3 .* CLOCK 45 s BEHIND/m);
    expect(wide).toMatch(/^ {2}ok {7}prometheus 2 .* clock 3\.4 s ahead/m);
    expect(wide).toMatch(/^ {2}ok {7}prometheus 1 .*ms\s*$/m);
    expect(textOf({ room, screen: 'sources' }, size)).toContain("just now, its clock is 45 s BEHIND the agent's");
    expect(textOf({ room, screen: 'sources', on: { cursor: 2 } }, size)).toContain(
      "just now, its clock is 3.4 s ahead of the agent's",
    );
  });

  it('calls none well while the agent is not heard', () => {
    const room = troubledRoom();
    room.connection({ name: 'stale', sinceMs: room.now() - 9 * SECOND, attempt: 1 });
    const text = textOf({ room, screen: 'sources' }, size);
    expect(text).toContain('SOURCES 5, 1 FAILING when last heard');
    expect(text).toMatch(/unknown {2}alertmanager/);
    expect(text).not.toMatch(/^. ok /m);
  });

  it('stands still while sources answer as before', () => {
    const room = troubledRoom();
    const before = textOf({ room, screen: 'sources', on: { cursor: 2 } }, size);
    const { health } = room.view();
    room.with({
      health: health && {
        ...health,
        sources: health.sources.map((one) => ({ ...one, tookMs: one.tookMs })),
      },
    });
    expect(textOf({ room, screen: 'sources', on: { cursor: 2 } }, size)).toBe(before);
  });

  it('says what to do where there is none, and what it does not know', () => {
    expect(textOf({ room: withSources(calmRoom(), []), screen: 'sources' }, size)).toContain('warroom alert SERVICE');
    expect(textOf({ room: calmRoom(), screen: 'sources' }, size)).toContain('nothing is known of the sources yet');
    expect(textOf({ room: troubledRoom(), screen: 'sources', on: { filter: 'xyz' } }, size)).toContain(
      'no source is like that',
    );
  });

  it('stays within the window whatever a source is called and says', () => {
    const room = calmRoom();
    const hostile = safeText(HOSTILE, 300);
    withSources(
      room,
      Array.from({ length: 2_000 }, (_, index) =>
        source(room, `${hostile} ${index}`, {
          failing: true,
          lastError: { at: 'never', text: hostile },
          tookMs: Number.NaN,
          perMinute: 1e12,
        }),
      ),
    );
    for (const its of [...SIZES, { columns: 40, rows: 10 }]) {
      const look = { room, screen: 'sources', on: { cursor: 1_500 } } as const;
      expect(widest(look, its)).toBeLessThanOrEqual(its.columns);
      expect(textOf(look, its)).not.toMatch(/\u001b|NaN/);
    }
  });
});
