// Owns one example of each command that a person can give; the compiler wants a new one here, and so does the test of the schema.
import { type PersonCommandInput, personCommandSchema } from '../../src/incident/commands.ts';
import { MINUTE } from '../../src/incident/time.ts';

type Type = PersonCommandInput['type'];

const incident = 'INC-2026-0001';
const action = 'A1';

export const EVERY_COMMAND: { readonly [One in Type]: Extract<PersonCommandInput, { readonly type: One }> } = {
  declare: { type: 'declare', title: 'a title', services: ['checkout'], severity: 'SEV3' },
  'report-alert': {
    type: 'report-alert',
    source: 'hand',
    fingerprint: 'f',
    service: 'payments',
    givenSeverity: 'error',
    message: 'm',
    firing: true,
  },
  'set-severity': { type: 'set-severity', incident, severity: 'SEV2', reason: 'r' },
  'enter-phase': { type: 'enter-phase', incident, phase: 'containment' },
  'claim-role': { type: 'claim-role', incident, role: 'scribe' },
  'release-role': { type: 'release-role', incident, role: 'scribe' },
  'assign-role': { type: 'assign-role', incident, role: 'tech', person: 'zoe' },
  'set-duty': { type: 'set-duty', incident, role: 'scribe', duty: '1', done: true },
  silence: { type: 'silence', services: ['vault'], startsInMs: 0, forMs: MINUTE, reason: 'r' },
  'lift-silence': { type: 'lift-silence', silence: 'S1' },
  'test-contact': { type: 'test-contact', contact: 'nobody-at-all', channel: null },
  acknowledge: { type: 'acknowledge', incident },
  'add-note': { type: 'add-note', incident, text: 'a note' },
  'correct-note': { type: 'correct-note', incident, note: 'N1', text: 'another' },
  retitle: { type: 'retitle', incident, title: 'another title' },
  'change-services': { type: 'change-services', incident, services: ['checkout'] },
  'set-people': { type: 'set-people', incident, people: null },
  contain: { type: 'contain', incident, service: 'checkout', name: 'no-such-action', params: {}, arm: false },
  arm: { type: 'arm', action },
  disarm: { type: 'disarm', action },
  confirm: { type: 'confirm', action, typed: null },
  undo: { type: 'undo', action, arm: false },
  'let-go': { type: 'let-go', action, reason: 'r' },
  resolve: { type: 'resolve', incident },
  reopen: { type: 'reopen', incident, reason: 'r' },
  close: { type: 'close', incident, falseAlarm: false, reason: 'r' },
};

/** The types that the schema of the wire knows. */
export const schemaTypes = (): readonly string[] =>
  personCommandSchema.def.options.map((option) => String([...option.def.shape.type.def.values][0]));
