import { describe, expect, it } from 'vitest';
import { alertIn, alertKey, alertsIn, noAlerts, withAlert } from '../../src/incident/alerts.ts';
import type { AlertTold, Command } from '../../src/incident/commands.ts';
import { STRANGERS_APART } from '../../src/incident/decide-alert.ts';
import type { IncidentEvent } from '../../src/incident/events.ts';
import { ALERTS_TOLD } from '../../src/incident/evolve.ts';
import type { JoinedAlert } from '../../src/incident/state.ts';
import { safeText } from '../../src/incident/text.ts';
import { alertTold, outcome, type RoomUnderTest, roomUnderTest, START } from '../support/room.ts';

const ID = 'INC-2026-0001';
const NO_COUNT = { known: 0, firing: 0, told: 0 };

const tell = (alert: AlertTold): Command => ({ type: 'report-alert', ...alert }) as Command;
const tells = (room: RoomUnderTest, fingerprint: string, more: Parameters<typeof alertTold>[1] = {}) =>
  room.asks('am', tell(alertTold(fingerprint, more)));
const tellsAll = (room: RoomUnderTest, ...alerts: readonly AlertTold[]) =>
  room.agentAsks({ type: 'report-alerts', alerts });
const incidents = (room: RoomUnderTest) => Object.values(room.room().incidents);
const typesOf = (events: readonly IncidentEvent[]) => events.map((event) => event.type);

const recount = (room: RoomUnderTest, id = ID) => {
  const alerts = alertsIn(room.incident(id).alerts);
  return {
    known: alerts.length,
    firing: alerts.filter((alert) => alert.clearedAt === null).length,
    told: alerts.reduce((sum, alert) => sum + alert.count, 0),
  };
};

const joined = (fingerprint: string, ordinal = 1): JoinedAlert => ({
  ...alertTold(fingerprint),
  joinedAt: START,
  ordinal,
  severity: 'SEV1',
  severityKnown: true,
  count: 1,
  ends: 0,
  clearedAt: null,
});

/** How many entries one state does not share with the one before. */
const copied = (before: unknown, after: unknown): number =>
  after === before || typeof after !== 'object' || after === null
    ? 0
    : Object.entries(after).reduce(
        (sum, [key, its]) => sum + copied((before as Record<string, unknown> | undefined)?.[key], its),
        Object.keys(after).length,
      );

describe('the drawers of alerts', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'd1', '漢', '🔥'.repeat(100), '1'])(
    'find a key that is odd and no other: %j',
    (key) => {
      expect(alertIn(noAlerts, key)).toBeUndefined();
      const one = withAlert(noAlerts, key, joined('x'));
      expect(alertIn(one, key)).toEqual(joined('x'));
      expect(alertIn(JSON.parse(JSON.stringify(one)), key)).toEqual(joined('x'));
      expect(alertIn(one, `${key}.`)).toBeUndefined();
      expect(alertsIn(one)).toHaveLength(1);
    },
  );

  it('keep the same fingerprint of two sources apart', () => {
    expect(alertKey({ source: 'am', fingerprint: 'f' })).not.toBe(alertKey({ source: 'grafana', fingerprint: 'f' }));
  });

  it('list the oldest first, and change only what was told', () => {
    const old = withAlert(withAlert(noAlerts, 'b', joined('b', 2)), 'a', joined('a', 1));
    const next = withAlert(old, 'c', joined('c', 3));
    expect(alertsIn(next).map((alert) => alert.fingerprint)).toEqual(['a', 'b', 'c']);
    expect(alertsIn(old)).toHaveLength(2);
    expect(Object.entries(next).filter(([name, drawer]) => old[name] !== drawer)).toHaveLength(1);
  });
});

