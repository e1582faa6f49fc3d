import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openSignalHistory,
  type SignalHistory,
  type SignalHistoryOptions,
} from '../../../src/agent/signals/signal-history.ts';
import { known, type Reading, unknown } from '../../../src/incident/signals.ts';
import { HOUR, MINUTE, SECOND, toTimestamp } from '../../../src/incident/time.ts';
import { manualClock } from '../../support/manual-clock.ts';

const START = Date.parse('2026-11-22T03:00:00.000Z');

let directory: string;
let history: SignalHistory;
let clock: ReturnType<typeof manualClock>;

const openHistory = (options: Partial<SignalHistoryOptions> = {}): Promise<SignalHistory> =>
  openSignalHistory({ directory, clock, ...options });

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'signal-history-')), 'signals');
  clock = manualClock(START);
  history = await openHistory();
});
afterEach(async () => {
  await history.close();
  await rm(join(directory, '..'), { recursive: true });
});

const record = (atMs: number, errorRatio: number | null, service = 'checkout'): void => {
  const reading: Reading = errorRatio === null ? unknown('missing') : known(errorRatio);
  clock.jump(Math.max(0, atMs - clock.now()));
  history.record([
    { service, at: toTimestamp(atMs), errorRatio: reading, p95Seconds: unknown('idle'), requestsPerSecond: known(20) },
  ]);
};

/** One reading each `everyMs` from `fromMs` for `forMs`. */
const recordRun = (fromMs: number, forMs: number, value: (atMs: number) => number | null, everyMs = SECOND): void => {
  for (let atMs = fromMs; atMs < fromMs + forMs; atMs += everyMs) record(atMs, value(atMs));
};

const reopen = async (): Promise<void> => {
  await history.close();
  history = await openHistory();
};

describe('the history of signals', () => {
  it('gives every reading of the last minutes, unknown as null', () => {
    record(START, 0.1);
    record(START + SECOND, null);
    record(START + 2 * SECOND, 0.3);
    expect(history.recent('checkout', START + SECOND)).toEqual([
      { at: toTimestamp(START + SECOND), errorRatio: null, p95Seconds: null, requestsPerSecond: 20 },
      { at: toTimestamp(START + 2 * SECOND), errorRatio: 0.3, p95Seconds: null, requestsPerSecond: 20 },
    ]);
    expect(history.recent('search', START)).toEqual([]);
  });

  it('leaves out a reading told twice', () => {
    record(START, 0.1);
    record(START, 0.1);
    expect(history.recent('checkout', 0)).toHaveLength(1);
  });

  it('keeps means of ten seconds of what is older than a quarter of an hour, known values only', () => {
    recordRun(START, 20 * MINUTE, (atMs) =>
      atMs < START + 10 * SECOND ? [0.1, null, 0.3][((atMs - START) / SECOND) % 3]! : 0,
    );
    const points = history.recent('checkout', 0);
    expect(points[0]).toEqual({
      at: toTimestamp(START),
      errorRatio: expect.closeTo(0.1857, 3),
      p95Seconds: null,
      requestsPerSecond: 20,
    });
    expect(points).toHaveLength(30 + 901 - 1);
    const times = points.map(({ at }) => at);
    expect(times).toEqual([...new Set(times)].sort());
  });

  it('keeps six hours and no more', () => {
    recordRun(START, 7 * HOUR, () => 0.01, 5 * SECOND);
    const points = history.recent('checkout', 0);
    expect(Date.parse(points[0]!.at)).toBeGreaterThanOrEqual(clock.now() - 6 * HOUR);
    expect(points.length).toBeLessThanOrEqual((6 * HOUR) / (10 * SECOND) + 15 * 12);
  });

  it('keeps a bounded number of points however fast they come', () => {
    recordRun(START, 10 * SECOND, () => 0.01, 1);
    expect(history.recent('checkout', 0).length).toBeLessThanOrEqual(1_000);
  });

  it('keeps services apart that are told out of step', async () => {
    for (let at = START; at < START + MINUTE; at += SECOND) {
      record(at + 100, 0.2, 'search');
      record(at - 100, 0.1, 'checkout');
    }
    await reopen();
    expect(history.recent('search', 0).map(({ errorRatio }) => errorRatio)).toEqual(Array(6).fill(0.2));
    expect(history.recent('checkout', 0).map(({ errorRatio }) => errorRatio)).toEqual(Array(6).fill(0.1));
  });

  it('goes on after a clock that was set back', () => {
    recordRun(START, 5 * MINUTE, () => 0.5);
    recordRun(START + 2 * MINUTE, MINUTE, () => 0.1);
    const points = history.recent('checkout', 0);
    expect(points.at(-1)).toMatchObject({ at: toTimestamp(START + 3 * MINUTE - SECOND), errorRatio: 0.1 });
    const times = points.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });
});

