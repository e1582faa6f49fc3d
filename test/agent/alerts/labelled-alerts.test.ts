import { describe, expect, it } from 'vitest';
import { readAlerts } from '../../../src/agent/alerts/read-alerts.ts';
import type { AlertSource } from '../../../src/agent/config/config.ts';
import {
  alertmanagerBody,
  grafanaAlert,
  grafanaBody,
  highErrorRate,
  highErrorRateOver,
  highLatency,
  source,
} from './bodies.ts';

const read = (body: unknown, from: AlertSource = source('alertmanager')) => {
  const result = readAlerts(from, body);
  if (!result.ok) throw new Error(result.problem);
  return result;
};

const problemOf = (body: unknown, from: AlertSource = source('alertmanager')): string => {
  const result = readAlerts(from, body);
  return result.ok ? 'none' : result.problem;
};

describe('a body of Alertmanager', () => {
  it('gives each alert with its own fingerprint, service, severity and summary', () => {
    expect(read(alertmanagerBody([highErrorRate, highLatency]))).toEqual({
      ok: true,
      alerts: [
        {
          fingerprint: '66b1fffcc11a417c',
          service: 'checkout',
          givenSeverity: 'critical',
          message: '41 % of requests fail',
          firing: true,
        },
        {
          fingerprint: 'cdcd9915c024feb9',
          service: 'checkout',
          givenSeverity: 'warning',
          message: 'p95 is 2 s',
          firing: true,
        },
      ],
      skipped: [],
      truncated: 0,
    });
  });

  it('with one alert over and one firing believes each alert, not the group', () => {
    const { alerts } = read(alertmanagerBody([highErrorRateOver, highLatency]));
    expect(alerts.map(({ fingerprint, firing }) => [fingerprint, firing])).toEqual([
      ['66b1fffcc11a417c', false],
      ['cdcd9915c024feb9', true],
    ]);
  });

  it('that names an alert twice counts the last word', () => {
    const { alerts } = read(alertmanagerBody([highErrorRate, highLatency, highErrorRateOver]));
    expect(alerts.map(({ fingerprint, firing }) => [fingerprint, firing])).toEqual([
      ['66b1fffcc11a417c', false],
      ['cdcd9915c024feb9', true],
    ]);
  });

  it('tells how many alerts its sender cut off', () => {
    expect(read(alertmanagerBody([highErrorRate], 7)).truncated).toBe(7);
    for (const wrong of [-1, 1.5, '7', null, Number.NaN])
      expect(read({ ...alertmanagerBody([highErrorRate]), truncatedAlerts: wrong }).truncated).toBe(0);
  });

  it('may have keys that nobody knows, and none at all in its list', () => {
    expect(read({ ...alertmanagerBody([]), notification_reason: 'x', routeLabels: {} }).alerts).toEqual([]);
  });

  it.each<[body: unknown, problem: string]>([
    [[highErrorRate], 'the body is a list, expected a map as Alertmanager posts it'],
    [null, 'the body is null, expected a map as Alertmanager posts it'],
    ['x', 'the body is "x", expected a map as Alertmanager posts it'],
    [{}, 'version is missing, expected "4", as Alertmanager posts it (Grafana has a source of its own: grafana)'],
    [
      grafanaBody([]),
      'version is "1", expected "4", as Alertmanager posts it (Grafana has a source of its own: grafana)',
    ],
    [{ version: '4' }, 'alerts is missing, expected a list of alerts'],
    [{ version: '4', alerts: {} }, 'alerts is a map, expected a list of alerts'],
  ])('%j is refused with the field and what was expected', (body, problem) => {
    expect(problemOf(body)).toBe(problem);
  });

  it.each<[what: string, wrong: unknown, problem: string]>([
    ['no map', 5, 'the alert is 5, expected a map with status and labels'],
    ['a list', [], 'the alert is a list, expected a map with status and labels'],
    [
      'a status nobody knows',
      { ...highErrorRate, status: 'suppressed' },
      'status is "suppressed", expected firing or resolved',
    ],
    ['no status', { labels: {} }, 'status is missing, expected firing or resolved'],
    ['labels that are a list', { ...highErrorRate, labels: [] }, 'labels is a list, expected a map of texts'],
    ['a fingerprint that is a number', { ...highErrorRate, fingerprint: 5 }, 'fingerprint is 5, expected a text'],
  ])('with an alert that has %s keeps the others, and says which and why', (_what, wrong, problem) => {
    const { alerts, skipped } = read(alertmanagerBody([wrong, highLatency]));
    expect(alerts.map(({ fingerprint }) => fingerprint)).toEqual(['cdcd9915c024feb9']);
    expect(skipped).toEqual([{ index: 0, problem }]);
  });
});