describe('a storm', () => {
  it('of ten thousand alerts is one incident with a count, none lost, and a timeline that can be read', () => {
    const room = roomUnderTest();
    for (let index = 0; index < 10_000; index++) tells(room, `f${index}`);
    expect(incidents(room)).toHaveLength(1);
    expect(room.incident().alertCount).toEqual({ known: 10_000, firing: 10_000, told: 10_000 });
    expect(recount(room)).toEqual(room.incident().alertCount);
    // The beginning, a little over the told alerts, is all that the timeline keeps.
    expect(room.incident().timeline.length).toBeLessThan(2 * ALERTS_TOLD);
    const before = room.incident().alerts;
    tells(room, 'one more');
    expect(copied(before, room.incident().alerts)).toBeLessThan(300);
  });

  it('told again and cleared is counted, not repeated', () => {
    const room = roomUnderTest();
    const all = Array.from({ length: 300 }, (_, index) => `f${index}`);
    for (const round of ['joins', 'repeats', 'clears', 'comes back'])
      for (const fingerprint of all) tells(room, fingerprint, { firing: round !== 'clears' });
    expect(room.incident().alertCount).toEqual({ known: 300, firing: 300, told: 900 });
    expect(recount(room)).toEqual(room.incident().alertCount);
    expect(incidents(room)).toHaveLength(1);
    expect(room.incident().timeline.length).toBeLessThan(2 * ALERTS_TOLD);
  });

  it('of one alert that comes and goes leaves a few lines and a count', () => {
    const room = roomUnderTest();
    for (let times = 0; times < 500; times++) {
      tells(room, 'f1');
      tells(room, 'f1', { firing: false });
    }
    expect(room.incident().alertCount).toEqual({ known: 1, firing: 0, told: 500 });
    expect(alertIn(room.incident().alerts, 'am/f1')).toMatchObject({ count: 500, clearedAt: START });
    expect(typesOf(room.incident().timeline.map((entry) => entry.event))).toEqual([
      'incident.declared',
      'response.expected',
      'escalation.started',
      'alert.joined',
      'alert.cleared',
      'alert.cleared',
      'alert.cleared',
    ]);
  });

  it('of alerts that disagree on a severity which a person chose proposes the worst, once', () => {
    const room = roomUnderTest();
    room.declares(['checkout'], 'SEV3');
    for (let times = 0; times < 50; times++) {
      tells(room, 'f1', { givenSeverity: 'error' });
      tells(room, 'f2', { givenSeverity: 'critical' });
    }
    expect(room.incident()).toMatchObject({ severity: 'SEV3', proposedSeverity: { to: 'SEV1' } });
    const proposals = room.incident().timeline.filter((entry) => entry.event.type === 'severity.proposed');
    expect(proposals).toHaveLength(2);
  });

  it.each(['__proto__', 'constructor', 'a/b', '../x', ' ', '\u202e', 'x'.repeat(500)])(
    'with the fingerprint %j is counted like any other',
    (fingerprint) => {
      const room = roomUnderTest();
      for (const firing of [true, true, false, true]) tells(room, fingerprint, { firing });
      expect(room.incident().alertCount).toEqual({ known: 1, firing: 1, told: 3 });
      expect(recount(room)).toEqual(room.incident().alertCount);
    },
  );

  it.each(['__proto__', 'constructor', 'unheard-of'])(
    'about the service %s, which nobody configured, is one incident',
    (service) => {
      const room = roomUnderTest();
      for (const fingerprint of ['f1', 'f2', 'f1']) tells(room, fingerprint, { service });
      expect(incidents(room)).toMatchObject([
        { services: [service], environment: { name: 'unknown', production: true } },
      ]);
      expect(room.incident().alertCount).toEqual({ known: 2, firing: 2, told: 3 });
    },
  );
});

describe('a storm of services that nobody configured', () => {
  it('opens some incidents, then gathers in the newest; no alert is lost, and a known service keeps its own', () => {
    const room = roomUnderTest();
    const strange = Array.from({ length: 500 }, (_, index) => alertTold(`f${index}`, { service: `made-up-${index}` }));
    tellsAll(room, ...strange, alertTold('known', { service: 'search' }));
    expect(incidents(room)).toHaveLength(STRANGERS_APART + 1);
    const gathered = incidents(room)[STRANGERS_APART - 1];
    expect(gathered?.services).toHaveLength(50);
    expect(gathered?.alertCount.known).toBe(500 - STRANGERS_APART + 1);
    expect(incidents(room).at(-1)?.services).toEqual(['search']);
    expect(incidents(room).reduce((sum, one) => sum + one.alertCount.known, 0)).toBe(501);
  });

  it('gives room again once some are resolved', () => {
    const room = roomUnderTest();
    for (let index = 0; index < STRANGERS_APART; index++) tells(room, `f${index}`, { service: `made-up-${index}` });
    room.does('ana', { type: 'close', incident: ID, falseAlarm: true, reason: safeText('') });
    tells(room, 'one more', { service: 'another' });
    expect(incidents(room).at(-1)?.services).toEqual(['another']);
  });
});

