// Owns turning the body a source posted into alerts: each of its own status, one for each fingerprint, none lost to a bad neighbour.
import type { AlertSource } from '../config/config.ts';
import { alertmanagerEntries } from './alertmanager.ts';
import { genericEntries, OUR_MAPPING, readGenericAlert } from './generic.ts';
import { grafanaEntries } from './grafana.ts';
import type { Entries, IncomingAlert, ReadAlert, ReadAlerts, SkippedAlert } from './incoming-alert.ts';
import { readLabelledAlert } from './labelled-alert.ts';

/** Reads a parsed JSON body. Alerts it cannot read are skipped with their problem; a body of another shape is refused as a whole. */
export const readAlerts = (source: AlertSource, body: unknown): ReadAlerts => {
  const { listed, read } = formatOf(source, body);
  if (!listed.ok) return listed;
  const byFingerprint = new Map<string, IncomingAlert>();
  const skipped: SkippedAlert[] = [];
  listed.entries.forEach((entry, index) => {
    const one = read(entry);
    if (one.ok) byFingerprint.set(one.alert.fingerprint, one.alert);
    else skipped.push({ index, problem: one.problem });
  });
  return { ok: true, alerts: [...byFingerprint.values()], skipped, truncated: listed.truncated };
};

interface Format {
  readonly listed: Entries;
  readonly read: (entry: unknown) => ReadAlert;
}

const formatOf = (source: AlertSource, body: unknown): Format => {
  switch (source.kind) {
    case 'alertmanager':
      return { listed: alertmanagerEntries(body), read: (entry) => readLabelledAlert(entry, source) };
    case 'grafana':
      return { listed: grafanaEntries(body), read: (entry) => readLabelledAlert(entry, source) };
    case 'generic': {
      const mapping = source.mapping ?? OUR_MAPPING;
      return { listed: genericEntries(body, mapping), read: (entry) => readGenericAlert(entry, source, mapping) };
    }
    default:
      return source.kind satisfies never;
  }
};
