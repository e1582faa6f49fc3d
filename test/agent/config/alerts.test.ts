import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, problemsOf, SHIPPED } from './load.ts';

describe('alert sources', () => {
  it('of Alertmanager, Grafana and our own JSON are there without a word', async () => {
    const { alertSources } = await load({});
    expect(Object.keys(alertSources)).toEqual(['alertmanager', 'grafana', 'generic']);
    expect(alertSources.alertmanager).toEqual({
      name: 'alertmanager',
      kind: 'alertmanager',
      serviceLabels: ['service', 'job', 'app'],
      severityLabels: ['severity', 'priority'],
      severities: {},
      defaultService: null,
      mapping: null,
    });
    expect(alertSources.generic?.mapping).toMatchObject({ alerts: null, message: '/title' });
  });

  it('are adapted and added to', async () => {
    const { alertSources } = await load({
      'alerts.yaml': `sources:
  alertmanager: { serviceLabels: [team], severities: { Blocker: sev1 }, defaultService: checkout }
  grafana:
  second-alertmanager: { kind: alertmanager }
  ticketing:
    kind: generic
    severities: { "1": sev1 }
    mapping: { alerts: /tickets, message: /subject, fingerprint: /id, status: { pointer: /state, cleared: [solved] } }
`,
    });
    expect(Object.keys(alertSources)).toEqual([
      'alertmanager',
      'grafana',
      'generic',
      'second-alertmanager',
      'ticketing',
    ]);
    expect(alertSources.alertmanager).toMatchObject({
      kind: 'alertmanager',
      serviceLabels: ['team'],
      severityLabels: ['severity', 'priority'],
      severities: { blocker: 'sev1' },
      defaultService: 'checkout',
    });
    expect(alertSources['second-alertmanager']).toMatchObject({ name: 'second-alertmanager', kind: 'alertmanager' });
    expect(alertSources.ticketing?.mapping).toEqual({
      alerts: '/tickets',
      service: null,
      severity: null,
      message: '/subject',
      fingerprint: '/id',
      status: { pointer: '/state', cleared: ['solved'] },
    });
  });

  it('of the shipped example load once they are uncommented', async () => {
    const shipped = await readFile(join(SHIPPED, 'alerts.yaml'), 'utf8');
    const example = shipped.slice(shipped.indexOf('# sources:'), shipped.indexOf('\nsources: {}'));
    const { alertSources } = await load({ 'alerts.yaml': example.replaceAll(/^# /gm, '') });
    expect(alertSources.alertmanager).toMatchObject({ severities: { blocker: 'sev1' }, defaultService: 'checkout' });
    expect(alertSources.ticketing).toMatchObject({ kind: 'generic', severities: { '1': 'sev1', '2': 'sev2' } });
  });

  it('with two bad fields have both told, each with its place', async () => {
    const text = 'sources:\n  alertmanager: { serviceLabels: service }\n  grafana:\n    severities: { high: sev9 }\n';
    expect(await problemsOf({ 'alerts.yaml': text })).toEqual([
      'alerts.yaml:2:34 sources.alertmanager.serviceLabels: is "service", expected a list of labels',
      'alerts.yaml:4:25 sources.grafana.severities.high: is "sev9", expected one of sev1, sev2, sev3, sev4',
    ]);
  });
});

describe('a problem of alerts.yaml names line, column, field, what is there and what was expected', () => {
  it.each<[text: string, problem: string]>([
    ['source: {}\n', 'alerts.yaml:1:1 source: is an unknown field, did you mean "sources"?'],
    [
      'sources:\n  a: { kind: datadog }\n',
      'alerts.yaml:2:14 sources.a.kind: is "datadog", expected one of alertmanager, grafana, generic',
    ],
    [
      'sources:\n  a: { defaultService: x }\n',
      'alerts.yaml:2:3 sources.a: has no kind, expected one of alertmanager, grafana, generic',
    ],
    ['sources:\n  a:\n', 'alerts.yaml:2:3 sources.a: has no kind, expected one of alertmanager, grafana, generic'],
    [
      'sources:\n  grafana: { kind: generic }\n',
      'alerts.yaml:2:20 sources.grafana.kind: is generic, expected grafana: give a source of another kind another name',
    ],
    [
      'sources:\n  a: { kind: generic, mapping: {} }\n',
      'alerts.yaml:2:23 sources.a.mapping.message: is missing, expected a JSON pointer such as /alert/title, or "" for all of it',
    ],
    [
      'sources:\n  a: { kind: generic, mapping: { message: title } }\n',
      'alerts.yaml:2:43 sources.a.mapping.message: is "title", expected a JSON pointer such as /alert/title, or "" for all of it',
    ],
    [
      'sources:\n  a: { kind: generic, mapping: { message: /t, status: { pointer: /s, cleared: [] } } }\n',
      'alerts.yaml:2:79 sources.a.mapping.status.cleared: is a list, expected at least one word such as resolved',
    ],
    [
      'sources:\n  grafana: { mapping: { message: /t } }\n',
      'alerts.yaml:2:14 sources.grafana.mapping: is not read from a source of kind grafana, expected serviceLabels, severityLabels and severities',
    ],
    [
      'sources:\n  a: { kind: generic, serviceLabels: [x] }\n',
      'alerts.yaml:2:23 sources.a.serviceLabels: is not read from a source of kind generic, expected mapping',
    ],
    [
      'sources:\n  grafana: { severities: { High: sev1, high: sev2 } }\n',
      'alerts.yaml:2:40 sources.grafana.severities.high: is given twice: upper and lower case are the same',
    ],
    [
      'sources:\n  a/b: { kind: generic }\n',
      'alerts.yaml:2:3 sources.a/b: cannot be its name, expected the name of an alert source: letters, digits, ".", "_" and "-", at most 63',
    ],
    [
      'sources:\n  grafana: { defaultService: "a b" }\n',
      'alerts.yaml:2:30 sources.grafana.defaultService: is "a b", expected the name of a service: letters, digits, ".", "_" and "-", at most 63',
    ],
  ])('%j', async (text, problem) => {
    expect(await problemsOf({ 'alerts.yaml': text })).toContain(problem);
  });
});