describe('alerts that a source tells at once', () => {
  it('are one commit', () => {
    const room = roomUnderTest();
    tellsAll(room, alertTold('f1'), alertTold('f2'), alertTold('f1'));
    expect(room.commits()).toHaveLength(1);
    expect(typesOf(room.commits()[0]?.events ?? [])).toEqual([
      'incident.declared',
      'response.expected',
      'escalation.started',
      'alert.joined',
      'alert.joined',
      'alert.repeated',
    ]);
    expect(room.incident().alertCount).toEqual({ known: 2, firing: 2, told: 3 });
  });

  it('are one incident for neighbours and another for strangers', () => {
    const room = roomUnderTest();
    tellsAll(
      room,
      alertTold('p', { service: 'payments', givenSeverity: 'warning' }),
      alertTold('s', { service: 'search' }),
      alertTold('c', { service: 'checkout', givenSeverity: 'critical' }),
      alertTold('v', { service: 'vault', source: 'grafana' }),
    );
    expect(incidents(room).map(({ id, services, severity }) => [id, severity, ...services])).toEqual([
      ['INC-2026-0001', 'SEV1', 'payments', 'checkout'],
      ['INC-2026-0002', 'SEV1', 'search'],
      ['INC-2026-0003', 'SEV1', 'vault'],
    ]);
  });

  it('and take back at once leave an incident with nothing firing', () => {
    const room = roomUnderTest();
    tellsAll(room, alertTold('f1'), alertTold('f1', { firing: false }), alertTold('f1', { firing: false }));
    expect(room.incident().alertCount).toEqual({ known: 1, firing: 0, told: 1 });
  });

  it('leave out what is no news, and are refused when nothing is', () => {
    const room = roomUnderTest();
    expect(outcome(tellsAll(room, alertTold('f1', { firing: false })))).toBe('nothing-due');
    expect(outcome(tellsAll(room))).toBe('nothing-due');
    tellsAll(room, alertTold('gone', { firing: false }), alertTold('f1'));
    expect(room.incident().alertCount.known).toBe(1);
  });

  it('are held and declared in one commit where a silence covers some of them', () => {
    const room = roomUnderTest();
    room.does('ana', {
      type: 'silence',
      services: [safeText('checkout')],
      startsInMs: 0,
      forMs: 3_600_000,
      reason: safeText(''),
    });
    tellsAll(room, alertTold('c'), alertTold('p', { service: 'payments' }));
    expect(incidents(room)).toMatchObject([{ services: ['payments'] }]);
    expect(room.room().silences.S1?.alertCount).toEqual({ known: 1, firing: 1, told: 1 });
  });
});

describe('an alert that is over', () => {
  it('is over in a resolved incident too: should it go on, nothing fires that does not', () => {
    const room = roomUnderTest();
    tells(room, 'f1');
    tells(room, 'f2');
    room.does('ana', { type: 'resolve', incident: ID });
    tells(room, 'f1', { firing: false });
    expect(room.incident()).toMatchObject({ phase: 'resolved', alertCount: { known: 2, firing: 1, told: 2 } });
    tells(room, 'f2');
    expect(room.incident()).toMatchObject({ phase: 'triage', alertCount: { known: 2, firing: 1, told: 3 } });
  });

  it('changes nothing in a closed one', () => {
    const room = roomUnderTest();
    tells(room, 'f1');
    room.does('ana', { type: 'close', incident: ID, falseAlarm: true, reason: safeText('') });
    expect(outcome(tells(room, 'f1', { firing: false }))).toBe('nothing-due');
    tells(room, 'f1');
    expect(incidents(room).map((one) => one.alertCount)).toEqual([
      { known: 1, firing: 1, told: 1 },
      { known: 1, firing: 1, told: 1 },
    ]);
  });

  it('counts nothing before anything was told', () => {
    const room = roomUnderTest();
    room.declares();
    expect(room.incident().alertCount).toEqual(NO_COUNT);
  });
});