describe('a body of Grafana', () => {
  it('gives its alerts', () => {
    expect(read(grafanaBody([grafanaAlert]), source('grafana')).alerts).toEqual([
      {
        fingerprint: '1a2b3c4d5e6f7081',
        service: 'orders',
        givenSeverity: 'P2',
        message: 'No order finished for 5 min',
        firing: true,
      },
    ]);
  });

  it('is known by its version or by its organisation', () => {
    const { orgId: _orgId, ...withoutOrganisation } = grafanaBody([grafanaAlert]);
    const { version: _version, ...withoutVersion } = grafanaBody([grafanaAlert]);
    expect(read(withoutOrganisation, source('grafana')).alerts).toHaveLength(1);
    expect(read(withoutVersion, source('grafana')).alerts).toHaveLength(1);
    expect(problemOf(alertmanagerBody([]), source('grafana'))).toBe(
      'version is "4", expected "1" or an orgId beside it, as Grafana posts it',
    );
    expect(problemOf({ version: '1', alerts: null }, source('grafana'))).toBe(
      'alerts is null, expected a list of alerts',
    );
  });

  it('says OK where the alert does', () => {
    const { alerts } = read(grafanaBody([{ ...grafanaAlert, status: 'resolved' }]), source('grafana'));
    expect(alerts[0]?.firing).toBe(false);
  });
});

describe('the message of an alert', () => {
  it.each<[annotations: unknown, labels: Record<string, unknown>, message: string]>([
    [{ summary: 's', description: 'd', message: 'm' }, {}, 's'],
    [{ summary: ' ', description: 'd', message: 'm' }, {}, 'd'],
    [{ message: 'm', title: 't' }, {}, 'm'],
    [{ title: 't' }, {}, 't'],
    [{ summary: 5 }, {}, '5'],
    [{ summary: { a: 1 } }, { alertname: 'High' }, 'High'],
    [{}, { alertname: 'High' }, 'High'],
    [null, { alertname: 'High' }, 'High'],
    ['nonsense', {}, 'an alert without a name'],
    [{ summary: '\u001b[31m' }, {}, 'an alert without a name'],
  ])('with annotations %j and labels %j is "%s"', (annotations, labels, message) => {
    const { alerts } = read(alertmanagerBody([{ ...highErrorRate, annotations, labels }]));
    expect(alerts[0]?.message).toBe(message);
  });
});

describe('the service of an alert', () => {
  it.each<[labels: Record<string, unknown>, service: string]>([
    [{ service: 'a', job: 'b', app: 'c' }, 'a'],
    [{ job: 'b', app: 'c' }, 'b'],
    [{ service: '', app: 'c' }, 'c'],
    [{ service: ['a'], app: 7 }, '7'],
    [{}, 'unknown'],
  ])('with labels %j is %s', (labels, service) => {
    expect(read(alertmanagerBody([{ ...highErrorRate, labels }])).alerts[0]?.service).toBe(service);
  });

  it('comes from the labels the team names, else from the default the team names', () => {
    const adapted = source('alertmanager', { serviceLabels: ['team', 'constructor'], defaultService: 'platform' });
    const serviceOf = (labels: object) =>
      read(alertmanagerBody([{ ...highErrorRate, labels }]), adapted).alerts[0]?.service;
    expect(serviceOf({ team: 'data', service: 'checkout' })).toBe('data');
    expect(serviceOf({ service: 'checkout' })).toBe('platform');
  });
});

describe('the severity of an alert', () => {
  const severityOf = (labels: object, from = source('alertmanager')) =>
    read(alertmanagerBody([{ ...highErrorRate, labels }]), from).alerts[0]?.givenSeverity;

  it('is the first label that has one, and empty where none has', () => {
    expect(severityOf({ severity: 'page', priority: 'P3' })).toBe('page');
    expect(severityOf({ priority: 'P3' })).toBe('P3');
    expect(severityOf({ severity: 2 })).toBe('2');
    expect(severityOf({ severity: null })).toBe('');
    expect(severityOf({})).toBe('');
  });

  it("is ours where the source's own table has its word, in any case", () => {
    const adapted = source('alertmanager', { severities: { Blocker: 'sev1', warning: 'sev4' } });
    expect(severityOf({ severity: 'BLOCKER' }, adapted)).toBe('sev1');
    expect(severityOf({ severity: 'warning' }, adapted)).toBe('sev4');
    expect(severityOf({ severity: 'critical' }, adapted)).toBe('critical');
    expect(severityOf({ severity: 'constructor' }, adapted)).toBe('constructor');
  });
});

describe('the fingerprint of an alert', () => {
  const fingerprintOf = (change: object) =>
    read(alertmanagerBody([{ ...highErrorRate, ...change }])).alerts[0]?.fingerprint ?? '';

  it('is made of the labels where there is none, whatever their order', () => {
    const one = fingerprintOf({ fingerprint: undefined, labels: { a: '1', b: '2' } });
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf({ fingerprint: '', labels: { b: '2', a: '1' } })).toBe(one);
    expect(fingerprintOf({ fingerprint: null, labels: { a: '1', b: '3' } })).not.toBe(one);
    expect(fingerprintOf({ fingerprint: '', labels: { a: '1', b: '2' }, annotations: {}, status: 'resolved' })).toBe(
      one,
    );
  });

  it('is made of service and message where there are no labels either', () => {
    const one = fingerprintOf({ fingerprint: '', labels: {} });
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf({ fingerprint: '', labels: {}, annotations: { summary: 'other' } })).not.toBe(one);
  });

  it('that is too long to keep stays different from another that begins alike', () => {
    const long = 'f'.repeat(300);
    expect(fingerprintOf({ fingerprint: `${long}1` })).not.toBe(fingerprintOf({ fingerprint: `${long}2` }));
    expect(fingerprintOf({ fingerprint: 'a\u001b[31mb' })).not.toBe(fingerprintOf({ fingerprint: 'ab' }));
  });
});
