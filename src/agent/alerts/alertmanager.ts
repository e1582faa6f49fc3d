// Owns the body of Alertmanager's webhook, version "4". The group's own status says nothing about its members.
import { own } from '../../incident/own.ts';
import { isMap, mismatch, textOf } from './foreign-value.ts';
import type { Entries } from './incoming-alert.ts';

export const alertmanagerEntries = (body: unknown): Entries => {
  if (!isMap(body)) return { ok: false, problem: mismatch('the body', body, 'a map as Alertmanager posts it') };
  const version = own(body, 'version');
  if (textOf(version) !== '4') {
    const expected = '"4", as Alertmanager posts it (Grafana has a source of its own: grafana)';
    return { ok: false, problem: mismatch('version', version, expected) };
  }
  const alerts = own(body, 'alerts');
  if (!Array.isArray(alerts)) return { ok: false, problem: mismatch('alerts', alerts, 'a list of alerts') };
  return { ok: true, entries: alerts, truncated: truncatedIn(own(body, 'truncatedAlerts')) };
};

/** How many alerts the sender's own limit (`max_alerts`) cut off. */
export const truncatedIn = (given: unknown): number =>
  typeof given === 'number' && Number.isSafeInteger(given) && given > 0 ? given : 0;
