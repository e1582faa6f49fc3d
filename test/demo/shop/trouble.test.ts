import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../../src/demo/shop/database.ts';
import { SCENARIO_NAMES, SCENARIOS } from '../../../src/demo/shop/scenarios/scenarios.ts';
import { SERVICE_NAMES, type ServiceName } from '../../../src/demo/shop/service-specs.ts';
import { contentionOf, isDown, type Trouble } from '../../../src/demo/shop/trouble.ts';
import { createTroubles } from '../../../src/demo/shop/troubles.ts';
import { manualClock } from '../../support/manual-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const slow = (elapsedMs: number): Trouble => ({ scenario: 'slow-database', elapsedMs });

describe('what a scenario does', () => {
  it.each([
    [0, 0],
    [5 * SECOND, 0.125],
    [10 * SECOND, 0.25],
    [20 * SECOND, 0.5],
    [11 * MINUTE, 0.5],
  ])('slow-database after %d ms: each running query makes the next %d times longer', (elapsedMs, contention) => {
    expect(contentionOf('catalog', slow(elapsedMs))).toBe(contention);
  });

  it('touches the named service only', () => {
    const at = (scenario: Trouble['scenario']): Trouble => ({ scenario, elapsedMs: MINUTE });
    const touched = (is: (name: ServiceName) => boolean): readonly ServiceName[] => SERVICE_NAMES.filter(is);
    expect(touched((name) => contentionOf(name, at('slow-database')) > 0)).toEqual(['catalog']);
    expect(touched((name) => isDown(name, at('dependency-down')))).toEqual(['inventory']);
    expect(touched((name) => isDown(name, at('slow-database')))).toEqual([]);
    expect(touched((name) => isDown(name, null) || contentionOf(name, null) > 0)).toEqual([]);
  });

  it.each(SCENARIO_NAMES)('%s says what goes wrong and what helps in a line each', (name) => {
    const { summary, relief, faults } = SCENARIOS[name];
    expect(faults.length).toBeGreaterThan(0);
    for (const line of [summary, relief]) expect(line).toMatch(/^[^\n]{10,80}$/);
  });
});

describe('the scenario that is on', () => {
  it.each([
    ['bad-deploy', null],
    ['slow-database', 12 * MINUTE],
    ['dependency-down', 6 * MINUTE],
  ] as const)('%s ends by itself after %s ms', async (name, endsAfterMs) => {
    const clock = manualClock();
    const { trouble, setScenario } = createTroubles(clock);
    setScenario(name);
    const watchedMs = endsAfterMs ?? 24 * 60 * MINUTE;
    await clock.advance(watchedMs - 1);
    expect(trouble()).toEqual({ scenario: name, elapsedMs: watchedMs - 1 });
    await clock.advance(1);
    expect(trouble()).toEqual(endsAfterMs === null ? { scenario: name, elapsedMs: watchedMs } : null);
  });

  it('gives way to another one, whose end is its own', async () => {
    const clock = manualClock();
    const { trouble, setScenario } = createTroubles(clock);
    setScenario('dependency-down');
    await clock.advance(5 * MINUTE);
    setScenario('slow-database');
    await clock.advance(2 * MINUTE);
    expect(trouble()).toEqual({ scenario: 'slow-database', elapsedMs: 2 * MINUTE });
    setScenario(null);
    expect(trouble()).toBeNull();
    setScenario('bad-deploy');
    await clock.advance(20 * MINUTE);
    expect(trouble()).toEqual({ scenario: 'bad-deploy', elapsedMs: 20 * MINUTE });
  });
});

describe('a database', () => {
  const databaseAt = (contention: number) => {
    const taken: number[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const spend = async (ms: number): Promise<void> => {
      taken.push(ms);
      await ended;
    };
    return { taken, end, database: createDatabase({ spend, contention: () => contention }) };
  };

  it.each([
    [0, [100, 100, 100, 100]],
    [0.5, [100, 150, 200, 250]],
    [2, [100, 300, 500, 700]],
  ])('at contention %d takes %j ms for four queries at once', (contention, expected) => {
    const { taken, database } = databaseAt(contention);
    for (let query = 0; query < 4; query++) void database.query(100);
    expect(taken).toEqual(expected);
  });

  it('is quick again once nothing runs, also after a query that failed', async () => {
    const { taken, end, database } = databaseAt(1);
    const [first, second] = [database.query(100), database.query(100)];
    end();
    await Promise.all([first, second]);
    await database.query(100);
    expect(taken).toEqual([100, 200, 100]);
    const failing = createDatabase({ spend: () => Promise.reject(new Error('cut')), contention: () => 1 });
    await expect(failing.query(1)).rejects.toThrow('cut');
    await expect(failing.query(1)).rejects.toThrow('cut');
  });
});