describe('the baseline of a signal', () => {
  const upTo = START + 75 * MINUTE;
  const baseline = (): number | null => history.baseline('checkout', 'errorRatio', upTo);

  it('is the median of the hour that ended five minutes ago', () => {
    recordRun(START, 15 * MINUTE, () => 0.9, 10 * SECOND);
    recordRun(START + 15 * MINUTE, 35 * MINUTE, () => 0.01, 10 * SECOND);
    recordRun(START + 50 * MINUTE, 20 * MINUTE, () => 0.03, 10 * SECOND);
    recordRun(START + 70 * MINUTE, 5 * MINUTE, () => 0.9, 10 * SECOND);
    expect(baseline()).toBe(0.01);
  });

  it('does not see what is newer than five minutes or older than the hour', () => {
    recordRun(START, 10 * MINUTE, () => 0.9, 10 * SECOND);
    recordRun(START + 70 * MINUTE, 5 * MINUTE, () => 0.9, 10 * SECOND);
    expect(baseline()).toBeNull();
  });

  it.each([
    [9 * MINUTE + 50 * SECOND, null],
    [10 * MINUTE, 0.02],
  ])('of %i ms of known values is %s', (forMs, expected) => {
    recordRun(START + 30 * MINUTE, forMs, () => 0.02, 10 * SECOND);
    recordRun(START + 30 * MINUTE + forMs, 30 * MINUTE, () => null, 10 * SECOND);
    expect(baseline()).toBe(expected);
  });

  it('is null for a service nobody read, and for a signal that never was known', () => {
    recordRun(START, 70 * MINUTE, () => 0.02, 10 * SECOND);
    expect(history.baseline('search', 'errorRatio', upTo)).toBeNull();
    expect(history.baseline('checkout', 'p95Seconds', upTo)).toBeNull();
    expect(history.baseline('checkout', 'requestsPerSecond', upTo)).toBe(20);
  });

  it('moves on with time', () => {
    recordRun(START, 60 * MINUTE, () => 0.02, 10 * SECOND);
    recordRun(START + 60 * MINUTE, 60 * MINUTE, () => 0.04, 10 * SECOND);
    expect(history.baseline('checkout', 'errorRatio', START + 65 * MINUTE)).toBe(0.02);
    expect(history.baseline('checkout', 'errorRatio', START + 125 * MINUTE)).toBe(0.04);
  });
});

describe('the history of signals on disk', () => {
  it('survives a restart, with its baseline', async () => {
    recordRun(START, 70 * MINUTE, () => 0.0123456789, 10 * SECOND);
    await reopen();
    expect(history.recent('checkout', 0)).toHaveLength(70 * 6);
    expect(history.baseline('checkout', 'errorRatio', START + 75 * MINUTE)).toBe(0.0123457);
  });

  it('goes on where it was after a restart', async () => {
    recordRun(START, MINUTE, () => 0.1);
    await reopen();
    recordRun(START + MINUTE, MINUTE, () => 0.2);
    await reopen();
    expect(history.recent('checkout', 0).map(({ errorRatio }) => errorRatio)).toEqual([
      ...Array(6).fill(0.1),
      ...Array(6).fill(0.2),
    ]);
  });

  it('passes over damaged and torn lines, and writes on after them', async () => {
    recordRun(START, MINUTE, () => 0.1);
    await history.close();
    const good = await readFile(join(directory, 'signals-a.jsonl'), 'utf8');
    const strange = ['not json', '{"atMs":"x","services":{}}', '{"atMs":1,"services":{"a":[1]}}', '[]', ''].join('\n');
    await writeFile(join(directory, 'signals-a.jsonl'), `${strange}\n${good}{"atMs":12`);
    history = await openHistory();
    expect(history.recent('checkout', 0)).toHaveLength(6);
    recordRun(START + MINUTE, MINUTE, () => 0.2);
    await reopen();
    expect(history.recent('checkout', 0)).toHaveLength(12);
  });

  it('forgets at a start what is too old, and what lies in the future', async () => {
    recordRun(START, MINUTE, () => 0.1);
    await history.close();
    await appendFile(
      join(directory, 'signals-a.jsonl'),
      `${JSON.stringify({ atMs: START + HOUR, services: { checkout: [1, 1, 1] } })}\n`,
    );
    history = await openHistory();
    expect(history.recent('checkout', 0)).toHaveLength(6);
    clock.jump(7 * HOUR);
    await reopen();
    expect(history.recent('checkout', 0)).toEqual([]);
  });

  it('keeps two files below their limit and the newest lines in them', async () => {
    await history.close();
    const limited = { maxFileBytes: 2_000 };
    history = await openHistory(limited);
    for (let minute = 0; minute < 60; minute++) {
      recordRun(START + minute * MINUTE, MINUTE, () => 0.1, 10 * SECOND);
      // Lines are written in the background; a burst of an hour within a moment would rightly be thinned out.
      await history.close();
    }
    expect((await readdir(directory)).sort()).toEqual(['signals-a.jsonl', 'signals-b.jsonl']);
    for (const file of await readdir(directory)) {
      expect((await stat(join(directory, file))).size).toBeLessThanOrEqual(2_000);
    }
    history = await openHistory(limited);
    const points = history.recent('checkout', 0);
    expect(points.at(-1)!.at).toBe(toTimestamp(START + HOUR - 10 * SECOND));
    expect(points.length).toBeGreaterThan(30);
  });

  it('goes on in memory when the disk refuses, and says so', async () => {
    await history.close();
    const refusals: unknown[] = [];
    history = await openHistory({ onWriteError: (cause) => refusals.push(cause) });
    await rm(directory, { recursive: true });
    recordRun(START, MINUTE, () => 0.1);
    await history.close();
    expect(refusals.length).toBeGreaterThan(0);
    expect(history.recent('checkout', 0)).toHaveLength(60);
  });
});
