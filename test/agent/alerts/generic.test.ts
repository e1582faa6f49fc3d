import { describe, expect, it } from 'vitest';
import { readAlerts } from '../../../src/agent/alerts/read-alerts.ts';
import type { AlertSource } from '../../../src/agent/config/config.ts';
import { source } from './bodies.ts';

const read = (body: unknown, from: AlertSource = source('generic')) => {
  const result = readAlerts(from, body);
  if (!result.ok) throw new Error(result.problem);
  return result;
};

describe('our own JSON', () => {
  it('is one alert', () => {
    expect(
      read({ title: 'disk full', status: 'firing', dedup_key: 'd1', severity: 'high', service: 'db' }).alerts,
    ).toEqual([{ fingerprint: 'd1', service: 'db', givenSeverity: 'high', message: 'disk full', firing: true }]);
  });

  it('needs only a title', () => {
    const [alert] = read({ title: 'disk full' }).alerts;
    expect(alert).toMatchObject({ service: 'unknown', givenSeverity: '', message: 'disk full', firing: true });
    expect(read({ title: 'disk full' }).alerts[0]?.fingerprint).toBe(alert?.fingerprint);
    expect(read({ title: 'disk full', service: 'db' }).alerts[0]?.fingerprint).not.toBe(alert?.fingerprint);
  });

  it('may be a list of alerts', () => {
    expect(read([{ title: 'a' }, { title: 'b' }, { title: 'a' }]).alerts.map(({ message }) => message)).toEqual([
      'a',
      'b',
    ]);
  });

  it('says that it is over by status, and needs no title then where its key names it', () => {
    expect(read({ title: 'disk full', status: 'Resolved', dedup_key: 'd1' }).alerts[0]?.firing).toBe(false);
    expect(read({ status: 'resolved', dedup_key: 'd1' }).alerts).toMatchObject([{ fingerprint: 'd1', firing: false }]);
    expect(read({ status: 'resolved' }).skipped).toHaveLength(1);
  });

  it('fires with a status nobody knows: a typo must not silence a page', () => {
    expect(read({ title: 'x', status: 'reslved' }).alerts[0]?.firing).toBe(true);
  });

  it.each<[body: unknown, problem: string]>([
    [{}, '/title is missing, expected a text that says what is wrong'],
    [{ title: '' }, '/title is "", expected a text that says what is wrong'],
    [{ title: ['a'] }, '/title is a list, expected a text that says what is wrong'],
    [{ title: 'a', status: {} }, '/status is a map, expected a text that says whether it fires'],
    [{ title: 'a', dedup_key: [1] }, '/dedup_key is a list, expected a text that names the alert'],
    [null, '/title is missing, expected a text that says what is wrong'],
    ['down!', '/title is missing, expected a text that says what is wrong'],
  ])('%j cannot be read, and says why', (body, problem) => {
    expect(read(body)).toEqual({ ok: true, alerts: [], skipped: [{ index: 0, problem }], truncated: 0 });
  });
});

describe('JSON of any shape', () => {
  const ticketing = source('generic', {
    severities: { '1': 'sev1' },
    defaultService: 'helpdesk',
    mapping: {
      alerts: '/data/tickets',
      service: '/system/name',
      severity: '/priority',
      message: '/subject~1line',
      fingerprint: '/id',
      status: { pointer: '/open', cleared: ['false'] },
    },
  });

  it('is read where the pointers point', () => {
    const body = {
      data: {
        tickets: [
          { id: 7, open: true, priority: 1, 'subject/line': 'nobody can pay', system: { name: 'payments' } },
          { id: 8, open: false, priority: 2, 'subject/line': 'slow' },
        ],
      },
    };
    expect(read(body, ticketing).alerts).toEqual([
      { fingerprint: '7', service: 'payments', givenSeverity: 'sev1', message: 'nobody can pay', firing: true },
      { fingerprint: '8', service: 'helpdesk', givenSeverity: '2', message: 'slow', firing: false },
    ]);
  });

  it('without the list is refused', () => {
    expect(readAlerts(ticketing, { data: {} })).toEqual({
      ok: false,
      problem: '/data/tickets is missing, expected a list of alerts',
    });
    expect(readAlerts(source('generic', { mapping: { alerts: '', message: '' } }), {})).toEqual({
      ok: false,
      problem: 'the body is a map, expected a list of alerts',
    });
  });

  it('may be a list of words', () => {
    const words = source('generic', { mapping: { alerts: '', message: '' } });
    expect(read(['disk full', 'disk full', 'fire'], words).alerts.map(({ message }) => message)).toEqual([
      'disk full',
      'fire',
    ]);
  });

  it('always fires where no status is mapped', () => {
    const plain = source('generic', { mapping: { message: '/m', status: null } });
    expect(read({ m: 'x', status: 'resolved' }, plain).alerts[0]?.firing).toBe(true);
  });
});
