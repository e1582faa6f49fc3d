import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSignalBoard, type SignalBoard } from '../../../src/agent/signals/signal-board.ts';
import { known, type ServiceReading, unknown } from '../../../src/incident/signals.ts';
import { safeText } from '../../../src/incident/text.ts';
import { toTimestamp } from '../../../src/incident/time.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { httpCheck, prometheusWatch, scrapeWatch, serviceWatch } from '../sources/watches.ts';

let clock: ManualClock;
let board: SignalBoard;
let changes: (readonly string[])[];

beforeEach(() => {
  clock = manualClock();
  board = createSignalBoard({
    clock,
    watches: [
      serviceWatch('checkout', {
        prometheus: prometheusWatch({ pollEveryMs: 2_000, timeoutMs: 1_000, latency: null }),
        checks: [httpCheck('http://x', { name: 'db', everyMs: 5_000, timeoutMs: 2_000 }), httpCheck('http://x')],
      }),
      serviceWatch('search', { scrape: scrapeWatch() }),
      serviceWatch('plain'),
    ],
  });
  changes = [];
  board.subscribe((changed) => changes.push(changed));
});
afterEach(() => board.close());

const readingOf = (service: string, errorRatio = known(0.1)): ServiceReading => ({
  service,
  at: toTimestamp(clock.now()),
  errorRatio,
  p95Seconds: unknown('not-configured'),
  requestsPerSecond: known(20),
});

const checkOf = (name: string, detail = '200') => ({
  service: 'checkout',
  name,
  state: 'up' as const,
  since: '2026-11-22T03:00:00.000Z',
  detail: safeText(detail),
});

describe('the signal board', () => {
  it('shows every configured service and check before anything was told', () => {
    const signals = board.current();
    expect(Object.keys(signals)).toEqual(['checkout', 'search', 'plain']);
    expect(signals.checkout!.reading).toMatchObject({
      errorRatio: unknown('not-yet-measured'),
      p95Seconds: unknown('not-configured'),
    });
    expect(signals.checkout!.checks.map(({ name, state }) => [name, state])).toEqual([
      ['db', 'unknown'],
      ['http', 'unknown'],
    ]);
    expect(signals.search!.reading.p95Seconds).toEqual(unknown('not-yet-measured'));
    expect(signals.plain!.reading.errorRatio).toEqual(unknown('not-configured'));
  });

  it('shows the latest reading and tells who listens what changed', () => {
    const before = board.current();
    board.readings([readingOf('checkout'), readingOf('search', known(0.5))]);
    expect(board.current()).not.toBe(before);
    expect(board.current().search!.reading.errorRatio).toEqual(known(0.5));
    expect(board.current()).toBe(board.current());
    expect(changes).toEqual([['checkout', 'search']]);
  });

  it('marks a reading stale once three polls and a timeout went by, once, and keeps its time', async () => {
    board.readings([readingOf('checkout')]);
    const { at } = board.current().checkout!.reading;
    await clock.advance(7_000);
    expect(board.current().checkout!.reading.errorRatio).toEqual(known(0.1));
    changes = [];
    await clock.advance(5_000);
    expect(board.current().checkout!.reading).toEqual({
      service: 'checkout',
      at,
      errorRatio: unknown('stale'),
      p95Seconds: unknown('not-configured'),
      requestsPerSecond: unknown('stale'),
    });
    expect(changes.filter((changed) => changed.includes('checkout'))).toHaveLength(1);
  });

  it('is fresh again with the next reading', async () => {
    board.readings([readingOf('checkout')]);
    await clock.advance(20_000);
    board.readings([readingOf('checkout')]);
    expect(board.current().checkout!.reading.errorRatio).toEqual(known(0.1));
    await clock.advance(20_000);
    expect(board.current().checkout!.reading.errorRatio).toEqual(unknown('stale'));
  });

  it('marks stale what a machine slept through', async () => {
    board.readings([readingOf('checkout')]);
    clock.jump(3_600_000);
    await clock.advance(1_000);
    expect(board.current().checkout!.reading.errorRatio).toEqual(unknown('stale'));
  });

  it('never marks stale what is not configured', async () => {
    await clock.advance(3_600_000);
    expect(board.current().plain!.reading.errorRatio).toEqual(unknown('not-configured'));
  });

  it('turns a check without news unknown, and says what it was', async () => {
    board.check(checkOf('db'));
    expect(board.current().checkout!.checks[0]).toEqual(checkOf('db'));
    await clock.advance(17_000);
    expect(board.current().checkout!.checks[0]!.state).toBe('up');
    await clock.advance(1_000);
    expect(board.current().checkout!.checks[0]).toMatchObject({
      state: 'unknown',
      since: '2026-11-22T03:00:18.000Z',
      detail: 'no news; was up: 200',
    });
  });

  it('says nothing when a check tells the same again, but counts it as news', async () => {
    board.check(checkOf('db'));
    await clock.advance(10_000);
    changes = [];
    board.check(checkOf('db'));
    expect(changes).toEqual([]);
    await clock.advance(10_000);
    expect(board.current().checkout!.checks[0]!.state).toBe('up');
  });

  it('shows nothing that nobody configured', () => {
    board.readings([readingOf('stranger')]);
    board.check({ ...checkOf('stranger'), service: 'checkout' });
    expect(Object.keys(board.current())).toEqual(['checkout', 'search', 'plain']);
    expect(board.current().checkout!.checks).toHaveLength(2);
    expect(changes).toEqual([]);
  });

  it('keeps the health of each source: last success, last error, duration', async () => {
    board.polled({ source: 'scrape search', tookMs: 3, error: null });
    board.polled({ source: 'prometheus', tookMs: 5, error: null });
    await clock.advance(2_000);
    board.polled({ source: 'prometheus', tookMs: 1_000, error: 'requests: \u001b[31mtimeout' });
    expect(board.health()).toEqual([
      {
        source: 'prometheus',
        kind: 'asked',
        perMinute: 1,
        tookMs: 1_000,
        skewMs: null,
        failing: true,
        lastSuccessAt: '2026-11-22T03:00:00.000Z',
        lastError: { at: '2026-11-22T03:00:02.000Z', text: 'requests: timeout' },
      },
      {
        source: 'scrape search',
        kind: 'asked',
        perMinute: 1,
        tookMs: 3,
        skewMs: null,
        failing: false,
        lastSuccessAt: '2026-11-22T03:00:00.000Z',
        lastError: null,
      },
    ]);
    board.polled({ source: 'prometheus', tookMs: 5, error: null });
    expect(board.health()[0]).toMatchObject({ failing: false, lastError: { text: 'requests: timeout' } });
  });

  it('stops telling who unsubscribed, and stops looking once closed', async () => {
    const heard: (readonly string[])[] = [];
    board.subscribe((changed) => heard.push(changed))();
    board.readings([readingOf('checkout')]);
    expect(heard).toEqual([]);
    board.close();
    await clock.advance(60_000);
    expect(board.current().checkout!.reading.errorRatio).toEqual(known(0.1));
  });
});
