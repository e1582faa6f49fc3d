import { describe, expect, it } from 'vitest';
import { alertIn, alertsIn } from '../../src/incident/alerts.ts';
import { type Command, LONGEST_SILENCE_MS, personCommandSchema } from '../../src/incident/commands.ts';
import { deadlinesOf } from '../../src/incident/due.ts';
import { silenceOver, silenceState } from '../../src/incident/silences.ts';
import { safeText } from '../../src/incident/text.ts';
import { HOUR, MINUTE, plusMs } from '../../src/incident/time.ts';
import {
  alertTold,
  doWhatIsDue,
  evidence,
  outcome,
  type RoomUnderTest,
  roomUnderTest,
  START,
} from '../support/room.ts';

const ID = 'INC-2026-0001';

const silence = (services: readonly string[], forMs = 30 * MINUTE, startsInMs = 0): Command => ({
  type: 'silence',
  services: services.map((service) => safeText(service)),
  startsInMs,
  forMs,
  reason: safeText('deploy'),
});
const lift = (id = 'S1'): Command => ({ type: 'lift-silence', silence: id });

const silenced = (...services: readonly string[]): RoomUnderTest => {
  const room = roomUnderTest();
  room.does('ana', silence(services.length === 0 ? ['checkout'] : services));
  return room;
};
const tells = (room: RoomUnderTest, fingerprint: string, more: Parameters<typeof alertTold>[1] = {}) =>
  room.asks('am', { type: 'report-alert', ...alertTold(fingerprint, more) } as Command);
const breaches = (room: RoomUnderTest, service = 'checkout') =>
  room.agentAsks({ type: 'report-breach', severity: 'SEV2', evidence: evidence(service, 'errors-tenth', room.now()) });
const incidents = (room: RoomUnderTest) => Object.values(room.room().incidents);
const held = (room: RoomUnderTest, id = 'S1') => room.room().silences[id]!;

