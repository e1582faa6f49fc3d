// Owns what the severity words of alert sources mean here.
import type { Severity } from '../words.ts';

const MEANINGS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'SEV1'],
  ['error', 'SEV2'],
  ['warning', 'SEV3'],
  ['info', 'SEV4'],
  // Alertmanager's watchdog always fires, to show that it can.
  ['none', 'SEV4'],
  // Alertmanager rules often say whom to wake instead of how bad it is.
  ['page', 'SEV1'],
  // New Relic.
  ['high', 'SEV2'],
  ['medium', 'SEV3'],
  ['low', 'SEV4'],
  // Falco, after syslog.
  ['emergency', 'SEV1'],
  ['alert', 'SEV1'],
  ['notice', 'SEV4'],
  ['informational', 'SEV4'],
  ['debug', 'SEV4'],
  // CloudWatch knows only that there is an alarm.
  ['alarm', 'SEV2'],
  ['sev1', 'SEV1'],
  ['sev2', 'SEV2'],
  ['sev3', 'SEV3'],
  ['sev4', 'SEV4'],
  ['p1', 'SEV1'],
  ['p2', 'SEV2'],
  ['p3', 'SEV3'],
  ['p4', 'SEV4'],
  ['p5', 'SEV4'],
]);

/** The severity of a source's own word, in any case. A word in no table is SEV3 and not known: a typo must not silence a page. */
export const severityOfAlert = (given: string): { readonly severity: Severity; readonly known: boolean } => {
  const severity = MEANINGS.get(given.trim().toLowerCase());
  return severity === undefined ? { severity: 'SEV3', known: false } : { severity, known: true };
};
