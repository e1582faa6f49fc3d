import { describe, expect, it } from 'vitest';
import { createSourceHealth, type Heard } from '../../../src/agent/signals/source-health.ts';
import { manualClock } from '../../support/manual-clock.ts';

const told = (source: string, more: Partial<Heard> = {}): Heard => ({
  source,
  kind: 'tells',
  count: 1,
  tookMs: 2,
  error: null,
  ...more,
});

const underTest = () => {
  const clock = manualClock();
  return { clock, health: createSourceHealth(clock) };
};

describe('the health of a source', () => {
  it('counts what came in the last minute, and forgets it second by second', async () => {
    const { clock, health } = underTest();
    const rate = () => health.all()[0]?.perMinute;
    for (let second = 0; second < 120; second++) {
      health.record(told('am', { count: 5 }));
      health.record(told('am', { count: 5 }));
      await clock.advance(1_000);
    }
    expect(rate()).toBeGreaterThanOrEqual(590);
    expect(rate()).toBeLessThanOrEqual(600);
    await clock.advance(30_000);
    expect(rate()).toBeGreaterThanOrEqual(290);
    expect(rate()).toBeLessThanOrEqual(300);
    await clock.advance(60_000);
    expect(rate()).toBe(0);
  });

  it('does not count what could not be read, keeps the last error, and says that it fails until it does not', async () => {
    const { clock, health } = underTest();
    health.record(told('am', { count: 3 }));
    await clock.advance(1_000);
    health.record(told('am', { count: 7, error: 'version is 1\u001b[2J' }));
    expect(health.all()).toEqual([
      {
        source: 'am',
        kind: 'tells',
        tookMs: 2,
        perMinute: 3,
        skewMs: null,
        failing: true,
        lastSuccessAt: '2026-11-22T03:00:00.000Z',
        lastError: { at: '2026-11-22T03:00:01.000Z', text: 'version is 1' },
      },
    ]);
    health.record(told('am'));
    expect(health.all()[0]).toMatchObject({ failing: false, lastError: { text: 'version is 1' } });
  });

  it('has its clock as it was last read, and forgets a source that is configured no more', () => {
    const { health } = underTest();
    health.record({ ...told('prometheus'), skewMs: -3_000 });
    expect(health.all()[0]?.skewMs).toBe(-3_000);
    health.record(told('prometheus'));
    expect(health.all()[0]?.skewMs).toBeNull();
    health.forget('prometheus');
    expect(health.all()).toEqual([]);
  });

  it('is told for each source, in the order of their names, and for a bounded number of them', () => {
    const { health } = underTest();
    for (const source of ['grafana', 'am', '__proto__']) health.record(told(source));
    expect(health.all().map(({ source }) => source)).toEqual(['__proto__', 'am', 'grafana']);
    for (let number = 0; number < 3_000; number++) health.record(told(`s${number}`));
    expect(health.all()).toHaveLength(2_000);
    health.record(told('am', { error: 'gone' }));
    expect(health.all().find(({ source }) => source === 'am')).toMatchObject({ failing: true });
  });

  it('of what we ask begins anew with another configuration; what tells us by itself stays', () => {
    const { health } = underTest();
    health.record(told('am'));
    health.record(told('scrape cart', { kind: 'asked' }));
    health.forget();
    expect(health.all().map(({ source }) => source)).toEqual(['am']);
  });
});