describe('a silence', () => {
  it('keeps its reason, who set it, and until when', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['checkout', 'search', 'checkout']));
    expect(held(room)).toMatchObject({
      services: ['checkout', 'search'],
      startsAt: START,
      endsAt: plusMs(START, 30 * MINUTE),
      reason: 'deploy',
      by: 'ana',
      ended: null,
    });
  });

  it('holds alerts with their count instead of declaring', () => {
    const room = silenced();
    for (const fingerprint of ['f1', 'f2', 'f1', '__proto__', 'f1']) expect(tells(room, fingerprint).ok).toBe(true);
    expect(incidents(room)).toEqual([]);
    expect(held(room).alertCount).toEqual({ known: 3, firing: 3, told: 5 });
    expect(alertIn(held(room).alerts, 'am/f1')).toMatchObject({ count: 3 });
  });

  it('holds a breach, and says so once for each rule', () => {
    const room = silenced();
    expect(breaches(room)).toMatchObject({ ok: true, events: [{ type: 'breach.held', silence: 'S1' }] });
    expect(breaches(room)).toMatchObject({ ok: false, refusal: { reason: 'silenced' } });
    expect(incidents(room)).toEqual([]);
    expect(held(room).breaches).toEqual([{ service: 'checkout', rule: 'errors-tenth', at: START }]);
  });

  it('does not keep a person from declaring, and the incident then hears everything', () => {
    const room = silenced();
    tells(room, 'f1');
    room.declares(['checkout'], 'SEV3');
    expect(outcome(breaches(room))).toBe('allowed');
    tells(room, 'f1');
    tells(room, 'f2');
    expect(room.incident()).toMatchObject({
      severity: 'SEV3',
      proposedSeverity: { to: 'SEV1' },
      evidence: [{ rule: 'errors-tenth' }],
      alertCount: { known: 2, firing: 2, told: 2 },
    });
  });

  it('leaves an incident alone that was open before', () => {
    const room = roomUnderTest();
    tells(room, 'f1', { givenSeverity: 'warning' });
    room.does('ana', silence(['checkout']));
    tells(room, 'f1', { givenSeverity: 'error' });
    tells(room, 'f2', { givenSeverity: 'critical' });
    expect(room.incident()).toMatchObject({ severity: 'SEV1', alertCount: { known: 2, told: 3 } });
    expect(held(room).alertCount.known).toBe(0);
  });

  it('keeps its service out of the incident of a neighbour', () => {
    const room = silenced();
    tells(room, 'p1', { service: 'payments' });
    tells(room, 'c1', { service: 'checkout' });
    breaches(room);
    expect(incidents(room)).toMatchObject([{ services: ['payments'], alertCount: { known: 1 } }]);
    expect(held(room)).toMatchObject({ alertCount: { known: 1 }, breaches: [{ service: 'checkout' }] });
  });

  it('does not hold what is about other services', () => {
    const room = silenced('search');
    tells(room, 'f1');
    expect(room.incident().services).toEqual(['checkout']);
  });

  it('keeps a resolved incident from going on', () => {
    const room = roomUnderTest();
    room.declares();
    room.does('ana', { type: 'resolve', incident: ID });
    room.does('ana', silence(['checkout']));
    breaches(room);
    tells(room, 'f1');
    expect(room.incident().phase).toBe('resolved');
    room.does('ana', lift());
    expect(room.incident()).toMatchObject({ phase: 'triage', alertCount: { known: 1, firing: 1 } });
  });

  it.each(['checkout', 'search', 'a service nobody configured'])('over every service covers %s', (service) => {
    const room = silenced('*');
    tells(room, 'f1', { service });
    expect(incidents(room)).toEqual([]);
  });

  it('can be set for a service that only an incident knows', () => {
    const room = roomUnderTest();
    tells(room, 'f1', { service: 'legacy' });
    expect(outcome(room.asks('ana', silence(['legacy'])))).toBe('allowed');
  });

  it.each([['serch'], ['constructor'], ['__proto__'], ['checkout', 'nope']])(
    'is refused for a service nobody knows: %s',
    (...services) => {
      const decision = roomUnderTest().asks('ana', silence(services));
      expect(decision).toMatchObject({
        ok: false,
        refusal: { reason: 'no-such-service', remedy: 'services: checkout, payments, search, vault' },
      });
    },
  );

  it.each<[string, Record<string, unknown>, boolean]>([
    ['a minute', { forMs: MINUTE }, true],
    ['a second', { forMs: 1_000 }, false],
    ['a week', { forMs: LONGEST_SILENCE_MS }, true],
    ['a year', { forMs: 365 * 24 * HOUR }, false],
    ['half a millisecond more than an hour', { forMs: HOUR + 0.5 }, false],
    ['nothing at all', { forMs: Number.NaN }, false],
    ['an hour, begun in the past', { startsInMs: -1 }, false],
    ['an hour, in a month', { startsInMs: 30 * 24 * HOUR }, true],
    ['an hour, in a year', { startsInMs: 365 * 24 * HOUR }, false],
    ['no service', { services: [] }, false],
    ['51 services', { services: Array(51).fill('checkout') }, false],
    ['a name of escapes alone', { services: ['\u001b[2J'] }, false],
    ['an hour with something nobody knows', { extra: 1 }, false],
  ])('for %s passes the door: %j, %s', (_what, change, passes) => {
    const input = { ...silence(['checkout'], HOUR), ...change };
    expect(personCommandSchema.safeParse(input).success).toBe(passes);
  });
});

