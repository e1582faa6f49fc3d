// Owns bodies of any other shape: JSON pointers say where in them an alert has what.
import type { AlertMapping, AlertSource } from '../config/config.ts';
import { atPointer } from '../drivers/json-target.ts';
import { derivedFingerprint, givenFingerprint } from './fingerprint.ts';
import { firstText, mismatch, textOf } from './foreign-value.ts';
import type { Entries, ReadAlert } from './incoming-alert.ts';
import { severityWord } from './severity-word.ts';

/** Our own JSON: `{title, status?: firing|resolved, dedup_key?, severity?, service?}`, or a list of them. */
export const OUR_MAPPING: AlertMapping = {
  alerts: null,
  service: '/service',
  severity: '/severity',
  message: '/title',
  fingerprint: '/dedup_key',
  status: { pointer: '/status', cleared: ['resolved'] },
};

export const genericEntries = (body: unknown, { alerts }: AlertMapping): Entries => {
  if (alerts === null) return { ok: true, entries: Array.isArray(body) ? body : [body], truncated: 0 };
  const entries = atPointer(body, alerts);
  return Array.isArray(entries)
    ? { ok: true, entries, truncated: 0 }
    : { ok: false, problem: mismatch(named(alerts), entries, 'a list of alerts') };
};

/** Without a message there is nothing to show, without a readable status nothing to believe; the rest may be missing. */
export const readGenericAlert = (entry: unknown, source: AlertSource, mapping: AlertMapping): ReadAlert => {
  const at = (pointer: string | null): unknown => (pointer === null ? undefined : atPointer(entry, pointer));
  const status = at(mapping.status?.pointer ?? null) ?? '';
  const statusText = textOf(status);
  if (statusText === null) return wrong(mapping.status?.pointer, status, 'a text that says whether it fires');
  const firing = !isCleared(statusText, mapping);
  const given = at(mapping.fingerprint) ?? '';
  const fingerprint = textOf(given)?.trim();
  if (fingerprint === undefined) return wrong(mapping.fingerprint, given, 'a text that names the alert');
  const said = at(mapping.message);
  // What is over may come without words: its fingerprint says which it is.
  const message = firstText([said, !firing && fingerprint !== '' ? 'is over' : null], 200);
  if (message === '') return wrong(mapping.message, said, 'a text that says what is wrong');
  const service = firstText([at(mapping.service), source.defaultService, 'unknown'], 64);
  return {
    ok: true,
    alert: {
      fingerprint:
        fingerprint === ''
          ? derivedFingerprint([
              ['service', service],
              ['message', message],
            ])
          : givenFingerprint(fingerprint),
      service,
      givenSeverity: severityWord(firstText([at(mapping.severity)], 40), source),
      message,
      firing,
    },
  };
};

const isCleared = (status: string, { status: mapped }: AlertMapping): boolean =>
  mapped?.cleared.some((word) => word.trim().toLowerCase() === status.trim().toLowerCase()) ?? false;

const wrong = (pointer: string | null | undefined, value: unknown, expected: string): ReadAlert => ({
  ok: false,
  problem: mismatch(named(pointer ?? ''), value, expected),
});

const named = (pointer: string): string => (pointer === '' ? 'the body' : pointer);
