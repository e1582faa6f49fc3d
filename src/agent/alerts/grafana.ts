// Owns the body of Grafana's webhook: told from Alertmanager's by version "1" or the number of an organisation.
import { own } from '../../incident/own.ts';
import { truncatedIn } from './alertmanager.ts';
import { isMap, mismatch, textOf } from './foreign-value.ts';
import type { Entries } from './incoming-alert.ts';

export const grafanaEntries = (body: unknown): Entries => {
  if (!isMap(body)) return { ok: false, problem: mismatch('the body', body, 'a map as Grafana posts it') };
  const version = own(body, 'version');
  if (textOf(version) !== '1' && typeof own(body, 'orgId') !== 'number') {
    return { ok: false, problem: mismatch('version', version, '"1" or an orgId beside it, as Grafana posts it') };
  }
  const alerts = own(body, 'alerts');
  if (!Array.isArray(alerts)) return { ok: false, problem: mismatch('alerts', alerts, 'a list of alerts') };
  return { ok: true, entries: alerts, truncated: truncatedIn(own(body, 'truncatedAlerts')) };
};