describe('at the end of a silence', () => {
  const ends: readonly (readonly [string, (room: RoomUnderTest) => void])[] = [
    ['lifted', (room) => room.does('ben', lift())],
    [
      'expired',
      (room) => {
        room.pass(30 * MINUTE);
        doWhatIsDue(room);
      },
    ],
  ];

  it.each(ends)('%s, what still fires is declared: one incident for each problem, whoever told', (because, end) => {
    const room = silenced('*');
    tells(room, 'f1', { givenSeverity: 'warning' });
    tells(room, 'f1', { source: 'grafana', givenSeverity: 'critical' });
    tells(room, 'p1', { service: 'payments' });
    tells(room, 's1', { service: 'search', givenSeverity: 'info' });
    tells(room, 'v1', { service: 'vault' });
    end(room);
    expect(held(room).ended).toMatchObject({ because });
    expect(incidents(room).map(({ id, services, severity }) => ({ id, services, severity }))).toEqual([
      { id: 'INC-2026-0001', services: ['checkout', 'payments'], severity: 'SEV1' },
      { id: 'INC-2026-0002', services: ['search'], severity: 'SEV4' },
      { id: 'INC-2026-0003', services: ['vault'], severity: 'SEV1' },
    ]);
    expect(room.incident()).toMatchObject({ cause: 'alert', alertCount: { known: 3, firing: 3, told: 3 } });
    tells(room, 'n1', { service: 'unheard-of' });
    expect(incidents(room)).toHaveLength(4);
  });

  it.each(ends)('%s, what was cleared meanwhile is not declared', (_because, end) => {
    const room = silenced();
    tells(room, 'f1');
    tells(room, 'f1', { firing: false });
    expect(held(room).alertCount).toEqual({ known: 1, firing: 0, told: 1 });
    end(room);
    expect(incidents(room)).toEqual([]);
  });

  it('an alert counts as it was told last, or worst while it fired', () => {
    const room = silenced('*');
    tells(room, 'f1', { givenSeverity: 'warning' });
    tells(room, 'f1', { givenSeverity: 'critical', message: 'all down' });
    tells(room, 'f1', { givenSeverity: 'warning' });
    tells(room, 's1', { service: 'search', givenSeverity: 'critical' });
    tells(room, 's1', { service: 'search', firing: false });
    tells(room, 's1', { service: 'search', givenSeverity: 'info' });
    room.does('ana', lift());
    expect(incidents(room)).toMatchObject([
      { title: 'checkout: all down', severity: 'SEV1' },
      { services: ['search'], severity: 'SEV4' },
    ]);
  });

  it('an alert that a person’s incident heard and that was cleared is not taken for firing', () => {
    const room = silenced();
    tells(room, 'f1');
    room.declares();
    tells(room, 'f1');
    tells(room, 'f1', { firing: false });
    expect(held(room).alertCount.firing).toBe(0);
    room.does('ana', lift());
    expect(room.incident().alertCount).toEqual({ known: 1, firing: 0, told: 1 });
  });

  it('a breach that goes on is declared by the next look', () => {
    const room = silenced();
    breaches(room);
    room.does('ana', lift());
    expect(incidents(room)).toEqual([]);
    breaches(room);
    expect(room.incident()).toMatchObject({ cause: 'rule', services: ['checkout'] });
  });

  it('two thousand alerts become one incident', () => {
    const room = silenced();
    for (let index = 0; index < 2_000; index++) tells(room, `f${index}`);
    room.does('ana', lift());
    // A few hundred at a time: the others are due at once.
    expect(incidents(room)).toMatchObject([{ alertCount: { known: 500 } }]);
    doWhatIsDue(room);
    expect(deadlinesOf(room.room()).filter(({ command }) => command.type === 'tell-held')).toEqual([]);
    expect(incidents(room)).toMatchObject([{ alertCount: { known: 2_000, firing: 2_000, told: 2_000 } }]);
    expect(alertsIn(room.incident().alerts)).toHaveLength(2_000);
  });

  it('an alert that was over before its turn is told to nobody', () => {
    const room = silenced();
    for (let index = 0; index < 501; index++) tells(room, `f${index}`);
    room.does('ana', lift());
    tells(room, 'f500', { firing: false });
    doWhatIsDue(room);
    expect(room.incident().alertCount).toEqual({ known: 500, firing: 500, told: 500 });
  });

  it('an alert that was told is over in its incident alone', () => {
    const room = silenced();
    tells(room, 'f1');
    room.does('ana', lift());
    expect(tells(room, 'f1', { firing: false })).toMatchObject({ events: [{ type: 'alert.cleared' }] });
  });

  it('it cannot end again, and one that never was neither', () => {
    const room = silenced();
    room.does('ben', lift());
    expect(outcome(room.asks('ben', lift()))).toBe('already-so');
    for (const id of ['S2', '__proto__', 'constructor', ''])
      expect(outcome(room.asks('ben', lift(id)))).toBe('no-such-silence');
  });

  it('is not before its time', () => {
    const room = silenced();
    room.pass(30 * MINUTE - 1);
    expect(outcome(room.agentAsks({ type: 'end-silence', silence: 'S1' }))).toBe('nothing-due');
    expect(deadlinesOf(room.room())).toEqual([
      { at: plusMs(START, 30 * MINUTE), command: { type: 'end-silence', silence: 'S1' } },
    ]);
  });

  it('what comes between the end and its record is declared', () => {
    const room = silenced();
    tells(room, 'f1');
    room.pass(30 * MINUTE);
    tells(room, 'f2');
    expect(room.incident().alertCount.known).toBe(1);
    doWhatIsDue(room);
    expect(incidents(room)).toHaveLength(1);
    expect(room.incident().alertCount).toEqual({ known: 2, firing: 2, told: 2 });
  });
});

