// Owns bodies as Alertmanager 0.25 and Grafana really post them, and the sources that read them.
import { buildAlertSources } from '../../../src/agent/config/build-alerts.ts';
import type { AlertSource } from '../../../src/agent/config/config.ts';
import type { AlertSourceEntry } from '../../../src/agent/config/schema/alerts.ts';

/** A built-in source, adapted as alerts.yaml would. */
export const source = (name: 'alertmanager' | 'grafana' | 'generic', entry: AlertSourceEntry = {}): AlertSource => {
  const built = buildAlertSources({ sources: { [name]: entry } }, (field, message) => {
    throw new Error(`${field.join('.')} ${message}`);
  });
  return built[name]!;
};

type Labels = Readonly<Record<string, unknown>>;

export const highErrorRate = {
  status: 'firing',
  labels: { alertname: 'HighErrorRate', instance: 'a:1', service: 'checkout', severity: 'critical' } as Labels,
  annotations: { description: 'more', summary: '41 % of requests fail' } as Labels,
  startsAt: '2026-11-22T19:15:34.981486016Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph',
  fingerprint: '66b1fffcc11a417c',
};

export const highLatency = {
  status: 'firing',
  labels: { alertname: 'HighLatency', instance: 'a:1', service: 'checkout', severity: 'warning' } as Labels,
  annotations: { description: 'p95 is 2 s' } as Labels,
  startsAt: '2026-11-22T19:15:34.981486016Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: '',
  fingerprint: 'cdcd9915c024feb9',
};

/** As the API of Alertmanager makes it of an alert that ended: what was annotated is gone. */
export const highErrorRateOver = {
  ...highErrorRate,
  status: 'resolved',
  annotations: {},
  startsAt: '2020-01-01T00:00:00Z',
  endsAt: '2020-01-01T00:00:00Z',
};

export const alertmanagerBody = (alerts: readonly unknown[], truncatedAlerts = 0) => ({
  receiver: 'room',
  status: 'firing',
  alerts,
  groupLabels: { service: 'checkout' },
  commonLabels: { instance: 'a:1', service: 'checkout' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
  version: '4',
  groupKey: '{}:{service="checkout"}',
  truncatedAlerts,
});

export const grafanaAlert = {
  status: 'firing',
  labels: { alertname: 'Orders stuck', grafana_folder: 'Shop', priority: 'P2', app: 'orders' } as Labels,
  annotations: { summary: 'No order finished for 5 min' } as Labels,
  startsAt: '2026-11-22T19:15:30Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://grafana.example/alerting/grafana/cdeqmlhvflz40f/view?orgId=1',
  fingerprint: '1a2b3c4d5e6f7081',
  silenceURL: 'https://grafana.example/alerting/silence/new?alertmanager=grafana',
  dashboardURL: '',
  panelURL: '',
  values: { B: 0, C: 1 },
  valueString: "[ var='B' labels={} value=0 ], [ var='C' labels={} value=1 ]",
};

export const grafanaBody = (alerts: readonly unknown[]) => ({
  receiver: 'warroom',
  status: 'firing',
  alerts,
  groupLabels: { alertname: 'Orders stuck', grafana_folder: 'Shop' },
  commonLabels: { grafana_folder: 'Shop' },
  commonAnnotations: {},
  externalURL: 'https://grafana.example/',
  version: '1',
  groupKey: '{}:{alertname="Orders stuck", grafana_folder="Shop"}',
  truncatedAlerts: 0,
  orgId: 1,
  title: '[FIRING:1] Orders stuck Shop (orders P2)',
  state: 'alerting',
  message: '**Firing**\n\nValue: B=0, C=1\nLabels:\n - alertname = Orders stuck\n',
});
