// Owns the rules that simulated teams live by: short enough ladders for an hour to show much, office hours where summer time begins and ends.
import type { Ladder, Policy } from '../../../src/incident/policies/policy.ts';
import { HOUR, MINUTE } from '../../../src/incident/time.ts';
import { policy as standard } from '../../support/room.ts';

const ladder = (businessHoursOnly: boolean, ...levels: readonly [string, number, ...string[]][]): Ladder => ({
  levels: levels.map(([key, afterMs, ...contacts]) => ({ key, afterMs, contacts })),
  businessHoursOnly,
});

const first: Policy = {
  ...standard,
  ladders: {
    default: {
      SEV1: ladder(
        false,
        ['initial', 0, 'ana', 'ben'],
        ['2min', 2 * MINUTE, 'manager'],
        ['5min', 5 * MINUTE, 'director'],
        ['12min', 12 * MINUTE, 'cto'],
      ),
      SEV2: ladder(false, ['initial', 0, 'ana'], ['6min', 6 * MINUTE, 'ben'], ['15min', 15 * MINUTE, 'manager']),
      SEV3: ladder(false, ['initial', 0, 'cleo'], ['20min', 20 * MINUTE, 'ana']),
      SEV4: ladder(true, ['initial', 0, 'cleo'], ['1hour', HOUR, 'ana']),
    },
  },
  // Where the clocks change at night, and somebody works through it.
  businessHours: { zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5, 7], from: '02:30', to: '18:00', holidays: [] },
  channels: { ana: ['chat', 'phone'], ben: ['chat'], cleo: ['mail'], manager: ['phone'], director: ['phone'] },
  sinks: { incidents: { channel: 'chat' }, status: { channel: 'mail' } },
  acknowledgeForMs: { SEV1: 3 * MINUTE, SEV2: 8 * MINUTE, SEV3: 20 * MINUTE, SEV4: HOUR },
  actions: {
    ...standard.actions,
    'circuit-breaker': { title: 'circuit breaker', confirm: 'key', expiresAfterMs: 10 * MINUTE },
  },
};

const second: Policy = {
  ...first,
  ladders: {
    default: {
      ...first.ladders.default,
      SEV1: ladder(false, ['initial', 0, 'ben'], ['1min', MINUTE, 'ana', 'director'], ['4min', 4 * MINUTE, 'cto']),
      SEV2: ladder(false, ['initial', 0, 'cleo'], ['3min', 3 * MINUTE, 'ana']),
    } as Policy['ladders'][string],
  },
  channels: { ...first.channels, ben: ['phone', 'mail'] },
  recoveryAfterMs: 2 * MINUTE,
};

const third: Policy = { ...first, sinks: {}, reopenWithinMs: 5 * MINUTE, armForMs: 10_000 };

/** What a configuration may be and become. */
export const POLICIES: readonly Policy[] = [first, second, third];
