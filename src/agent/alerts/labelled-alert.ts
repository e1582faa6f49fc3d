// Owns one alert of labels and annotations, as Alertmanager and Grafana both write it.
import { own } from '../../incident/own.ts';
import { type SafeText, safeText } from '../../incident/text.ts';
import type { AlertSource } from '../config/config.ts';
import { derivedFingerprint, givenFingerprint } from './fingerprint.ts';
import { type ForeignMap, firstText, isMap, mismatch, textOf } from './foreign-value.ts';
import type { ReadAlert } from './incoming-alert.ts';
import { severityWord } from './severity-word.ts';

const NO_MAP: ForeignMap = {};

/** What says which alert it is and whether it fires must be right; everything else is read as far as it goes. */
export const readLabelledAlert = (entry: unknown, source: AlertSource): ReadAlert => {
  if (!isMap(entry)) return { ok: false, problem: mismatch('the alert', entry, 'a map with status and labels') };
  const status = own(entry, 'status');
  const word = typeof status === 'string' ? status.trim().toLowerCase() : '';
  if (word !== 'firing' && word !== 'resolved') {
    return { ok: false, problem: mismatch('status', status, 'firing or resolved') };
  }
  const labels = own(entry, 'labels');
  if (!isMap(labels)) return { ok: false, problem: mismatch('labels', labels, 'a map of texts') };
  const fingerprint = own(entry, 'fingerprint') ?? '';
  if (typeof fingerprint !== 'string') return { ok: false, problem: mismatch('fingerprint', fingerprint, 'a text') };
  const service = firstText([...allOf(labels, source.serviceLabels), source.defaultService, 'unknown'], 64);
  const message = messageOf(entry, labels);
  return {
    ok: true,
    alert: {
      fingerprint:
        fingerprint.trim() === '' ? ofLabels(labels, [service, message]) : givenFingerprint(fingerprint.trim()),
      service,
      givenSeverity: severityWord(firstText(allOf(labels, source.severityLabels), 40), source),
      message,
      firing: word === 'firing',
    },
  };
};

const allOf = (map: ForeignMap, names: readonly string[]): readonly unknown[] => names.map((name) => own(map, name));

const messageOf = (entry: ForeignMap, labels: ForeignMap): SafeText => {
  const given = own(entry, 'annotations');
  const annotations = isMap(given) ? given : NO_MAP;
  const candidates = allOf(annotations, ['summary', 'description', 'message', 'title']);
  return firstText([...candidates, own(labels, 'alertname'), 'an alert without a name'], 200);
};

/** As Alertmanager does: the labels are the identity. Without any, what the alert is about has to do. */
const ofLabels = (labels: ForeignMap, about: readonly [service: string, message: string]): SafeText => {
  const texts = Object.entries(labels).flatMap(([name, value]): readonly (readonly [string, string])[] => {
    const text = textOf(value);
    return text === null ? [] : [[name, text]];
  });
  if (texts.length > 0) return derivedFingerprint(texts.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  const [service, message] = about;
  return derivedFingerprint([
    ['service', service],
    ['message', safeText(message)],
  ]);
};
