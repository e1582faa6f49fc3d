import { expect, it } from 'vitest';
import { severityOfAlert } from '../../../src/incident/policies/alert-severity.ts';

it.each([
  ['critical', 'SEV1', true],
  ['CRITICAL', 'SEV1', true],
  ['error', 'SEV2', true],
  [' Warning ', 'SEV3', true],
  ['info', 'SEV4', true],
  ['sev1', 'SEV1', true],
  ['SEV2', 'SEV2', true],
  ['sev3', 'SEV3', true],
  ['sev4', 'SEV4', true],
  ['p1', 'SEV1', true],
  ['P2', 'SEV2', true],
  ['p3', 'SEV3', true],
  ['p4', 'SEV4', true],
  ['P5', 'SEV4', true],
  ['page', 'SEV1', true],
  ['emergency', 'SEV1', true],
  ['Alert', 'SEV1', true],
  ['high', 'SEV2', true],
  ['HIGH', 'SEV2', true],
  ['ALARM', 'SEV2', true],
  ['medium', 'SEV3', true],
  ['low', 'SEV4', true],
  ['Notice', 'SEV4', true],
  ['Informational', 'SEV4', true],
  ['debug', 'SEV4', true],
  ['crtical', 'SEV3', false],
  ['', 'SEV3', false],
  ['p6', 'SEV3', false],
  ['1', 'SEV3', false],
  ['not known', 'SEV3', false],
  ['constructor', 'SEV3', false],
])('an alert that says "%s" is %s, known: %s', (given, severity, known) => {
  expect(severityOfAlert(given)).toEqual({ severity, known });
});
