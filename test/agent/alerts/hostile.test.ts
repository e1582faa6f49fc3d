import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncomingAlert, ReadAlerts } from '../../../src/agent/alerts/incoming-alert.ts';
import { readAlerts } from '../../../src/agent/alerts/read-alerts.ts';
import { safeText } from '../../../src/incident/text.ts';
import { alertmanagerBody, grafanaAlert, grafanaBody, highErrorRate, source } from './bodies.ts';

const SOURCES = [source('alertmanager'), source('grafana'), source('generic')];
const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u202etxt\u0000\r\n';

/** What the room takes: the limits of its `report-alert`. */
const expectSound = (alert: IncomingAlert): void => {
  const limits = { fingerprint: 200, service: 64, givenSeverity: 40, message: 200 } as const;
  for (const [field, most] of Object.entries(limits)) {
    const text = alert[field as keyof typeof limits];
    expect(text.length).toBeLessThanOrEqual(most);
    expect(safeText(text, most)).toBe(text);
    if (field !== 'givenSeverity') expect(text).not.toBe('');
  }
};

const sound = (result: ReadAlerts): readonly IncomingAlert[] => {
  if (!result.ok) throw new Error(result.problem);
  result.alerts.forEach(expectSound);
  return result.alerts;
};

describe('whatever stands in a body', () => {
  const anything = fc.anything({ withNullPrototype: true, maxDepth: 3 });
  const oftenRight = (right: unknown) => fc.oneof({ weight: 3, arbitrary: fc.constant(right) }, anything);
  const alertLike = fc.record(
    {
      status: oftenRight('firing'),
      labels: fc.oneof(anything, fc.dictionary(fc.string({ unit: 'binary' }), anything)),
      annotations: fc.oneof(anything, fc.dictionary(fc.constantFrom('summary', 'description', '__proto__'), anything)),
      fingerprint: oftenRight('66b1fffcc11a417c'),
      title: oftenRight('disk full'),
      dedup_key: anything,
      severity: anything,
      service: anything,
    },
    { requiredKeys: [] },
  );
  const bodyLike = fc.record(
    {
      version: oftenRight('4'),
      orgId: oftenRight(1),
      alerts: fc.oneof(fc.array(fc.oneof(alertLike, anything)), anything),
      truncatedAlerts: anything,
    },
    { requiredKeys: [] },
  );

  it('nothing is thrown, what is read is sound, and each alert is read or told', () => {
    fc.assert(
      fc.property(fc.oneof(bodyLike, fc.array(alertLike), anything), fc.constantFrom(...SOURCES), (body, from) => {
        const result = readAlerts(from, body);
        if (!result.ok) {
          expect(result.problem).not.toBe('');
          return;
        }
        result.alerts.forEach(expectSound);
        expect(new Set(result.alerts.map(({ fingerprint }) => fingerprint)).size).toBe(result.alerts.length);
        for (const { problem } of result.skipped) expect(problem).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('escapes', () => {
  it('in every field leave plain words', () => {
    const labels = { alertname: ESCAPES, service: `check${ESCAPES}out`, severity: `crit${ESCAPES}ical` };
    const annotations = { summary: `${ESCAPES}41 %${ESCAPES}` };
    const alert = { ...highErrorRate, labels, annotations, fingerprint: `f${ESCAPES}` };
    expect(sound(readAlerts(source('alertmanager'), alertmanagerBody([alert])))).toMatchObject([
      { service: 'checktxt out', givenSeverity: 'crittxt ical', message: 'txt 41 %txt' },
    ]);
  });

  it('do not get into a problem either', () => {
    const result = readAlerts(source('alertmanager'), alertmanagerBody([{ ...highErrorRate, status: ESCAPES }]));
    expect(result).toMatchObject({ skipped: [{ index: 0, problem: 'status is "txt", expected firing or resolved' }] });
  });
});

describe('names that objects inherit', () => {
  it('are labels like any other', () => {
    const text = `{"version":"4","alerts":[{"status":"firing","labels":{"__proto__":"a","constructor":"b"},
      "annotations":{"toString":"c"}}]}`;
    const from = source('alertmanager', { serviceLabels: ['toString', 'constructor'], severityLabels: ['__proto__'] });
    expect(sound(readAlerts(from, JSON.parse(text)))).toMatchObject([
      { service: 'b', givenSeverity: 'a', message: 'an alert without a name' },
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('in a pointer find nothing inherited', () => {
    const from = source('generic', { mapping: { message: '/constructor/name', service: '/__proto__' } });
    expect(readAlerts(from, {})).toMatchObject({ alerts: [], skipped: [{ index: 0 }] });
  });
});

describe('too much', () => {
  it('of one label is cut, and the alert kept', () => {
    const huge = 'x'.repeat(2 * 1024 * 1024);
    const labels = { alertname: huge, service: huge, severity: huge, [huge]: huge };
    const alert = { ...highErrorRate, fingerprint: huge, labels, annotations: { summary: huge } };
    const [read] = sound(readAlerts(source('alertmanager'), alertmanagerBody([alert, { ...alert, fingerprint: '' }])));
    expect(read).toMatchObject({ firing: true, service: `${'x'.repeat(63)}…`, message: `${'x'.repeat(199)}…` });
  });

  it('of alerts in one body is read whole', () => {
    const alerts = Array.from({ length: 10_000 }, (_, index) => ({ ...grafanaAlert, fingerprint: `f${index}` }));
    const result = readAlerts(source('grafana'), grafanaBody(alerts));
    expect(result.ok && result.alerts.length).toBe(10_000);
  });

  it('of depth is no reason to fall over', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    for (const from of SOURCES)
      expect(readAlerts(from, deep)).toMatchObject(from.kind === 'generic' ? { alerts: [] } : { ok: false });
    const alert = {
      ...highErrorRate,
      fingerprint: '',
      labels: { service: deep, deep },
      annotations: { summary: deep },
    };
    expect(sound(readAlerts(source('alertmanager'), alertmanagerBody([alert])))).toMatchObject([
      { service: 'unknown', message: 'an alert without a name' },
    ]);
  });
});
