import { describe, expect, it } from 'vitest';
import { MINUTE, plusMs, SECOND } from '../../../src/incident/time.ts';
import { START } from '../../support/room.ts';
import { measuredRoom, sourceHealth } from './measured-room.ts';
import { told, valueIn } from './samples.ts';

describe('gauges of the sources', () => {
  it('tell the age of the news, how long a poll took, and whether it failed', async () => {
    const room = measuredRoom({
      health: () => [sourceHealth('prometheus'), sourceHealth('checks', { failing: true, tookMs: 2_000 })],
    });
    room.story.pass(90 * SECOND);
    const samples = await room.samples();
    expect(told(samples, 'warroom_poll_age_seconds')).toEqual({ prometheus: 90, checks: 90 });
    expect(told(samples, 'warroom_poll_duration_seconds')).toEqual({ prometheus: 0.012, checks: 2 });
    expect(told(samples, 'warroom_source_failing')).toEqual({ checks: 1 });
  });

  it('tell how far the clock of a source is off, and nothing of one that does not tell its time', async () => {
    const room = measuredRoom({
      health: () => [sourceHealth('prometheus', { skewMs: -2_500 }), sourceHealth('checks')],
      clientSkewMs: () => 31_000,
    });
    const samples = await room.samples();
    expect(valueIn(samples, 'warroom_source_clock_skew_seconds', { source: 'prometheus' })).toBe(-2.5);
    expect(valueIn(samples, 'warroom_source_clock_skew_seconds', { source: 'checks' })).toBeUndefined();
    expect(valueIn(samples, 'warroom_client_clock_skew_seconds', {})).toBe(31);
  });

  it('count the age from the start where a source never answered, and never below 0', async () => {
    const never = sourceHealth('prometheus', { lastSuccessAt: null, failing: true });
    const ahead = sourceHealth('checks', { lastSuccessAt: plusMs(START, MINUTE) });
    const room = measuredRoom({ health: () => [never, ahead] });
    room.story.pass(SECOND);
    const samples = await room.samples();
    expect(valueIn(samples, 'warroom_poll_age_seconds', { source: 'prometheus' })).toBe(1);
    expect(valueIn(samples, 'warroom_poll_age_seconds', { source: 'checks' })).toBe(0);
  });

  it('know no age of a source that tells by itself', async () => {
    const room = measuredRoom({ health: () => [sourceHealth('alertmanager', { kind: 'tells', failing: true })] });
    const samples = await room.samples();
    expect(valueIn(samples, 'warroom_poll_age_seconds', { source: 'alertmanager' })).toBeUndefined();
    expect(valueIn(samples, 'warroom_source_failing', { source: 'alertmanager' })).toBe(1);
  });

  it('show the worst of those beyond the first hundred', async () => {
    const sources = Array.from({ length: 150 }, (_, index) =>
      sourceHealth(`scrape ${String(index).padStart(3, '0')}`, {
        failing: index === 140,
        tookMs: index === 120 ? 9_000 : 1,
      }),
    );
    const samples = await measuredRoom({ health: () => sources }).samples();
    const failing = samples.filter(({ name }) => name === 'warroom_source_failing');
    expect(failing).toHaveLength(101);
    expect(told(samples, 'warroom_source_failing')).toEqual({ other: 1 });
    expect(valueIn(samples, 'warroom_poll_duration_seconds', { source: 'other' })).toBe(9);
  });
});