describe('a planned silence', () => {
  it('holds nothing before it begins, everything while it lasts, and nothing after', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['*'], 30 * MINUTE, HOUR));
    expect(silenceState(held(room), room.now())).toBe('planned');
    tells(room, 'before', { service: 'search' });
    expect(incidents(room)).toHaveLength(1);
    room.pass(HOUR);
    expect(silenceState(held(room), room.now())).toBe('in-force');
    tells(room, 'during');
    expect(incidents(room)).toHaveLength(1);
    room.pass(30 * MINUTE);
    expect(silenceState(held(room), room.now())).toBe('ended');
    tells(room, 'after', { service: 'vault' });
    expect(incidents(room).map(({ services }) => services)).toEqual([['search'], ['vault']]);
  });

  it('can be called off before it begins', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['checkout'], HOUR, HOUR));
    room.does('ben', lift());
    room.pass(HOUR);
    expect(silenceOver(room.room(), 'checkout', room.now())).toBeNull();
  });
});

describe('overlapping silences', () => {
  it('hand over what they hold to the one that lasts longer', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['checkout'], 30 * MINUTE));
    tells(room, 'f1');
    breaches(room);
    room.does('ben', silence(['*'], HOUR));
    room.pass(30 * MINUTE);
    doWhatIsDue(room);
    expect(incidents(room)).toEqual([]);
    expect(held(room, 'S1').ended).toMatchObject({ because: 'expired' });
    expect(alertIn(held(room, 'S2').alerts, 'am/f1')).toMatchObject({ count: 1 });
    expect(outcome(breaches(room))).toBe('allowed');
    expect(incidents(room)).toEqual([]);
    room.pass(30 * MINUTE);
    doWhatIsDue(room);
    expect(room.incident().alertCount).toEqual({ known: 1, firing: 1, told: 1 });
  });

  it('that hold the same alert let it go together when it clears', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['checkout'], 30 * MINUTE));
    tells(room, 'f1');
    room.does('ben', silence(['checkout'], HOUR));
    tells(room, 'f1');
    tells(room, 'f1', { firing: false });
    expect([held(room, 'S1').alertCount.firing, held(room, 'S2').alertCount.firing]).toEqual([0, 0]);
    room.pass(HOUR);
    doWhatIsDue(room);
    expect(incidents(room)).toEqual([]);
  });

  it('that end in the same moment declare once', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['checkout']));
    tells(room, 'f1');
    room.does('ben', silence(['*']));
    tells(room, 's1', { service: 'search' });
    tells(room, 'f2');
    room.pass(30 * MINUTE);
    doWhatIsDue(room);
    expect(incidents(room).map(({ id, services }) => [id, ...services])).toEqual([
      ['INC-2026-0001', 'checkout'],
      ['INC-2026-0002', 'search'],
    ]);
  });
});

describe('silences that ended', () => {
  it('are kept, fifty of them, and never one that has not', () => {
    const room = roomUnderTest();
    room.does('ana', silence(['search'], HOUR));
    for (let number = 2; number <= 61; number++) {
      room.does('ana', silence(['checkout'], HOUR));
      room.does('ana', lift(`S${number}`));
    }
    const ids = Object.keys(room.room().silences);
    expect(ids).toHaveLength(51);
    expect(ids.slice(0, 2)).toEqual(['S1', 'S12']);
    room.does('ana', silence(['payments']));
    expect(Object.keys(room.room().silences).at(-1)).toBe('S62');
  });

  it('are kept for as long as they hold what was not told', () => {
    const room = silenced();
    for (let index = 0; index < 600; index++) tells(room, `f${index}`);
    room.does('ana', lift());
    for (let number = 2; number <= 53; number++) {
      room.does('ana', silence(['payments'], HOUR));
      room.does('ana', lift(`S${number}`));
    }
    expect(held(room).toldUpTo).toBe(500);
    doWhatIsDue(room);
    expect(room.incident().alertCount.known).toBe(600);
    room.does('ana', silence(['payments'], HOUR));
    expect(held(room)).toBeUndefined();
  });
});
